"""Taking calls: the card of the caller, what is decided and why, and every way a call can end."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from calendars.timetables import current_version, timetable
from cmdb.models import CI, CIClass, CIRelation, CIRelationType, CIUse
from core import time
from core.errors import Refused
from incidents.actions import lifecycle, major, opening
from incidents.models import Incident
from people.models import Person, SupportGroup
from records.models import Category, ClosureCode
from records.models.timeline import TimelineEntry
from servicedesk.calls import actions, deciding
from servicedesk.models import Interaction
from tests.world import HOUR, person, promise, sh

NOON = sh(10, 8, 10)


@pytest.fixture
def promised(world):
    """Promises in the calendar of the vectors; the desks never close, whatever day it is."""
    promise(world, ("response", 1), ("update", 4), ("resolution", 8))
    SupportGroup.objects.filter(kind="desk").update(calendar=world.always)
    return world


def sign_in(client, who):
    client.force_login(who, backend="people.backends.PersonBackend")
    return client


def call_of(world, **fields):
    fields = {
        "channel": "phone", "caller": world.requester.pk, "title": "VPN is down",
        "submit_token": "page-1",
    } | fields  # fmt: skip
    return {name: value for name, value in fields.items() if value is not None}


def new():
    return reverse("servicedesk:new")


def report(world, **fields):
    fields.setdefault("by", world.requester)
    fields.setdefault("requester", world.requester)
    fields.setdefault("title", "VPN is down again")
    return opening.open_incident(**fields)


# --- a new ticket -----------------------------------------------------------------------------


@pytest.mark.feature("SD-01")
def test_a_call_becomes_a_ticket_and_the_call_knows_it(client, promised):
    sign_in(client, promised.agent)

    answer = client.post(new(), call_of(promised, impact=2, urgency=1, service="MAIL"))

    made = Incident.objects.get()
    call = Interaction.objects.get()
    assert answer.status_code == 302
    assert (made.requester, made.channel, made.service) == (
        promised.requester, "phone", promised.mail
    )  # fmt: skip
    assert (made.impact, made.urgency, made.priority) == (2, 1, 2)
    assert call.number.startswith("CALL-")
    assert (call.outcome, call.record_id, call.person) == (
        "new_record",
        made.pk,
        promised.requester,
    )
    assert (call.agent, call.desk) == (promised.agent, promised.central)
    assert call.ended_at >= call.answered_at >= call.started_at
    assert call.draft == {}


@pytest.mark.feature("SD-17")
def test_a_call_that_is_sent_twice_makes_one_ticket_and_one_call(client, promised):
    sign_in(client, promised.agent)

    first, second = (client.post(new(), call_of(promised)) for _ in range(2))

    assert first.url == second.url
    assert Incident.objects.count() == Interaction.objects.count() == 1


@pytest.mark.feature("SD-01")
@pytest.mark.parametrize("typed", ["R1", "张三", "zhangsan", "zs", "138 0013 8000"])
def test_the_caller_is_found_by_number_name_sound_initials_and_telephone(client, promised, typed):
    Person.objects.get(pk=promised.requester.pk).save()
    found = Person.objects.get(pk=promised.requester.pk)
    found.phone = "138-0013-8000"
    found.save()
    typed = typed.replace(" ", "")
    sign_in(client, promised.agent)

    card = client.get(reverse("servicedesk:new_caller"), {"caller_text": typed})
    client.post(new(), call_of(promised, caller="", caller_text=typed))

    assert "张三" in card.content.decode()
    assert Incident.objects.get().requester == promised.requester


@pytest.mark.feature("SD-01")
def test_the_card_shows_tickets_devices_services_disruptions_and_what_was_closed(client, promised):
    report(promised, title="Open one")
    closed = report(promised, title="Closed one")
    lifecycle.cancel(closed, by=promised.agent, reason="x")
    running = report(promised, title="Large one", by=promised.colleague,
                     requester=promised.colleague, service=promised.mail)  # fmt: skip
    major.declare(running, by=promised.incident_manager, reason="many", manager=promised.agent)
    laptop = CI.objects.create(
        number="CI-900002", name="LT-0077", ci_class=CIClass.objects.usable().first(), state="live",
        organization=promised.sales, owner=promised.owner, managed_by=promised.second_line,
    )  # fmt: skip
    CIUse.objects.create(ci=laptop, person=promised.requester)
    sign_in(client, promised.agent)

    html = client.get(
        reverse("servicedesk:new_caller"), {"caller": promised.requester.pk}
    ).content.decode()
    page = client.get(new()).content.decode()

    for words in ("Open one", "Closed one", "LT-0077", "ERP", "is disturbed", "Suzhou"):
        assert words in html, words
    assert "Large one" in page


def test_an_unknown_caller_gets_a_ticket_and_can_be_named_later(client, promised):
    sign_in(client, promised.agent)
    client.post(new(), call_of(promised, caller="", caller_text="王女士，仓库"))
    made, call = Incident.objects.get(), Interaction.objects.get()

    client.post(
        reverse("servicedesk:call_match", args=[call.number]), {"person": promised.requester.pk}
    )

    assert made.requester is None
    assert made.timeline.get(kind="call").body == "王女士，仓库"
    assert made.timeline.get(kind="call").visibility == "internal"
    again, matched = Incident.objects.get(), Interaction.objects.get()
    assert (again.requester, again.organization) == (promised.requester, promised.sales)
    assert (matched.person, matched.caller_text) == (promised.requester, "王女士，仓库")


def test_a_call_without_caller_or_subject_is_refused_with_what_was_typed(client, promised):
    sign_in(client, promised.agent)

    answer = client.post(new(), call_of(promised, caller=None, title="", description="long story"))

    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Say who calls." in html
    assert "Say in one sentence what is wrong." in html
    assert "long story" in html
    assert not Incident.objects.exists()


@pytest.mark.feature("SD-01")
def test_solved_at_once_is_a_first_contact_resolution(client, promised):
    sign_in(client, promised.local_agent)
    closure = ClosureCode.objects.get(code="user_error")

    client.post(
        new(),
        call_of(promised, service="MAIL", solve_now="on", resolution="Caps lock.",
                closure_code=closure.pk, category=promised.vpn.pk),
    )  # fmt: skip

    made = Incident.objects.get()
    assert made.state == "resolved"
    assert made.is_first_contact_resolution
    assert made.owner_group == made.assigned_group == promised.local


def test_solving_at_once_needs_solution_code_and_service(client, promised):
    sign_in(client, promised.agent)
    closure = ClosureCode.objects.get(code="user_error")

    empty = client.post(new(), call_of(promised, solve_now="on")).content.decode()
    no_service = client.post(
        new(), call_of(promised, solve_now="on", resolution="x", closure_code=closure.pk)
    ).content.decode()

    assert "Say what was done." in empty
    assert "Choose how it was solved." in empty
    assert "Name the service first." in no_service
    assert not Incident.objects.exists()
    assert not Interaction.objects.exclude(outcome="").exists()


# --- what is decided --------------------------------------------------------------------------


@pytest.mark.feature("IN-02")
def test_the_category_decides_service_and_group_and_the_screen_says_so(client, promised):
    sign_in(client, promised.agent)

    html = client.post(
        reverse("servicedesk:new_preview"), call_of(promised, category=promised.vpn.pk)
    ).content.decode()

    assert "Mail" in html
    assert html.count("by the category “VPN”") == 2
    assert "serves the caller" in html


@pytest.mark.feature("IN-02")
def test_a_ci_that_one_service_needs_decides_the_service(promised):
    server = CI.objects.create(
        number="CI-900003", name="mail-01", ci_class=CIClass.objects.usable().first(), state="live",
        organization=promised.head, owner=promised.owner, managed_by=promised.second_line,
    )  # fmt: skip
    type_ = CIRelationType.objects.exclude(impact="none").first()
    CIRelation.objects.create(
        source=promised.mail.ci, target=server, type=type_, valid=(NOON - timedelta(days=1), None)
    )

    found = deciding.decide(agent=promised.agent, at=NOON, ci=server)

    assert found.service == promised.mail
    assert "mail-01" in found.service_why


@pytest.mark.feature("SL-15")
def test_the_promised_times_of_the_preview_are_those_of_the_ticket(promised):
    chosen = {"requester": promised.requester, "service": promised.erp, "impact": 1, "urgency": 2}

    seen = deciding.decide(agent=promised.agent, at=NOON, **chosen)
    made = opening.open_incident(by=promised.agent, title="x", channel="phone", at=NOON, **chosen)

    clocks = {clock.metric: clock.due_at for clock in made.clocks.filter(clock_kind="sla")}
    assert {due.metric: due.at for due in seen.dues} == clocks
    assert (seen.priority, seen.desk, seen.group) == (
        made.priority, made.owner_group, made.assigned_group
    )  # fmt: skip
    version = current_version(promised.calendar, NOON)
    assert clocks["resolution"] == timetable(version.pk).add(NOON, 8 * HOUR)
    assert {(due.agreement, due.calendar, due.why) for due in seen.dues} == {
        ("Standard", "China", "agreed for everybody")
    }


@pytest.mark.feature("IN-14")
def test_likely_duplicates_are_shown_before_saving(client, promised):
    other = report(promised, title="Printer on floor 3 jams", by=promised.colleague,
                   requester=promised.colleague)  # fmt: skip
    sign_in(client, promised.agent)

    html = client.post(
        reverse("servicedesk:new_preview"), call_of(promised, title="Floor 3: printer jams")
    ).content.decode()

    assert other.number in html


def test_a_duplicate_that_the_agent_may_not_see_is_not_shown(client, promised):
    report(promised, title="Printer on floor 3 jams", by=promised.stranger,
           requester=promised.stranger)  # fmt: skip
    sign_in(client, promised.local_agent)

    html = client.post(
        reverse("servicedesk:new_preview"), call_of(promised, title="Floor 3: printer jams")
    ).content.decode()

    assert "INC-" not in html


# --- drafts -----------------------------------------------------------------------------------


def test_an_open_call_is_kept_while_it_is_typed_and_goes_on_where_it_was(client, promised):
    sign_in(client, promised.agent)
    typed = call_of(promised, title="half a sent", description="and so on", service="MAIL")

    client.post(reverse("servicedesk:new_preview"), typed)
    client.post(reverse("servicedesk:new_preview"), typed | {"title": "half a sentence"})

    call = Interaction.objects.get()
    assert call.is_open
    html = client.get(new(), {"call": call.number}).content.decode()
    assert 'value="half a sentence"' in html
    assert "and so on" in html
    assert "张三" in html
    client.post(new(), typed | {"submit_token": call.token})
    assert Interaction.objects.get().outcome == "new_record"


def test_a_late_draft_does_not_open_an_ended_call(client, promised):
    sign_in(client, promised.agent)
    client.post(new(), call_of(promised))

    client.post(reverse("servicedesk:new_preview"), call_of(promised, title="too late"))

    call = Interaction.objects.get()
    assert (call.outcome, call.subject) == ("new_record", "VPN is down")


def test_an_empty_page_keeps_no_call(client, promised):
    sign_in(client, promised.agent)

    client.post(reverse("servicedesk:new_preview"), {"channel": "phone", "submit_token": "x"})

    assert not Interaction.objects.exists()


def test_nobody_goes_on_with_the_call_of_another(client, promised):
    sign_in(client, promised.agent)
    client.post(reverse("servicedesk:new_preview"), call_of(promised, title="secret words"))
    call = Interaction.objects.get()

    html = sign_in(client, promised.agent2).get(new(), {"call": call.number}).content.decode()

    assert "secret words" not in html


# --- other outcomes ---------------------------------------------------------------------------


def test_enquiries_are_counted_on_the_ticket(client, promised):
    made = report(promised)
    sign_in(client, promised.agent)
    about = {"about": f"{made.number}:status_enquiry"}

    for token in ("a", "b"):
        client.post(
            reverse("servicedesk:new_link"), call_of(promised, title="", submit_token=token) | about
        )
    again = client.post(
        reverse("servicedesk:new_link"), call_of(promised, title="", submit_token="b") | about
    )

    assert again.status_code == 302
    assert Interaction.objects.filter(record_id=made.pk, outcome="status_enquiry").count() == 2
    card = client.get(reverse("servicedesk:new_caller"), {"caller": promised.requester.pk})
    assert "asked 2 times" in card.content.decode()


def test_news_for_a_ticket_stand_in_its_story_as_a_call_among_agents(client, promised):
    made = report(promised)
    sign_in(client, promised.agent)

    client.post(
        reverse("servicedesk:new_link"),
        call_of(promised, description="works on the phone") | {"about": f"{made.number}:linked"},
    )

    entry = TimelineEntry.objects.get(record_id=made.pk, kind="call")
    assert "works on the phone" in entry.body
    assert entry.visibility == "internal"
    assert Interaction.objects.get().outcome == "linked"


def test_a_hidden_ticket_is_no_different_from_none(client, promised):
    made = report(promised, by=promised.stranger, requester=promised.stranger)
    sign_in(client, promised.local_agent)

    hidden = client.post(
        reverse("servicedesk:new_link"), call_of(promised) | {"about": f"{made.number}:linked"}
    )
    absent = client.post(
        reverse("servicedesk:new_link"), call_of(promised) | {"about": "INC-999999:linked"}
    )

    assert hidden.status_code == absent.status_code == 422
    assert made.title not in hidden.content.decode().replace('value="VPN is down"', "")
    assert not Interaction.objects.exclude(outcome="").exists()


@pytest.mark.parametrize(
    ("outcome", "needs_caller"),
    [("info_given", True), ("misdirected", False), ("abandoned", False), ("spam", False)],
)
def test_a_call_may_end_without_a_ticket(client, promised, outcome, needs_caller):
    sign_in(client, promised.agent)
    nameless = {"channel": "phone", "submit_token": "n", "outcome": outcome}

    first = client.post(reverse("servicedesk:new_end"), nameless)
    client.post(reverse("servicedesk:new_end"), call_of(promised) | {"outcome": outcome})

    ended = Interaction.objects.filter(outcome=outcome)
    assert first.status_code == (422 if needs_caller else 302)
    assert ended.count() == (1 if needs_caller else 2)
    assert all((call.answered_at is None) == (outcome == "abandoned") for call in ended)


@pytest.mark.parametrize("outcome", ["new_record", "linked", "nonsense", ""])
def test_an_outcome_that_is_none_is_refused(client, promised, outcome):
    sign_in(client, promised.agent)

    answer = client.post(reverse("servicedesk:new_end"), call_of(promised) | {"outcome": outcome})

    assert answer.status_code == 422
    assert not Interaction.objects.exclude(outcome="").exists()


def test_a_call_is_opened_again_on_the_same_day_by_who_took_it(promised):
    call = actions.discard(
        by=promised.agent, token="t", outcome="info_given", channel="phone",
        person=promised.requester, subject="VPN",
    )  # fmt: skip

    with pytest.raises(PermissionDenied):
        actions.reopen(call, by=promised.agent2)
    opened = actions.reopen(call, by=promised.agent)

    assert opened.is_open
    assert opened.draft["title"] == "VPN"


def test_yesterdays_call_and_one_that_became_a_ticket_stay_as_they_are(promised):
    kept = {"channel": "phone", "person": promised.requester, "subject": "VPN"}
    old = actions.discard(by=promised.agent, token="t", outcome="info_given", **kept)
    later = time.now() + timedelta(days=1, hours=1)
    _, made = actions.convert(
        by=promised.agent, token="u", report={"title": "x", "requester": promised.requester}, **kept
    )

    with pytest.raises(Refused):
        actions.reopen(old, by=promised.agent, at=later)
    with pytest.raises(Refused):
        actions.reopen(made, by=promised.agent)


def test_a_call_ends_once(promised):
    kept = {"channel": "phone", "person": promised.requester}
    actions.discard(by=promised.agent, token="t", outcome="info_given", **kept)

    with pytest.raises(Refused):
        actions.discard(by=promised.agent, token="t", outcome="spam", **kept)


# --- who and what is seen ---------------------------------------------------------------------


def test_only_agents_take_calls(client, promised):
    urls = [new(), reverse("servicedesk:calls"), reverse("servicedesk:new_caller")]

    for who in (promised.requester, promised.colleague):
        sign_in(client, who)
        assert {client.get(url).status_code for url in urls} == {403}
    sign_in(client, promised.auditor)
    assert client.get(new()).status_code == 403
    assert client.post(new(), call_of(promised)).status_code == 403
    with pytest.raises(PermissionDenied):
        actions.keep(by=promised.auditor, token="x", channel="phone")


def test_a_call_of_another_desk_is_seen_by_the_centre_only(client, promised):
    rotterdam = person(promised, "A9", "Anna de Vries", groups=[promised.local])
    call = actions.discard(
        by=promised.agent, token="t", outcome="info_given", channel="phone",
        person=promised.stranger, subject="central only",
    )  # fmt: skip
    own = actions.discard(
        by=promised.local_agent, token="t", outcome="info_given", channel="phone",
        person=promised.requester, subject="local call",
    )  # fmt: skip
    page = reverse("servicedesk:call", args=[call.number])

    listed = sign_in(client, rotterdam).get(reverse("servicedesk:calls")).content.decode()

    assert client.get(page).status_code == 404
    assert "local call" in listed
    assert "central only" not in listed
    sign_in(client, promised.agent)
    assert client.get(page).status_code == 200
    assert client.get(reverse("servicedesk:call", args=[own.number])).status_code == 200


def test_the_list_filters_and_says_when_nothing_fits(client, promised):
    kept = {"channel": "phone", "person": promised.requester}
    actions.discard(
        by=promised.agent, token="1", outcome="info_given", subject="opening hours", **kept
    )
    actions.discard(by=promised.agent, token="2", outcome="misdirected", subject="canteen", **kept)
    sign_in(client, promised.agent)

    def ask(**filters):
        return client.get(reverse("servicedesk:calls"), filters).content.decode()

    assert "canteen" not in ask(outcome="info_given")
    assert "opening hours" in ask(outcome="info_given")
    assert "canteen" in ask(q="canteen")
    assert "canteen" in ask(q="zs")
    assert "No call matches" in ask(q="nothing of the kind")
    assert "No call matches" in ask(channel="fax")
    assert "could not be read" in ask(day="yesterday")


def test_the_list_and_the_page_ask_the_same_number_of_questions_for_many_calls(client, promised):
    sign_in(client, promised.agent)

    def fill(start, end):
        for number in range(start, end):
            actions.convert(
                by=promised.agent, token=str(number), channel="phone", person=promised.requester,
                report={"title": f"Ticket {number}", "requester": promised.requester},
            )  # fmt: skip

    def count(url):
        client.get(url)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        return len(asked)

    card = reverse("servicedesk:new_caller") + f"?caller={promised.requester.pk}"
    fill(0, 3)
    few = count(reverse("servicedesk:calls")), count(card)
    fill(3, 12)

    many = count(reverse("servicedesk:calls")), count(card)

    assert many == few
    assert many[0] <= 15
    assert many[1] <= 20


@pytest.mark.parametrize("locale", ["en", "zh-hans"])
def test_every_page_of_calls_opens_in_both_languages(client, promised, locale):
    Category.objects.create(code="deep", name_en="Deep", parent=promised.vpn)
    Person.objects.filter(pk=promised.agent.pk).update(locale=locale)
    call = actions.keep(
        by=promised.agent, token="t", channel="phone", caller_text="<b>王</b>", subject="<i>x</i>"
    )
    sign_in(client, Person.objects.get(pk=promised.agent.pk))

    for url in (
        new(), new() + f"?call={call.number}", reverse("servicedesk:calls"),
        reverse("servicedesk:call", args=[call.number]),
    ):  # fmt: skip
        answer = client.get(url)
        assert answer.status_code == 200, url
        assert "<b>王</b>" not in answer.content.decode()
        assert "<i>x</i>" not in answer.content.decode()


def test_bad_input_is_refused_by_action_too(promised):
    with pytest.raises(ValidationError):
        actions.link(by=promised.agent, token="t", number="INC-1", channel="phone")
    with pytest.raises(ValidationError):
        actions.discard(by=promised.agent, token="t", outcome="info_given", channel="phone")
