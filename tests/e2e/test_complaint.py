"""A complaint to its answer, in a browser: complained in Chinese about a request, reviewed, answered,
not content, one level up, answered anew, closed; and the survey link of the mail, clicked once."""

import re

import pytest
from django.core import mail

from core import outbox, preferences
from incidents.actions import lifecycle, opening
from records.models import ClosureCode
from servicedesk.models import Feedback, SurveyResponse
from servicedesk.notices import sending
from tests import world as company

pytestmark = [
    pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.feature("SD-14"),
]  # fmt: skip


def deliver():
    """What the sweeper does between two clicks."""
    while outbox.sweep_due():
        pass
    while sending.sweep_due():
        pass


def finished_request(world):
    incident = opening.open_incident(
        by=world.requester, requester=world.requester, title="VPN 无法连接", service=world.erp
    )
    incident = lifecycle.start(incident, by=world.agent)
    incident = lifecycle.resolve(
        incident, by=world.agent, resolution="证书已更新。",
        closure_code=ClosureCode.objects.order_by("pk").first(),
    )  # fmt: skip
    return lifecycle.confirm(incident, by=world.requester)


def answer(page, number, text, outcome):
    page.goto(f"/feedback/{number}/")
    page.click("#act-answer")
    dialog = page.locator("dialog[open]")
    dialog.locator(f"[name=outcome][value={outcome}]").check(force=True)
    dialog.locator("[name=answer]").fill(text)
    dialog.locator("form button[type=submit]").last.click()
    page.wait_for_selector(".rec-head .chip:has-text('Answered')")


def test_a_complaint_to_its_answer(signed_in, browser, live_server):
    world = company.build()
    preferences.put("survey_percent", 100, by=None)
    incident = finished_request(world)
    deliver()
    user = signed_in(world.requester, locale="zh-CN")
    manager, above = signed_in(world.desk_manager), signed_in(world.manager)

    user.goto(f"/portal/requests/{incident.number}/")
    user.click(f"a[href*='/portal/feedback/?about={incident.number}']")
    user.locator("[name=feedback_kind][value=complaint]").check(force=True)
    user.fill("[name=title]", "等了三天没有人回电")
    user.fill("[name=description]", "打了两次电话，都说会回电。")
    user.locator("[name=severity][value='2']").check(force=True)
    user.click("form.form button.btn--primary")
    user.wait_for_url("**/sent/")
    found = Feedback.objects.get()
    assert found.about_record_id == incident.pk
    deliver()

    manager.goto("/queue/?kind=feedback&phase=any")
    manager.click(f"#l{found.pk}")
    manager.wait_for_url(f"**/{found.number}/**")
    manager.click("#act-review")
    manager.locator("dialog[open] form button[type=submit]").last.click()
    manager.wait_for_selector(".rec-head .chip:has-text('Under review')")
    answer(manager, found.number, "非常抱歉，我们漏掉了回电。", "justified")
    deliver()

    user.goto(f"/portal/requests/{found.number}/")
    user.wait_for_selector("text=非常抱歉，我们漏掉了回电。")
    user.click("#reject > summary")
    user.fill("#reject [name=reason]", "这不是第一次了。")
    user.click("#reject button[type=submit]")
    user.wait_for_selector("text=这不是第一次了。")
    found = Feedback.objects.get()
    assert (found.state, found.owner) == ("under_review", world.manager)
    deliver()

    answer(above, found.number, "我们改了流程：每天检查回电。", "justified")
    deliver()
    user.goto(f"/portal/requests/{found.number}/")
    user.click("#confirm button.btn--primary")
    user.wait_for_selector("#confirm button.btn--primary", state="detached")
    deliver()

    found = Feedback.objects.get()
    assert (found.state, found.level, found.reopen_count) == ("closed", 2, 1)
    told = [sent for sent in mail.outbox if sent.to == [world.requester.email]]
    assert any("我们改了流程" in sent.body for sent in told)

    survey = next(sent for sent in told if "/s/" in sent.body)
    link = re.search(r"(/s/\S+?/4/)", survey.body)[1]
    stranger = browser.new_context(base_url=live_server.url, locale="zh-CN").new_page()
    stranger.goto(link)
    stranger.wait_for_selector("#survey [name=comment]")
    noted = SurveyResponse.objects.get()
    assert (noted.score, noted.comment) == (4, "")
    stranger.fill("[name=comment]", "很快，谢谢！")
    stranger.click("#survey form button[type=submit]")
    stranger.wait_for_load_state("networkidle")
    stranger.context.close()

    assert SurveyResponse.objects.get().comment == "很快，谢谢！"
    assert incident.timeline.filter(verb="survey.answered").count() == 2
