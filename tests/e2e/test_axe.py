"""Every page in a real browser, in both languages and themes, wide and narrow: nothing that axe finds
serious, no page wider than its window, no complaint of the browser.

SHOTS=folder keeps a picture of every page.
"""

import inspect
import os
import re
from functools import partial
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import pytest
from django.urls import resolve
from playwright.sync_api import Error as PlaywrightError

from people.models import Person
from tests import snapshot
from tests.axe import ALIKE, findings, listen
from tests.e2e.everything import everything, pages
from tests.test_permissions import ALL

FULL, NARROW = ("en", "light", 1440), ("zh-hans", "dark", 390)
OTHER_LOOKS = [("zh-hans", "light", 1440), ("en", "dark", 390)]
KEY_PAGES = {
    "queue, chosen", "incident, worked on", "a CI", "service levels", "portal",
}  # fmt: skip
# Read with the side bar and all rows; the others without what they have in common.
WHOLE = {"settings", "portal, notices", "sign in", "queue, second page"}
# What the other browser tests read in all looks: pictures are taken of it here, nothing else.
ELSEWHERE = {
    "tests/servicedesk/test_portal_browser.py": {
        "portal", "portal, report", "portal, requests", "portal, nothing found", "portal, worked on",
        "portal, asked", "portal, solved", "portal, finished", "portal, sent", "a call", "calls",
        "one call",
    },
    "tests/itsm/test_settings_browser.py": {
        "people", "a person", "person: edit", "person: leave", "person: password",
        "person: history", "settings: preferences", "settings: audit", "settings: health",
        "list: organizations", "list: sites", "list: pending-reasons", "list: support-groups",
        "list: categories", "list: priority-matrices", "list: escalation-policies",
        "one of: organizations", "one of: support-groups", "one of: categories",
        "one of: priority-matrices", "one of: escalation-policies", "list, history", "members",
    },
    "tests/core/test_ui_browser.py": {"parts"},
}  # fmt: skip
# What the first answer is; the page of a refused step comes when its form is sent.
REFUSED = {
    "not there": 404, "not permitted": 403, "not possible now": 200, "portal, not there": 404,
    "approval by mail, over": 410, "survey by mail, over": 410,
}  # fmt: skip
PARTS = 6  # tests among which the pages are dealt out, so that workers share them

# Addresses that answer a GET with something else than a page of their own.
NO_PAGE = {
    "a probe for machines": {"healthz_live", "healthz_ready"},
    "leads elsewhere": {"home", "incidents:index", "service_requests:index", "feedback:index", "work:find", "servicedesk:record"},
    "a file": {
        "servicedesk:mail_in_original", "servicedesk:mail_of_entry", "work:document",
        "portal:file", "portal:article_file", "servicedesk:queue_export",
    },
    "suggestions below a field": {
        "people:pick", "people:pick_groups", "people:pick_organizations", "cmdb:pick",
        "cmdb:pick_service", "work:pick", "work:pick_members", "servicedesk:pick",
        "servicedesk:palette", "portal:suggest", "portal:devices", "portal:pick_service",
        "portal:pick_person", "portal:pick_colleague",
    },
    "a section of the rail, all of which are visited opened": {
        "work:impact", "work:links", "work:nearby", "work:time", "work:people", "work:documents",
        "work:notices", "work:referrals", "servicedesk:approvals_of", "incidents:groups",
        "announcements:of_record",
    },
    "a piece of a page that is visited": {
        "work:feed", "portal:feed", "servicedesk:notifications_bell", "servicedesk:new_caller",
    },
}  # fmt: skip


def open_as(browser, live_server, client, person, look):
    _locale, theme, width = look
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=theme, base_url=live_server.url,
        has_touch=width < 500, is_mobile=width < 500, reduced_motion="reduce",
    )  # fmt: skip
    context.set_default_timeout(10_000)
    if person is not None:
        client.force_login(person, backend="people.backends.PersonBackend")
        cookie = client.cookies["session"].value
        context.add_cookies([{"name": "session", "value": cookie, "url": live_server.url}])
    else:
        context.add_cookies([{"name": "language", "value": look[0], "url": live_server.url}])
    return context.new_page()


