"""A condition as SQL that is made once and then used in many statements.

The ORM makes the SQL of a condition anew for each statement; a rule with subqueries costs more than
all the rest of a short statement. Only for conditions on the columns of one table, without a join.
"""

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import connection
from django.db.models import BooleanField, Func, Q


def prepared(queryset, column):
    """The condition of `queryset` as a Q for any QuerySet over the same table, or over one that
    inherits from it. `column` names a column of that table, to find it by in a statement.

    Raises ValueError where the condition joins another table.
    """
    query = queryset.query
    if sum(count > 0 for count in query.alias_refcount.values()) > 1:
        raise ValueError("A prepared condition stands on one table.")
    try:
        sql, params = query.where.as_sql(query.get_compiler(connection=connection), connection)
    except EmptyResultSet:
        return Q(pk__in=[])
    except FullResultSet:
        return Q()
    own = f"{connection.ops.quote_name(query.get_initial_alias())}."
    return Q(Prepared(column, pieces=tuple(f"({sql})".split(own)), params=tuple(params)))


class Prepared(Func):
    """SQL in pieces; between them stands the name that the table has in the statement."""

    conditional = True
    output_field = BooleanField()

    def __init__(self, column, *, pieces, params):
        super().__init__(column)
        self.pieces, self.params = pieces, params

    def as_sql(self, compiler, _connection, **_extra):
        alias = compiler.quote_name_unless_alias(self.source_expressions[0].alias)
        return f"{alias}.".join(self.pieces), list(self.params)
