"""Bell, list, sender and mail settings find their notices by an index, however many there are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.paging import paginate
from itsm import health
from records.models import Notification
from servicedesk.notices import inbox, repair, sending
from servicedesk.views import outgoing
from tests.servicedesk.queue_world import world  # noqa: F401

pytestmark = pytest.mark.django_db
Status = Notification.Status
PLENTY = """
INSERT INTO records_notification (person_id, channel, template, data, dedup_key, message_id, status,
    reason, attempts, fence, recipient, subject, locked_until, created_at, read_at, sent_at)
SELECT (%(people)s::bigint[])[1 + n %% 5], channel, 'escalation', '{}', channel || n, '',
    CASE WHEN channel = 'in_app' OR n %% 200 > 2 THEN 'sent'
         ELSE (ARRAY['pending', 'claimed', 'dead'])[1 + n %% 200] END,
    CASE WHEN n %% 50 = 0 THEN 'digest' ELSE '' END, 0, 0, '', '',
    now() - n * interval '1 min', now() - n * interval '1 min',
    CASE WHEN channel = 'in_app' AND n %% 100 > 0 THEN now() END, now() - n * interval '1 min'
FROM generate_series(1, 6000) n, (VALUES ('in_app'), ('email')) c (channel)
"""


@pytest.fixture
def desk(world):  # noqa: F811
    people = [world.agent, world.colleague, world.engineer, world.requester, world.stranger]
    with connection.cursor() as cursor:
        cursor.execute(PLENTY, {"people": [person.pk for person in people]})
        cursor.execute("ANALYZE records_notification")
    return world


def due_of(person):
    return sending._due().first()


def companions_of(person):
    row = Notification.objects.filter(channel="email", status=Status.PENDING).first()
    return sending._companions(row, template="escalation")


def page_of(person, status):
    return paginate(outgoing.narrowed(repair.mails_for(person), status, ""), order=("-pk",))


ASKED = {
    "the bell": (inbox.unread_count, "notification_unread"),
    "the list": (
        lambda person: paginate(inbox.for_list(person), order=inbox.ORDER, size=30),
        "notification_in_page",
    ),
    "the sender": (due_of, "notification_due"),
    "what goes along": (companions_of, "notification_waiting"),
    "the last digest": (sending._last_digest, "notification_digest"),
    "mails given up": (lambda person: page_of(person, Status.DEAD), "notification_open_mail"),
    "how many wait": (
        lambda person: outgoing.count(repair.mails_for(person), Status.PENDING),
        "notification_open_mail",
    ),
    "the health page": (lambda person: health.notifications(), "notification_open_mail"),
}


def nodes_of(plan):
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes_of(below)


def plan_of(ask, person):
    """The plan's nodes of the last thing that `ask` asks of the notices."""
    with CaptureQueriesContext(connection) as asked:
        ask(person)
    found = [q["sql"] for q in asked.captured_queries if 'FROM "records_notification"' in q["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {found[-1]}")
        return list(nodes_of(cursor.fetchone()[0][0]["Plan"]))


@pytest.mark.parametrize("name", ASKED)
def test_is_answered_by_an_index_of_its_own(desk, name):
    ask, index = ASKED[name]

    nodes = plan_of(ask, desk.agent)

    assert index in {node.get("Index Name") for node in nodes}
    assert "records_notification" not in {
        node.get("Relation Name") for node in nodes if node["Node Type"] == "Seq Scan"
    }


def test_the_first_page_of_the_list_needs_no_sorting(desk):
    ask, _index = ASKED["the list"]

    nodes = plan_of(ask, desk.agent)

    assert "Sort" not in {node["Node Type"] for node in nodes}
