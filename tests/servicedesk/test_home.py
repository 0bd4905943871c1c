"""The start page and an agent's own work."""

from datetime import timedelta

import pytest

from records.models import Task
from tests.servicedesk.queue_world import sign_in, world  # noqa: F401

pytestmark = pytest.mark.django_db


def test_the_start_page_leads_agents_to_their_work(world, sign_in):  # noqa: F811
    assert sign_in(world.agent).get("/").url == "/home/"


def test_an_agent_sees_what_is_before_them(world, sign_in):  # noqa: F811
    world.ticket("later", due=200, assignee=world.agent)
    late = world.ticket("late", due=-5, assignee=world.agent)
    world.ticket("asked", assignee=world.agent, unanswered_since=world.now)
    world.ticket("of somebody else", assignee=world.colleague)
    world.ticket("free")
    Task.objects.create(number="TSK-000001", record_id=late.pk, title="Call back",
                        assignee=world.agent, due_at=world.now - timedelta(hours=1))  # fmt: skip

    page = sign_in(world.agent).get("/home/")

    assert [row.title for row in page.context["tickets"].rows] == ["late", "later", "asked"]
    assert [row.title for row in page.context["waiting"].rows] == ["asked"]
    assert [task.title for task in page.context["tasks"]] == ["Call back"]
    assert [value for _, value, *_ in page.context["stats"]] == ["3", "1", "0", "1", "1"]
    text = page.content.decode()
    assert "of somebody else" not in text
    assert "Waiting for my approval" not in text


def test_an_agent_without_work_is_shown_where_some_is(world, sign_in):  # noqa: F811
    text = sign_in(world.agent).get("/home/").content.decode()

    assert "Nothing is assigned to you" in text


def test_tasks_of_hidden_records_stay_hidden(world, sign_in):  # noqa: F811
    secret = world.ticket("secret", confidentiality="security")
    Task.objects.create(
        number="TSK-000002", record_id=secret.pk, title="Hidden step", assignee=world.agent
    )

    assert "Hidden step" not in sign_in(world.agent).get("/home/").content.decode()
