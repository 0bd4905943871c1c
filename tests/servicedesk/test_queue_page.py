"""The queue as a page: lanes, rows, counts, filters in the address, what it costs."""

import pytest
from django.core.cache import cache
from django.test.utils import CaptureQueriesContext
from django.db import connection

from tests.servicedesk.queue_world import sign_in, titles, world  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.mark.feature("SD-20")
def test_the_queue_stands_in_lanes_of_urgency(world, sign_in):  # noqa: F811
    world.ticket("no promise")
    world.waiting("paused")
    world.ticket("later", due=300)
    world.ticket("soon", due=30)
    world.ticket("late", due=-5)

    page = sign_in(world.agent).get("/queue/?view=team")

    assert titles(page) == ["late", "soon", "later", "paused", "no promise"]
    assert [band.key for band in page.context["page"].bands] == [
        "breached", "soon", "later", "paused", "none",
    ]  # fmt: skip
