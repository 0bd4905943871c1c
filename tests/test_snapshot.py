"""A world that is put back is the world that was built: same rows, fresh objects, keys that go on."""

import pytest
from django.db import connection, transaction

from people.models import Person
from records.models import PendingReason
from tests import snapshot
from tests import world as company

pytestmark = pytest.mark.django_db


def rows_after(make):
    """{table: number of rows} after `make`, which is undone; and what it gave."""
    given = []
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            given.append(make())
            cursor.execute(snapshot.TABLES)
            found = snapshot.contents(cursor, dict(cursor.fetchall()))
            raise snapshot.Undo
    except snapshot.Undo:
        return {table: len(lines) for table, lines in found.items()}, given[0]


def test_what_is_put_back_has_as_many_rows_everywhere_as_what_was_built():
    built, _world = rows_after(company.build)
    put_back, _world = rows_after(lambda: snapshot.restored(company.build))

    assert put_back == built


def test_each_test_gets_objects_of_its_own():
    _rows, first = rows_after(lambda: snapshot.restored(company.build))
    first.agent.name = "Somebody else"

    _rows, second = rows_after(lambda: snapshot.restored(company.build))

    assert second.agent.name == "Jonas Weber"
    assert second.agent.pk == first.agent.pk


def test_new_rows_get_keys_behind_those_put_back_in_a_new_copy_too():
    rows_after(lambda: snapshot.restored(company.build))
    with connection.cursor() as cursor:  # as a new copy of the database counts
        cursor.execute("SELECT setval('people_person_id_seq', 1), setval('cmdb_ci_id_seq', 1)")

    world = snapshot.restored(company.build)
    made = company.person(world, "NEW", "New")
    service = company.service(world, "NEW", "New", world.owner)

    assert made.pk > max(Person.objects.exclude(pk=made.pk).values_list("pk", flat=True))
    assert service.ci.number not in {world.erp.ci.number, world.mail.ci.number}


def test_a_builder_that_changes_rows_is_refused():
    def changes():
        PendingReason.objects.update(name_en="Changed")

    with pytest.raises(AssertionError, match="records_pendingreason"):
        snapshot.Snapshot(changes)
