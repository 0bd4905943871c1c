"""A laptop is ordered in Chinese in a browser, approved, prepared, handed over and confirmed."""

import pytest
from django.test import Client

from records import approvals
from records.models import Approval
from servicedesk.models import ServiceRequest
from slm import work
from tests.servicedesk.requests.shop import stocked
from tests.world import build

pytestmark = pytest.mark.django_db(transaction=True)


def page_of(browser, live_server, person):
    client = Client()
    client.force_login(person, backend="people.backends.PersonBackend")
    context = browser.new_context()
    context.add_cookies([
        {"name": name, "value": morsel.value, "url": live_server.url}
        for name, morsel in client.cookies.items()
    ])  # fmt: skip
    return context.new_page()


@pytest.mark.feature("SD-06", "SD-08", "SD-12")
def test_a_laptop_from_order_to_confirmation(browser, live_server):
    world = stocked(build())
    page = page_of(browser, live_server, world.requester)
    page.goto(f"{live_server.url}/portal/")
    page.fill("input[name=subject]", "申请电脑")
    page.click("#suggest a:has-text('笔记本电脑')")
    assert page.locator("[data-question=why]").is_hidden()

    page.click("label:has-text('高性能')")
    page.wait_for_selector("[data-question=why]:visible")
    page.fill("textarea[name=q_why]", "需要运行大型报表")
    page.click("#order form[method=post] button[type=submit].btn--primary")
    page.wait_for_url("**/sent/")

    made = ServiceRequest.objects.get()
    assert made.state == "awaiting_approval"
    approvals.answer(Approval.objects.get(), by=world.owner, vote="approve")
    for task in made.tasks.filter(is_mandatory=True).order_by("seq"):
        work.move_task(task, "complete", by=world.agent)
    desk = page_of(browser, live_server, world.agent)
    desk.goto(f"{live_server.url}/requests/{made.number}/")
    desk.click("#act-fulfil")
    desk.fill("#dlg textarea[name=resolution]", "已放在您的桌上")
    desk.click("#dlg .btn--primary")
    desk.wait_for_load_state("networkidle")

    page.goto(f"{live_server.url}/portal/requests/{made.number}/")
    page.click("#confirm form button.btn--primary >> nth=0")
    page.wait_for_load_state("networkidle")

    made = ServiceRequest.objects.get()
    assert made.form_data["why"]["value"] == "需要运行大型报表"
    assert made.state == "closed"
