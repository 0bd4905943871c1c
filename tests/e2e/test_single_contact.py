"""The desk as the single point of contact, in a browser: a call at a local desk that goes up to the
central one and to a supplier; an order that a manager approves from his mail, to its survey."""

import re

import pytest
from django.core import mail

from core import outbox, preferences
from incidents.models import Incident
from people import actions as people
from people.models import SupportGroup
from servicedesk.models import Interaction, ServiceRequest, SurveyResponse
from servicedesk.notices import sending
from slm import work
from slm.models import Clock, SupplierReferral
from slm.terms import ClockKind
from tests import world as company
from tests.servicedesk.requests.shop import stocked

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def deliver():
    """What the sweeper does between two clicks."""
    while outbox.sweep_due():
        pass
    while sending.sweep_due():
        pass


def send_dialog(page):
    page.locator("dialog[open] form button[type=submit]").last.click()
    page.wait_for_selector("dialog[open]", state="detached")


@pytest.mark.feature("SD-01", "S-12")
def test_a_call_at_a_local_desk_goes_up_and_to_a_supplier(signed_in):
    world = company.build()
    company.promise(world, ("response", 4), ("resolution", 40), calendar=world.always)
    supplier = people.create_organization(
        by=None, code="NETCO", name_en="Net Company", name_zh="网络公司", kind="supplier"
    )
    company.promise(
        world, ("response", 1), ("resolution", 4), kind="uc", title="Lines", supplier=supplier,
        calendar=world.always,
    )  # fmt: skip
    SupportGroup.objects.filter(pk=world.local.pk).update(calendar=world.always)
    local, central = signed_in(world.local_agent), signed_in(world.agent)

    local.goto("/new/")
    local.fill("#id_caller", "zhangsan")
    local.click("#id_caller-list [role=option]")
    local.fill("#id_title", "The line to the plant is down")
    local.press("#id_title", "Control+Enter")
    local.wait_for_url("**/incidents/**")
    incident = Incident.objects.get()
    assert incident.owner_group == world.local

    local.goto(f"/incidents/{incident.number}/hand-up/")
    local.fill("main [name=reason]", "Nobody here may talk to the carrier.")
    local.click("main form button[type=submit]")
    local.wait_for_url(f"**/{incident.number}/**")
    deliver()
    incident = Incident.objects.get()
    assert (incident.owner_group, incident.assigned_group) == (world.central, world.central)

    central.goto(f"/records/{incident.number}/referrals/new/")
    central.fill("main input[role=combobox]", "Net")
    central.click("main [role=option]")
    central.fill("main [name=contact]", "noc@netco.example")
    central.fill("main [name=question]", "Is the line of the plant cut?")
    central.click("main form button[type=submit]")
    central.wait_for_load_state("networkidle")

    referral = SupplierReferral.objects.get()
    assert (referral.supplier, referral.record_id) == (supplier, incident.pk)
    assert Clock.objects.filter(clock_kind=ClockKind.UC, referral=referral.number).exists()
    central.goto("/coordination/")
    assert "Net Company" in central.inner_text("main")
    assert Interaction.objects.get().record_id == incident.pk


@pytest.mark.feature("SD-06", "SD-14", "CH-09")
def test_a_laptop_is_approved_from_the_mail_and_asked_about_at_the_end(
    signed_in, browser, live_server
):
    world = stocked(company.build())
    preferences.put("survey_percent", 100, by=None)
    user = signed_in(world.requester, locale="zh-CN")
    agent = signed_in(world.agent)

    user.goto("/portal/")
    user.fill("input[name=subject]", "申请电脑")
    user.click("#suggest a:has-text('笔记本电脑')")
    user.click("label:has-text('轻薄型')")
    user.click("#order form[method=post] button[type=submit].btn--primary")
    user.wait_for_url("**/sent/")
    deliver()

    asked = next(sent for sent in mail.outbox if sent.to == [world.owner.email])
    link = re.search(r"(/a/\S+?/)(?=\s|$)", asked.body)[1]
    context = browser.new_context(base_url=live_server.url)
    page = context.new_page()
    page.goto(link)
    page.click("button[name=vote][value=approve]")
    page.wait_for_selector("text=Your answer is noted")
    page.goto(link)
    page.wait_for_selector("text=This is decided")
    context.close()
    deliver()

    made = ServiceRequest.objects.get()
    assert made.state in {"approved", "in_fulfilment"}
    for task in made.tasks.filter(is_mandatory=True).order_by("seq"):
        work.move_task(task, "complete", by=world.agent)
    agent.goto(f"/requests/{made.number}/")
    agent.click("#act-fulfil")
    agent.fill("#dlg textarea[name=resolution]", "已放在您的桌上")
    send_dialog(agent)
    deliver()
    user.goto(f"/portal/requests/{made.number}/")
    user.click("#confirm form button.btn--primary >> nth=0")
    user.wait_for_selector("#confirm form button.btn--primary", state="detached")
    deliver()

    made = ServiceRequest.objects.get()
    assert made.state == "closed"
    told = [sent for sent in mail.outbox if sent.to == [world.requester.email]]
    survey = next(sent for sent in told if "/s/" in sent.body)
    context = browser.new_context(base_url=live_server.url, locale="zh-CN")
    page = context.new_page()
    page.goto(re.search(r"(/s/\S+?/5/)", survey.body)[1])
    page.wait_for_selector("#survey [name=comment]")
    context.close()
    assert SurveyResponse.objects.get().score == 5
