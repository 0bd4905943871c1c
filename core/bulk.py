"""Many rows in one statement, for what is written thousands of times in a row.

`bulk_create` compiles each value of each row anew, which costs more than the insert itself. Keys,
checks and triggers of the database hold here as there. Not for models with a parent table, nor
for fields that make their value when they are saved (auto_now).
"""

import json
from functools import cache

from django.db import connection
from django.db.models import JSONField
from django.db.models.expressions import DatabaseDefault
from django.db.models.sql import InsertQuery
from psycopg2.extensions import AsIs

DEFAULT = AsIs("DEFAULT")


def insert(rows, *, ignore_conflicts=False):
    """Write unsaved objects of one model in one statement. Returns them.

    They get their keys, except with `ignore_conflicts`, where a row that is there already is left
    as it is. A value may be an expression such as Now(); one object of it is compiled once.
    Errors: what the database raises, as Django's classes.
    """
    if not rows:
        return rows
    model = type(rows[0])
    head, fields = _columns(model)
    end = " ON CONFLICT DO NOTHING" if ignore_conflicts else f" RETURNING {_key(model)}"
    with connection.cursor() as cursor:
        ready = _Ready(model, cursor)
        values = [
            [ready.json(row.__dict__[name]) if is_json else ready(row.__dict__[name])
             for name, is_json in fields]
            for row in rows
        ]  # fmt: skip
        execute(cursor, f"{head} VALUES %s{end}", values)
        keys = () if ignore_conflicts else cursor.fetchall()
    for row, (pk,) in zip(rows, keys, strict=not ignore_conflicts):
        row.pk, row._state.adding, row._state.db = pk, False, connection.alias
    return rows


def execute(cursor, statement, rows, template=None):
    """Run a statement with these rows, of which there is at least one, as its `VALUES %s`."""
    template = template or f"({', '.join(['%s'] * len(rows[0]))})"
    listed = ", ".join([template] * len(rows))
    cursor.execute(
        statement.replace("VALUES %s", f"VALUES {listed}", 1), [v for row in rows for v in row]
    )


class _Ready:
    """Values as the statement takes them."""

    def __init__(self, model, cursor):
        self.model, self.cursor, self.compiled = model, cursor, {}

    def __call__(self, value):
        if isinstance(value, DatabaseDefault):
            return DEFAULT
        if hasattr(value, "resolve_expression"):
            return self._sql(value)
        return value

    def json(self, value):
        return json.dumps(value)

    def _sql(self, expression):
        if id(expression) not in self.compiled:
            query = InsertQuery(self.model)
            resolved = expression.resolve_expression(query, allow_joins=False, for_save=True)
            sql, values = query.get_compiler(connection=connection).compile(resolved)
            self.compiled[id(expression)] = AsIs(self.cursor.mogrify(sql, values).decode())
        return self.compiled[id(expression)]


@cache
def _columns(model):
    """The beginning of the statement, and [(attribute, whether it is JSON)] of its columns."""
    fields = [
        field
        for field in model._meta.local_concrete_fields
        if not field.primary_key and not field.generated
    ]
    quote = connection.ops.quote_name
    names = ", ".join(quote(field.column) for field in fields)
    head = f"INSERT INTO {quote(model._meta.db_table)} ({names})"
    return head, [(field.attname, isinstance(field, JSONField)) for field in fields]


def _key(model):
    return connection.ops.quote_name(model._meta.pk.column)