def read(page, visits, look, only_look):
    """[(page, what is wrong)] of one reader's pages."""
    complaints, wrong = listen(page), []
    for _who, name, url, act in visits:
        answer = page.goto(url)
        if answer.status != REFUSED.get(name, 200):
            wrong.append((name, url, answer.status))
            continue
        if act is not None:
            try:
                act(page)
            except PlaywrightError as error:
                wrong.append((name, "cannot be done", str(error)[:200]))
        context = None if name in WHOLE else ALIKE
        wrong += [(name, *found) for found in findings(page, context, only_look=only_look)]
        if name in REFUSED:
            complaints[:] = [said for said in complaints if "status of 4" not in said]
        wrong += [(name, said) for said in complaints]
        complaints.clear()
        if folder := os.environ.get("SHOTS"):
            path = (
                Path(folder)
                / f"{re.sub(r'[^a-zA-Z0-9]+', '-', name)}-{'-'.join(map(str, look))}.png"
            )
            page.screenshot(path=path, full_page=True)
    return wrong


def read_all(browser, live_server, client, visits, look, *, only_look=False):
    """[(look, page, what is wrong)]; one browser a reader."""
    Person.objects.update(locale=look[0])
    wrong = []
    for person, mine in groupby(visits, key=itemgetter(0)):
        reader = person and Person.objects.get(pk=person.pk)
        page = open_as(browser, live_server, client, reader, look)
        wrong += [(look, *one) for one in read(page, mine, look, only_look)]
        page.context.close()
    return wrong


def one_of_each(visits):
    """The first of pages whose names begin alike: "step: hold" stands for "step: merge"."""
    kinds = {}
    for visit in visits:
        kind, colon, _ = visit[1].partition(": ")
        kinds.setdefault(kind if colon else visit[1], visit)
    return list(kinds.values())


def part_of(visits, number):
    """The pages of one test of PARTS: neighbours, who mostly have one reader."""
    begin, end = (len(visits) * place // PARTS for place in (number, number + 1))
    return visits[begin:end]


@pytest.fixture
def company(settings, session_documents):
    settings.MEDIA_ROOT = session_documents
    return snapshot.restored(everything)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_is_readable_by_everybody(browser, live_server, client, company, part):
    everywhere = pages(company)
    elsewhere = set() if os.environ.get("SHOTS") else set().union(*ELSEWHERE.values())
    mine = [visit for visit in everywhere if visit[1] not in elsewhere]
    narrow = mine if os.environ.get("SHOTS") else one_of_each(mine)
    key = [visit for visit in everywhere if visit[1] in KEY_PAGES]
    read_in = partial(read_all, browser, live_server, client)

    wrong = read_in(part_of(mine, part), FULL)
    wrong += read_in(part_of(narrow, part), NARROW, only_look=True)
    for look in OTHER_LOOKS:
        wrong += read_in(part_of(key, part), look, only_look=True)

    assert wrong == []


def test_the_parts_are_all_pages():
    visits = list(range(141))

    dealt = [part_of(visits, number) for number in range(PARTS)]

    assert [visit for part in dealt for visit in part] == visits
    assert all(dealt)


def takes_get(client, path):
    """Whether the address answers a GET at all; those for forms only refuse it."""
    filled = re.sub(r"<uuid:\w+>", "00000000-0000-4000-8000-000000000000", path)
    filled = re.sub(r"<int:\w+>", "1", filled)
    filled = re.sub(r"<\w+:\w+>", "x", filled)
    return client.get("/" + filled).status_code != 405


def test_no_page_is_without_a_visit(client, db, company):
    client.force_login(company.admin, backend="people.backends.PersonBackend")
    client.raise_request_exception = False
    visited = {resolve(url.partition("?")[0]).view_name for _, _, url, _ in pages(company)}
    excused = set().union(*NO_PAGE.values())
    # one page for all lists of reference data: the rows differ, their page does not
    same = {page_of_lists(name) for name in visited} - {None}
    unseen = {
        name
        for name in set(ALL) - visited - excused
        if not name.startswith("api:") and page_of_lists(name) not in same
    }

    missing = {name for name in unseen if takes_get(client, ALL[name][0])}

    known = {name for _, name, _, _ in pages(company)}
    assert missing == set()
    assert set().union(*ELSEWHERE.values(), KEY_PAGES, REFUSED, WHOLE) <= known
    assert excused <= set(ALL)
    assert not excused & visited


def page_of_lists(name):
    """Which of the pages that all lists of reference data share this is; None for any other."""
    view = inspect.unwrap(ALL[name][1])
    return view.__name__ if view.__module__ == "core.reference.pages" else None
