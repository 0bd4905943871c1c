"""Short-term changes of a service level: agreed in time, begun and ended by the clock, and what they
do to the promises."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from calendars.timetables import timetable
from core import outbox, time
from core.errors import Refused
from core.models import Message
from incidents.actions import lifecycle, messages
from records.models import TimelineEntry
from slm import varying
from slm.actions import variations
from slm.clockwork import as_event, timetable_of
from slm.engine import clock as engine
from slm.engine.terms import Event, Kind
from slm.models import Clock, TargetVariation
from slm.proving import Proof
from tests.slm.stories import ago, clock, hold, report, resolve, resume
from tests.world import HOUR, person, promise

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def promised(world):
    world.sla = promise(
        world, ("response", 2), ("resolution", 8), calendar=world.always, customer=world.head
    )
    world.rows = {row.metric: row.pk for row in world.sla.targets.all()}
    world.customer = person(world, "C1", "Customer", world.sales)
    return world


def changed(world, starts_at, ends_at, *, hours=12, agreed=True, **fields):
    """A short-term change of the resolution time, agreed urgently before its beginning."""
    early = min(starts_at, ends_at) - timedelta(hours=1)
    made = variations.draft(
        world.sla, by=world.manager, starts_at=starts_at, ends_at=ends_at, at=early,
        new_values={world.rows["resolution"]: int(hours * HOUR)}, reason="Stocktaking", **fields,
    )  # fmt: skip
    if agreed:
        made = variations.agree(
            made, by=world.manager, agreed_with=world.customer, urgent_reason="Decided today",
            at=early,
        )  # fmt: skip
    return made


def swept():
    """Everything that time and the announcements make of it."""
    variations.sweep_due()
    while outbox.sweep_due():
        pass


def again(variation):
    return TargetVariation.objects.get(pk=variation.pk)


def end_now(world, variation):
    return variations.end(again(variation), by=world.manager)


def clean():
    return [str(difference) for difference in Proof().run()]


# --- agreed -------------------------------------------------------------------------------------
def test_without_notice_nothing_is_agreed(promised):
    later = time.now() + timedelta(hours=48)
    made = changed(promised, later, later + timedelta(hours=5), agreed=False)

    with pytest.raises(Refused) as refusal:
        variations.agree(made, by=promised.manager, agreed_with=promised.customer)

    assert "24" in str(refusal.value.reasons[0])
    assert again(made).state == "draft"


@pytest.mark.parametrize(("hours", "is_enough"), [(25, True), (24, True), (23, False)])
def test_customers_are_told_a_day_before(promised, hours, is_enough):
    later = time.now().replace(microsecond=0) + timedelta(hours=48)
    made = changed(promised, later, later + timedelta(hours=5), agreed=False)
    variations.note_notice(made, told_at=later - timedelta(hours=hours))

    if is_enough:
        made = variations.agree(made, by=promised.manager, agreed_with=promised.customer)
        assert (made.state, made.agreed_with) == ("agreed", promised.customer)
    else:
        with pytest.raises(Refused):
            variations.agree(made, by=promised.manager, agreed_with=promised.customer)


def test_another_beginning_has_to_be_told_again(promised):
    later = time.now().replace(microsecond=0) + timedelta(hours=48)
    made = changed(promised, later, later + timedelta(hours=5), agreed=False)
    variations.note_notice(made, told_at=time.now())

    made = variations.edit(
        made, by=promised.manager, starts_at=later + timedelta(hours=1), reason="Later",
        ends_at=later + timedelta(hours=5), new_values={promised.rows["resolution"]: HOUR},
    )  # fmt: skip

    with pytest.raises(Refused):
        variations.agree(made, by=promised.manager, agreed_with=promised.customer)


def test_the_notice_of_an_agreed_one_is_not_taken_back(promised):
    later = time.now().replace(microsecond=0) + timedelta(hours=48)
    made = changed(promised, later, later + timedelta(hours=5), agreed=False)
    variations.note_notice(made, told_at=time.now())
    variations.agree(made, by=promised.manager, agreed_with=promised.customer)

    with pytest.raises(Refused):
        variations.note_notice(made, told_at=None)


def test_only_somebody_of_the_customer_agrees(promised):
    later = time.now() + timedelta(hours=1)
    made = changed(promised, later, later + timedelta(hours=5), agreed=False)

    with pytest.raises(ValidationError) as problem:
        variations.agree(
            made, by=promised.manager, agreed_with=promised.stranger, urgent_reason="Now"
        )

    assert "agreed_with" in problem.value.message_dict


def test_two_changes_of_one_agreement_never_overlap(promised):
    later = time.now() + timedelta(hours=1)
    changed(promised, later, later + timedelta(hours=5), agreed=False)

    with pytest.raises(ValidationError) as problem:
        changed(promised, later + timedelta(hours=4), later + timedelta(hours=9), agreed=False)
    changed(promised, later + timedelta(hours=5), later + timedelta(hours=9), agreed=False)

    assert "starts_at" in problem.value.message_dict
    assert TargetVariation.objects.count() == 2


@pytest.mark.parametrize("wrong", ["ends_at", "reason", "new_values"])
def test_what_is_wrong_is_said_at_its_field(promised, wrong):
    later = time.now() + timedelta(hours=1)
    fields = {
        "starts_at": later, "ends_at": later + timedelta(hours=1), "reason": "Stocktaking",
        "new_values": {promised.rows["resolution"]: HOUR},
    }  # fmt: skip
    fields[wrong] = {"ends_at": later, "reason": " ", "new_values": {999: 5}}[wrong]

    with pytest.raises(ValidationError) as problem:
        variations.draft(promised.sla, by=promised.manager, **fields)

    assert list(problem.value.message_dict) == [wrong]


def test_only_the_service_level_manager_writes_one(promised):
    later = time.now() + timedelta(hours=1)

    with pytest.raises(PermissionDenied):
        variations.draft(
            promised.sla, by=promised.agent, starts_at=later, ends_at=later + timedelta(hours=1),
            new_values={promised.rows["resolution"]: HOUR}, reason="x",
        )  # fmt: skip


def test_a_cancelled_one_leaves_its_time_to_others(promised):
    later = time.now() + timedelta(hours=1)
    made = changed(promised, later, later + timedelta(hours=5))
    variations.cancel(made, by=promised.manager, reason="Not needed")

    changed(promised, later, later + timedelta(hours=5))

    assert again(made).state == "cancelled"


# --- new tickets --------------------------------------------------------------------------------
def test_a_new_ticket_is_promised_the_changed_time(promised):
    made = changed(promised, ago(hours=2), ago(hours=-2))

    incident = report(promised, ago(hours=1))
    before = report(promised, ago(hours=3))

    assert clock(incident).target_seconds == 12 * HOUR
    assert clock(incident, "response").target_seconds == 2 * HOUR
    assert clock(before).target_seconds == 8 * HOUR
    assert clock(incident).events.get().data["variation"] == made.number
    assert clean() == []


# --- tickets that are open ----------------------------------------------------------------------
def test_open_clocks_follow_beginning_and_end(promised):
    incident = report(promised, ago(hours=9))
    made = changed(promised, ago(hours=8), ago(hours=-4))

    swept()
    during = clock(incident)
    end_now(promised, made)
    swept()

    assert (during.target_seconds, during.breached_at) == (12 * HOUR, None)
    after = clock(incident)
    assert after.target_seconds == 8 * HOUR
    # eight hours had passed while twelve were promised: late only since they are not any more
    ended = again(made).ends_at.replace(microsecond=0)
    assert after.breached_at == ended
    assert [event.kind for event in after.events.all()] == ["start", "retarget", "retarget"]
    assert clean() == []


def test_a_breach_that_the_changed_time_does_not_justify_is_lifted(promised):
    incident = report(promised, ago(hours=9))
    assert engine.replay(
        [as_event(row) for row in clock(incident).events.all()], timetable_of, time.now()
    ).breached_at

    changed(promised, ago(hours=8, minutes=30), ago(hours=-4))
    swept()

    assert clock(incident).breached_at is None
    assert clean() == []


def test_beginning_twice_changes_nothing(promised):
    incident = report(promised, ago(hours=3))
    made = changed(promised, ago(hours=2), ago(hours=-2))
    swept()
    events = clock(incident).events.count()

    variations.sweep_due()
    varying.follow(made.pk, [incident.pk])
    varying.follow(made.pk, [incident.pk])

    assert clock(incident).events.count() == events == 2
    entries = TimelineEntry.objects.filter(record=promised.sla)
    assert entries.filter(verb="variation.activated").count() == 1
    assert clean() == []


def test_one_that_came_and_went_while_nothing_ran_is_still_counted(promised):
    incident = report(promised, ago(hours=6))
    made = changed(promised, ago(hours=5), ago(hours=2))

    swept()

    assert again(made).state == "ended"
    begin, end = clock(incident).events.filter(kind="retarget")
    assert (begin.at, end.at) == (made.starts_at, made.ends_at)
    assert clock(incident).target_seconds == 8 * HOUR
    assert clean() == []


def test_a_solved_ticket_keeps_its_time_and_takes_the_present_one_when_reopened(promised):
    incident = report(promised, ago(hours=5), service=promised.erp)
    incident = resolve(incident, ago(hours=4))
    changed(promised, ago(hours=3), ago(hours=-4))
    swept()
    assert clock(incident).target_seconds == 8 * HOUR

    lifecycle.reject_resolution(
        incident, by=promised.requester, reason="Still broken", at=ago(hours=1)
    )

    assert clock(incident).target_seconds == 12 * HOUR
    assert clean() == []


def test_a_ticket_of_another_agreement_is_left_alone(promised):
    other = promise(
        promised, ("resolution", 4), calendar=promised.always, agreed_service=promised.mail,
        customer=promised.head, title="Mail",
    )  # fmt: skip
    incident = report(promised, ago(hours=3), service=promised.mail)
    changed(promised, ago(hours=2), ago(hours=-2))

    swept()

    assert clock(incident).agreement == other
    assert clock(incident).events.count() == 1


def test_many_records_are_handed_out_in_small_lots(promised, monkeypatch):
    monkeypatch.setattr(variations, "RECORDS_AT_ONCE", 2)
    for _number in range(5):
        report(promised, ago(hours=3))
    changed(promised, ago(hours=2), ago(hours=-2))

    variations.sweep_due()

    lots = Message.objects.filter(verb="clocks.varied").order_by("pk")
    assert [len(lot.payload["record_ids"]) for lot in lots] == [2, 2, 1]
    swept()
    assert set(
        Clock.objects.filter(metric="resolution").values_list("target_seconds", flat=True)
    ) == {12 * HOUR}


def test_the_explanation_of_a_clock_names_the_change(promised, client):
    incident = report(promised, ago(hours=3))
    # answered in time, so that the page explains the clock of the solution
    messages.reply(incident, by=promised.agent, body="We look into it.", at=ago(hours=2.5))
    made = changed(promised, ago(hours=2), ago(hours=-2))
    swept()
    client.force_login(promised.manager, backend="people.backends.PersonBackend")

    page = client.get(incident.get_absolute_url()).content.decode()
    table = client.get(reverse("work:clocks", args=[incident.number])).content.decode()

    assert f"/service-levels/variations/{made.number}/" in page
    assert f"short-term change {made.number}" in table


# --- pages and interface ------------------------------------------------------------------------
def test_it_is_written_agreed_and_ended_through_the_pages(promised, client):
    client.force_login(promised.manager, backend="people.backends.PersonBackend")
    row = promised.rows["resolution"]
    now = time.now().astimezone()
    fields = {
        "starts_at": f"{now - timedelta(minutes=5):%Y-%m-%dT%H:%M}",
        "ends_at": f"{now + timedelta(days=9):%Y-%m-%dT%H:%M}",
        "reason": "Stocktaking", f"target_{row}_hours": "12",
    }  # fmt: skip
    new = reverse("slm:variation_new", args=[promised.sla.number])
    incident = report(promised, ago(hours=1))

    wrong = client.post(new, {**fields, "reason": ""})
    client.post(new, fields)
    made = TargetVariation.objects.get()
    step = {name: reverse("slm:variation_step", args=[made.number, name]) for name in
            ("agree", "end", "cancel")}  # fmt: skip
    early = client.post(step["agree"], {"agreed_with": promised.customer.pk})
    client.post(
        step["agree"], {"agreed_with": promised.customer.pk, "urgent_reason": "Decided today"}
    )
    swept()
    shown = client.get(reverse("slm:variation", args=[made.number])).content.decode()
    client.post(step["end"])

    assert (wrong.status_code, early.status_code) == (422, 409)
    assert incident.number in shown
    assert again(made).state == "ended"
    assert made.number in client.get(reverse("slm:variations")).content.decode()
    assert made.number in client.get(promised.sla.get_absolute_url()).content.decode()


def test_others_only_read_it(promised, client):
    later = time.now() + timedelta(hours=1)
    made = changed(promised, later, later + timedelta(hours=5), agreed=False)
    client.force_login(promised.desk_manager, backend="people.backends.PersonBackend")

    assert client.get(reverse("slm:variation", args=[made.number])).status_code == 200
    answer = client.post(
        reverse("slm:variation_step", args=[made.number, "cancel"]), {"reason": "x"}
    )
    assert answer.status_code == 403
    client.force_login(promised.requester, backend="people.backends.PersonBackend")
    assert client.get(reverse("slm:variation", args=[made.number])).status_code == 403


def test_the_interface_takes_the_same_steps(promised, client):
    client.force_login(promised.manager, backend="people.backends.PersonBackend")
    later = time.now() + timedelta(hours=1)
    body = {
        "agreement": promised.sla.number, "starts_at": later.isoformat(), "reason": "Stocktaking",
        "ends_at": (later + timedelta(hours=5)).isoformat(),
        "new_values": {str(promised.rows["resolution"]): 12 * HOUR},
    }  # fmt: skip

    made = client.post("/api/v1/variations/", body, content_type="application/json")
    one = f"/api/v1/variations/{made.json()['number']}/"
    early = client.post(f"{one}agree/", {"agreed_with": "C1"}, content_type="application/json")
    agreed = client.post(
        f"{one}agree/", {"agreed_with": "C1", "urgent_reason": "Today"},
        content_type="application/json",
    )  # fmt: skip

    assert (made.status_code, early.status_code, agreed.status_code) == (201, 409, 200)
    assert agreed.json()["state"] == "agreed"


# --- against a plain oracle ---------------------------------------------------------------------
@settings(max_examples=20)
@given(
    start=st.integers(0, 40), begin=st.integers(0, 40), length=st.integers(1, 30),
    hours=st.sampled_from([1, 4, 12, 20]), pauses=st.lists(st.integers(1, 48), max_size=4),
)  # fmt: skip
def test_a_clock_under_a_change_is_the_replay_of_its_story(
    promised, start, begin, length, hours, pauses
):
    """Whatever the order of pauses, beginning and end: the stored clock is what a log written
    straight down from the story says, and what its own log says."""
    with transaction.atomic():
        tell_and_compare(promised, start, begin, length, hours, sorted(set(pauses)))
        transaction.set_rollback(True)  # room for the next example


def tell_and_compare(promised, start, begin, length, hours, pauses):
    base = ago(hours=60)
    opened = base + timedelta(hours=start)
    made = changed(
        promised, base + timedelta(hours=begin), base + timedelta(hours=begin + length), hours=hours
    )
    incident = report(promised, opened, service=promised.erp)
    lines = [(opened, 0, Kind.START, first_target(start, begin, length, hours))]
    for number, after in enumerate(pauses):
        at = opened + timedelta(hours=after / 4)
        (resume if number % 2 else hold)(incident, at)
        lines.append((at, 1 + number, Kind.RESUME if number % 2 else Kind.PAUSE, None))
    last = lines[-1][0]

    swept()

    assert again(made).state in ("active", "ended")
    if start < begin + length:
        lines += expected(made, opened, last, start, begin, hours)
    found = clock(incident)
    oracle = engine.replay(plain(lines, found), timetable_of, found.elapsed_at)
    columns = ("state", "target_seconds", "elapsed_seconds", "breached_at", "due_at")
    stored = {name: getattr(found, name) for name in columns}
    assert stored == {name: getattr(oracle, name) for name in columns}
    assert clean() == []


def first_target(start, begin, length, hours):
    return (hours if begin <= start < begin + length else 8) * HOUR


def expected(made, opened, last, start, begin, hours):
    """The two lines that the change adds; one that lies behind the log's end comes at its end."""
    lines = []
    if start < begin and max(made.starts_at, last) < made.ends_at:
        lines.append((max(made.starts_at, last), 100, Kind.RETARGET, hours * HOUR))
    if lines or start >= begin:
        lines.append((max(made.ends_at, last), 101, Kind.RETARGET, 8 * HOUR))
    return lines


def plain(lines, found):
    key = (found.calendar_version_id, found.calendar_kind, found.zone)
    assert timetable(found.calendar_version_id, found.calendar_kind, None)
    return [
        Event(
            at=at, seq=seq, kind=kind, target_seconds=target, lift=kind is Kind.RETARGET,
            calendar_key=key if kind is Kind.START else None,
        )
        for at, seq, kind, target in lines
    ]  # fmt: skip
