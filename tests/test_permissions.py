"""Every address × every role. A route without a rule fails; what a person may not see is 404.

The coarse answer is the view's gate (core.access), the fine one `visible_to`: this table holds both
against every route of the project, so a new route is in it from the first day.
"""

import re
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.permissions import IsAuthenticated

from cmdb.actions import items
from cmdb.models import CI, CIClass
from core import failures, time
from core.access import Gate
from incidents.actions import opening
from people.backends import PersonBackend
from records.models import Record
from servicedesk.announcements import actions as announcements
from slm.actions import variations
from slm.models import Agreement
from tests import snapshot
from tests.knowledge.stories import published
from tests.servicedesk.requests.shop import filled, ordered
from tests.servicedesk.test_feedback import complain
from tests.world import build, promise, sh

pytestmark = pytest.mark.django_db

ROLES = [
    "anonymous", "requester", "colleague", "stranger", "agent", "local_agent", "specialist",
    "lead", "manager", "desk_manager", "incident_manager", "admin", "auditor", "security",
]  # fmt: skip
REDIRECTS = {301, 302}
FINE = {200, 204, 301, 302, 400, 405, 409, 410, 415, 422}


def routes(patterns=None, prefix="", namespace=""):
    """(name, path template, callback) of every address."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            below = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from routes(entry.url_patterns, path, below)
        elif isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name}", path, entry.callback


ALL = {name: (path, view) for name, path, view in routes()}


def signing_out_comes_last(route):
    """Behind it the role would be nobody, and every answer a way to the sign-in."""
    return route[0] == "people:sign_out", route[0]


def rule_of(view):
    if (gate := getattr(view, "gate", None)) is not None:
        return gate
    viewset = getattr(view, "cls", None)
    asked = getattr(view, "initkwargs", {}).get("permission_classes")
    if viewset is not None and IsAuthenticated in (asked or viewset.permission_classes):
        return Gate.SIGNED_IN
    return None


def test_no_route_is_without_a_rule():
    without = [name for name, (_, view) in ALL.items() if rule_of(view) is None]

    assert without == []


@pytest.fixture
def place(db):
    return snapshot.restored(furnished)


def furnished():
    """One thing of each sort that addresses name, with a promise that has run."""
    world = build()
    promise(world, ("response", 1), ("resolution", 8))
    incident = opening.open_incident(
        by=world.requester, requester=world.requester, title="VPN", at=sh(10, 8, 9),
        service=world.erp,
    )  # fmt: skip
    ci = items.create_ci(
        by=None, name="server-1", ci_class=CIClass.objects.get(code="application"),
        organization=world.head, owner=world.owner, managed_by=world.second_line,
        environment="production", criticality=3, state=CI.State.LIVE, authority="TEST",
    )  # fmt: skip
    world.incident, world.ci, world.sla = incident, ci, Agreement.objects.first()
    world.article = published(world)
    world.order = ordered(filled(world))
    _announced(world)
    world.feedback = complain(world)
    return world


def _announced(world):
    """An announcement for one department, and a short-term change of the agreement."""
    world.news = announcements.publish(
        announcements.write(
            by=world.desk_manager,
            organizations=[world.sales],
            title_en="News",
            title_zh="消息",
            body_en="News",
            body_zh="消息",
        ),
        by=world.desk_manager,
    )
    start = time.now() + timedelta(days=2)
    world.variation = variations.draft(
        world.sla, by=None, starts_at=start, ends_at=start + timedelta(days=1), reason="x",
        new_values={world.sla.targets.first().pk: 60},
    )  # fmt: skip


def fill(name, path, place):
    """The path with arguments that exist, or None where there is nothing to name."""
    known = {
        "incidents": place.incident.number, "work": place.incident.number,
        "portal": place.incident.number, "slm": place.sla.number, "cmdb": place.ci.number,
        "servicedesk": place.incident.number, "api": place.incident.number,
        "knowledge": place.article.number, "announcements": place.news.number,
        "service_requests": place.order.number,
        "feedback": place.feedback.number,
    }  # fmt: skip
    namespace = name.split(":")[0]
    if name.startswith("api:agreement"):
        known = known | {"api": place.sla.number}
    if name.startswith(("api:announcement", "portal:announcement")):
        known = known | {"api": place.news.number, "portal": place.news.number}
    if name.startswith("api:variation"):
        known = known | {"api": place.variation.number}
    if name.startswith("api:article"):
        known = known | {"api": place.article.number}
    if name.startswith("api:feedback"):
        known = known | {"api": place.feedback.number}
    if name.startswith("api:request"):
        known = known | {"api": place.order.number}
    path = re.sub(r"\(\?P<number>[^)]*\)", known.get(namespace, "INC-000001"), path)
    path = filled = re.sub(r"\(\?P<\w+>[^)]*\)", "nothing-here", path)
    for match in re.finditer(r"<(?:(\w+):)?(\w+)>", path):
        kind, parameter = match[1] or "str", match[2]
        if parameter == "number" and namespace in known:
            value = known[namespace]
        elif parameter == "variation":
            value = place.variation.number
        elif parameter in ("article", "ticket"):
            value = place.article.number if parameter == "article" else place.incident.number
        elif kind == "int":
            value = "999999"
        elif kind == "uuid":
            value = "00000000-0000-4000-8000-000000000000"
        else:
            value = "nothing-here"
        filled = filled.replace(match[0], value)
    filled = filled.replace("^", "").replace("$", "").replace("\\", "").replace("/?", "/")
    return "/" + filled


@pytest.fixture
def plain_refusals(monkeypatch):
    """The pages of 403 and 404 are drawn once a role: the table asks for the answer, not its looks."""
    drawn = set()

    def draw(request, template, context=None, status=None):
        if template in drawn:
            return HttpResponse(status=status)
        drawn.add(template)
        return render(request, template, context, status=status)

    monkeypatch.setattr(failures, "render", draw)


@pytest.fixture
def known_reader(monkeypatch):
    """The reader is looked up once: who they are does not change between two addresses."""
    look_up, known = PersonBackend.get_user, {}

    def get_user(self, key):
        if key not in known:
            known[key] = look_up(self, key)
        return known[key]

    monkeypatch.setattr(PersonBackend, "get_user", get_user)


def sees(place, person):
    return Record.objects.visible_to(person).filter(pk=place.incident.pk).exists()


@pytest.mark.feature("SE-01")
@pytest.mark.usefixtures("plain_refusals", "known_reader")
@pytest.mark.parametrize("role", ROLES)
def test_every_address_answers_this_role_as_the_table_says(client, place, role):
    person = None if role == "anonymous" else getattr(place, role)
    if person is not None:
        client.force_login(person, backend="people.backends.PersonBackend")
    client.raise_request_exception = False
    wrong = []
    for name, (path, view) in sorted(ALL.items(), key=signing_out_comes_last):
        url = fill(name, path, place)
        for method in ("get", "post"):
            options = {"content_type": "application/json"} if url.startswith("/api/") else {}
            answer = getattr(client, method)(url, **(options if method == "post" else {}))
            verdict = judge(name, view, method, answer, person, place)
            if verdict:
                wrong.append(f"{method.upper()} {url} ({name}): {answer.status_code}, {verdict}")

    assert wrong == []


def test_the_role_holds_until_the_last_address():
    *names, last = sorted(ALL.items(), key=signing_out_comes_last)

    assert last[0] == "people:sign_out"
    assert len(names) > 200


def judge(name, view, method, answer, person, place):  # noqa: PLR0911 - a table
    """None where the answer is right, else what it should have been."""
    status = answer.status_code
    if name == "healthz_ready":
        return None if status in {200, 405, 503} else "the truth about the processes"
    if status >= 500:
        return "never a server error"
    gate = rule_of(view)
    if name.startswith("api:"):
        return judge_api(name, status, person, place)
    admitted = gate.admits(person) if person is not None else gate is Gate.ANYONE
    if not admitted:
        if person is None:
            return None if status in REDIRECTS | {405} else "a stranger signs in first"
        return None if status in REDIRECTS | {403, 404, 405} else "not this role's area"
    if method == "post" and gate is Gate.SETTINGS and not person.access.is_admin:
        return None if status in {403, 404, 405} else "auditors change nothing"
    names_it = place.incident.number in answer.request["PATH_INFO"]
    if names_it and person is not None and not sees(place, person):
        return None if status in {404, 405} | REDIRECTS else "unseen is not there"
    return None if status in FINE | {403, 404} else "an answer"


def judge_api(name, status, person, place):
    if person is None:
        return None if status in {401, 404} else "401 without a key"
    names_it = "incident" in name or "record" in name
    is_one = "detail" in name or name.count("-") > 1
    if names_it and is_one and not sees(place, person):
        return None if status in {400, 403, 404, 405} else "unseen is not there"
    return None if status in FINE | {201, 403, 404} else "an answer"


@pytest.mark.feature("SE-01")
@pytest.mark.usefixtures("known_reader")
@pytest.mark.parametrize("role", ["colleague", "stranger"])
def test_what_is_unseen_leaves_no_trace_in_any_page(client, place, role):
    Record.objects.filter(pk=place.incident.pk).update(title="CANARY-TITLE-4711")
    client.force_login(getattr(place, role), backend="people.backends.PersonBackend")
    client.raise_request_exception = False

    found = [
        name
        for name, (path, _) in ALL.items()
        if b"CANARY-TITLE-4711" in client.get(fill(name, path, place)).content
    ]

    assert found == []
