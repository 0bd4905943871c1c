"""The portal and the call's screen in a real browser: axe, width, console; and typing with scripts.

SHOTS=folder keeps a picture of every page that is opened.
"""

import os
from pathlib import Path

import pytest
from django.urls import reverse

from cmdb.models import CI, CIClass, CIUse
from incidents.actions import major, messages
from incidents.models import Incident
from people.models import Person
from records.files import keep
from servicedesk.calls import actions
from tests import snapshot
from tests.axe import findings, listen
from tests.servicedesk.test_portal import page as address
from tests.servicedesk.test_portal import png, report, share, stories
from tests.world import build, promise

# The first look is read whole, the second for what language, theme and width may change; the portal's
# first page is read in the other two by tests/e2e/test_axe.py.
LOOKS = [("en", "light", 1440), ("zh-hans", "dark", 390)]

pytestmark = pytest.mark.browser


@pytest.fixture
def company(transactional_db, settings, session_documents):
    settings.MEDIA_ROOT = session_documents
    return snapshot.restored(busy)


def busy():
    """The company with a request in each place where one can stand, and calls."""
    world = build()
    promise(world, ("response", 1), ("update", 4), ("resolution", 8), calendar=world.always)
    share(world.sales)
    world.made = stories(world)
    asked, large = world.made[3], world.made[9]
    keep(png("屏幕截图.png"), record=asked, entry=asked.timeline.seen_by_requester().first(),
         by=world.requester, is_internal=False)  # fmt: skip
    messages.reply(world.made[2], by=world.agent, body="See http://example.com/page\n\n第二行")
    major.broadcast(
        large, by=world.incident_manager, body="Webmail works meanwhile. 网页邮箱可用。"
    )
    report(world, title="Printer on floor 3", by=world.colleague, requester=world.colleague)
    laptop = CI.objects.create(
        number="CI-900002", name="LT-0077", ci_class=CIClass.objects.usable().first(), state="live",
        organization=world.sales, owner=world.owner, managed_by=world.second_line,
    )  # fmt: skip
    CIUse.objects.create(ci=laptop, person=world.requester)
    kept = {"by": world.agent, "channel": "phone"}
    actions.discard(token="1", outcome="info_given", person=world.requester, **kept)
    world.call = actions.keep(token="2", caller_text="王女士", subject="VPN", **kept)
    return world


def open_as(browser, live_server, client, person, *, theme="light", width=1440):
    client.force_login(person, backend="people.backends.PersonBackend")
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=theme, base_url=live_server.url
    )
    cookie = client.cookies["session"].value
    context.add_cookies([{"name": "session", "value": cookie, "url": live_server.url}])
    page = context.new_page()
    page.complaints = listen(page)
    return page


@pytest.mark.parametrize(("locale", "theme", "width"), LOOKS)
def test_portal_and_calls_are_readable_by_everybody(
    browser, live_server, client, company, locale, theme, width
):
    Person.objects.update(locale=locale)
    made = company.made
    for_requester = {
        "home": reverse("portal:home"),
        "report": reverse("portal:report") + "?subject=two two",
        "requests": reverse("portal:requests") + "?show=all&whose=every",
        "empty": reverse("portal:requests") + "?q=nothing",
        "new": address(made[0].number), "worked": address(made[2].number),
        "asked": address(made[3].number), "solved": address(made[5].number),
        "closed": address(made[6].number), "sent": address(made[0].number, "sent"),
    }  # fmt: skip
    for_agent = {
        "call": reverse("servicedesk:new") + f"?person={company.requester.pk}",
        "calls": reverse("servicedesk:calls"),
        "one-call": reverse("servicedesk:call", args=[company.call.number]),
    }
    wrong = []

    for who, pages in ((company.requester, for_requester), (company.agent, for_agent)):
        person = Person.objects.get(pk=who.pk)
        page = open_as(browser, live_server, client, person, theme=theme, width=width)
        for name, url in pages.items():
            page.goto(url)
            if name == "call":
                page.fill("#id_title", "three three")
                page.wait_for_selector("#decision .ask")
            wrong += [(name, *one) for one in findings(page, only_look=width == 390)]
            if folder := os.environ.get("SHOTS"):
                Path(folder).mkdir(parents=True, exist_ok=True)
                path = f"{folder}/{name}-{locale}-{theme}-{width}.png"
                page.screenshot(path=path, full_page=True)
        wrong += [("console", said) for said in page.complaints]
        page.context.close()

    assert wrong == []


def test_a_report_by_script_keeps_text_and_files_when_refused_and_is_sent_once(
    browser, live_server, client, company
):
    before = Incident.objects.count()
    page = open_as(browser, live_server, client, company.colleague)
    page.goto(reverse("portal:report"))
    page.fill("#id_details", "long story")
    page.set_input_files(
        "[data-upload]", {"name": "s.png", "mimeType": "image/png", "buffer": png().read()}
    )

    page.click("#report button[type=submit]")
    page.wait_for_selector(".error-box")
    kept = page.evaluate("document.querySelector('[data-upload]').files.length")
    text = page.input_value("#id_details")
    page.fill("#id_subject", "It does not print")
    page.check("input[name=stops][value=slower]")
    page.dblclick("#report button[type=submit]")
    page.wait_for_url("**/sent/")

    made = Incident.objects.latest("pk")
    draft = page.evaluate("Object.keys(localStorage).filter(k => k.includes('portal-report'))")
    page.context.close()
    assert (kept, text) == (1, "long story")
    assert Incident.objects.count() == before + 1
    assert made.documents.count() == 1
    assert draft == []


def test_a_draft_of_an_answer_survives_leaving_the_page_and_ends_when_it_is_sent(
    browser, live_server, client, company
):
    asked = company.made[3]
    page = open_as(browser, live_server, client, company.requester)
    page.goto(address(asked.number))
    page.fill("#reply_body", "第一个用户")
    page.wait_for_timeout(600)
    page.goto(reverse("portal:home"))
    page.goto(address(asked.number))
    kept = page.input_value("#reply_body")

    page.press("#reply_body", "Control+Enter")
    page.wait_for_selector(".feed >> text=第一个用户")

    left = page.input_value("#reply_body")
    shown = page.inner_text(".feed")
    page.context.close()
    assert (kept, left) == ("第一个用户", "")
    assert "第一个用户" in shown
    assert Incident.objects.get(pk=asked.pk).state == "in_progress"


def test_a_call_is_taken_by_keyboard_alone(browser, live_server, client, company):
    page = open_as(browser, live_server, client, company.agent)
    page.goto(reverse("servicedesk:new"))
    is_first = page.evaluate("document.activeElement.id")

    page.keyboard.type("zhangsan")
    page.wait_for_selector("#id_caller-list [role=option]")
    page.keyboard.press("Enter")
    page.wait_for_selector("#card .dl")
    card = page.inner_text("#card")
    page.keyboard.press("Tab")
    page.keyboard.type("Nothing works at all")
    page.wait_for_selector("#decision >> text=CALL-")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: "/new/" not in url)

    made = Incident.objects.latest("pk")
    page.context.close()
    assert is_first == "id_caller"
    assert "LT-0077" in card
    assert (made.title, made.requester) == ("Nothing works at all", company.requester)
