"""Many rows in one statement: what bulk_create would have written, without its price."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from core import bulk, time
from core.models import Message
from records.models import Notification

pytestmark = pytest.mark.django_db


def letter(person, key, **fields):
    return Notification(
        person=person, channel="email", template="escalation", dedup_key=key, **fields
    )


def test_rows_are_as_bulk_create_writes_them_and_know_their_keys():
    payload = {"text": "100 % \\ 'quoted' 中文", "number": 1}
    made = [Message(verb="a", payload=payload), Message(verb="b", handled_at=Now())]
    by_django = Message.objects.bulk_create([Message(verb="c", payload=payload)])[0]

    bulk.insert(made)

    first, second = (Message.objects.get(pk=row.pk) for row in made)
    by_django.refresh_from_db()
    assert (first.verb, first.payload) == ("a", by_django.payload)
    assert first.handled_at is None
    assert second.payload == {}
    assert abs(second.handled_at - time.now()) < timedelta(minutes=1)
    assert abs(first.created_at - by_django.created_at) < timedelta(minutes=1)
    assert not made[0]._state.adding


def test_a_row_that_is_there_already_stays_as_it_is_where_that_is_asked_for(world):
    bulk.insert([letter(world.agent, "one", subject="first")])

    bulk.insert(
        [
            letter(world.agent, "one", subject="second"),
            letter(world.agent, "two", locked_until=Now() + timedelta(hours=1)),
        ],
        ignore_conflicts=True,
    )

    assert dict(Notification.objects.values_list("dedup_key", "subject")) == {
        "one": "first", "two": "",
    }  # fmt: skip
    assert Notification.objects.get(dedup_key="two").locked_until > time.now()


def test_a_rule_of_the_database_is_broken_loudly(world):
    bulk.insert([letter(world.agent, "one")])

    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.insert([letter(world.agent, "one")])


def test_nothing_is_asked_for_no_rows(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert bulk.insert([]) == []
