"""The main job, in a browser: reported in Chinese, taken, asked back, answered, resolved, rejected
once, confirmed; the mails are right, the clock's explanation adds up, and the proof passes."""

import io

import pytest
from django.core import mail
from django.core.management import call_command

from core import outbox
from incidents.models import Incident
from servicedesk.notices import sending
from slm.api import clocks_of, facts
from slm.models import Clock
from tests import world as company

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def deliver():
    """What the sweeper does between two clicks."""
    while outbox.sweep_due():
        pass
    while sending.sweep_due():
        pass


def clock(metric="resolution"):
    return Clock.objects.get(metric=metric, clock_kind="sla", cycle=0)


def resolve(page, number, text):
    page.goto(f"/incidents/{number}/")
    page.click("#act-resolve, .bar__acts a:has-text('Resolve')")
    dialog = page.locator("dialog[open]")
    dialog.locator("[name=resolution]").fill(text)
    dialog.locator("[name=closure_code]").select_option(label="Solved permanently")
    dialog.locator("form button[type=submit]").last.click()
    page.wait_for_selector(".rec-head .chip:has-text('Resolved')")


@pytest.mark.feature("SD-12")
@pytest.mark.feature("IN-09")
def test_from_a_report_in_chinese_to_a_confirmed_closure(signed_in):
    world = company.build()
    company.promise(
        world, ("response", 4), ("update", 8), ("resolution", 40), calendar=world.always
    )
    user, agent = signed_in(world.requester, locale="zh-CN"), signed_in(world.agent)

    user.goto("/portal/report/")
    user.fill("[name=subject]", "无法登录 VPN：提示证书已过期")
    user.fill("[name=details]", "在家办公时连接 VPN，提示证书已过期。")
    user.locator("[name=stops]").nth(1).check(force=True)
    user.click("form.form button.btn--primary")
    user.wait_for_url("**/sent/")
    incident = Incident.objects.get()
    deliver()

    agent.goto("/queue/?phase=any")
    agent.click(f"#l{incident.pk}")
    agent.wait_for_url(f"**/{incident.number}/**")
    agent.click(".bar__acts form button, .bar__acts a:has-text('Start')")
    agent.wait_for_selector(".rec-head .chip:has-text('In progress')")
    deliver()

    agent.goto(f"/incidents/{incident.number}/hold/?reason=wait_customer")
    agent.fill("[name=message]", "请问证书是什么时候到期的？")
    agent.click("main form button[type=submit]")
    agent.wait_for_selector(".rec-head .chip:has-text('Waiting')")
    assert clock().state == "paused"
    deliver()

    user.goto(f"/portal/requests/{incident.number}/")
    user.fill("#reply_body", "昨天到期的。")
    user.click("#reply button[type=submit]")
    user.wait_for_selector("text=昨天到期的。")
    assert clock().state == "running"
    deliver()

    Incident.objects.filter(pk=incident.pk).update(service=world.mail)
    resolve(agent, incident.number, "证书已更新。")
    deliver()
    user.goto(f"/portal/requests/{incident.number}/")
    user.click("#reject > summary")
    user.fill("#reject [name=reason]", "还是提示过期。")
    user.click("#reject button[type=submit]")
    user.wait_for_selector("text=还是提示过期。")
    deliver()
    resolve(agent, incident.number, "重新签发了证书。")
    deliver()
    user.goto(f"/portal/requests/{incident.number}/")
    user.click("#confirm button.btn--primary")
    user.wait_for_selector("#confirm", state="detached")
    deliver()

    incident = Incident.objects.get()
    assert (incident.state, incident.reopen_count) == ("closed", 1)
    assert incident.closure_via == "customer_confirmed"
    for found in clocks_of(incident):
        shown = facts(found, incident.closed_at)
        counted = sum(part["seconds"] for part in shown["segments"] if part["kind"] == "running")
        assert counted == shown["elapsed_seconds"]
    call_command("prove_clocks", stdout=io.StringIO())
    to_user = [sent for sent in mail.outbox if sent.to == [world.requester.email]]
    assert len(to_user) >= 4
    for sent in mail.outbox:
        assert incident.number in sent.subject
        assert sent.to in ([world.requester.email], *_staff(world))
    assert any("证书" in sent.body for sent in to_user)
    assert all(
        sent.extra_headers.get("Content-Language", "zh").startswith("zh") for sent in to_user
    )


def _staff(world):
    people = [world.agent, world.agent2, world.local_agent, world.specialist, world.lead,
              world.desk_manager, world.incident_manager, world.owner, world.manager]  # fmt: skip
    return [[person.email] for person in people]
