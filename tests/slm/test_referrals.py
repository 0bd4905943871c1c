"""Work handed to a supplier: steps row by row, the contract's own clock, and the record that waits."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from core.errors import Refused
from incidents.actions import lifecycle
from people import actions as people
from people.models import Person, SupportGroup
from records.models import Record, TimelineEntry
from slm.actions import referrals
from slm.models import Clock, SupplierReferral
from slm.terms import ClockKind
from tests.slm.stories import report
from tests.world import group, person, promise, sh

pytestmark = [pytest.mark.django_db, pytest.mark.feature("S-12")]
START = sh(10, 8, 9)  # a Thursday, the desk opens


@pytest.fixture
def handed(world):
    """An incident at work, promised in 8 hours, and a supplier under a contract of 4 hours."""
    promise(world, ("response", 1), ("resolution", 8))
    world.supplier = people.create_organization(
        by=None, code="NETCO", name_en="Net Company", name_zh="网络公司", kind="supplier"
    )
    world.vendors = group(
        world, "NETCO-T", "Net Company support", SupportGroup.Kind.SUPPLIER,
        supplier=world.supplier,
    )  # fmt: skip
    world.technician = person(world, "T1", "Tina Vendor", world.supplier, groups=[world.vendors])
    world.contract = promise(
        world, ("response", 1), ("resolution", 4), kind="uc", title="Lines",
        supplier=world.supplier,
    )  # fmt: skip
    incident = report(world, at=START)
    incident = lifecycle.assign(
        incident, by=world.agent, group=world.central, person=world.agent, at=START
    )
    world.incident = lifecycle.start(incident, by=world.agent, at=START)
    return world


def send(world, *, at=START, by=None, **fields):
    values = {
        "supplier": world.supplier, "question": "The line is down", "contact": "noc@netco.example",
    } | fields  # fmt: skip
    return referrals.refer(world.incident, by=by or world.agent, at=at, **values)


def hours(n):
    return START + timedelta(hours=n)


def contract_clocks(world):
    rows = Clock.objects.filter(record_id=world.incident.pk, clock_kind=ClockKind.UC)
    return {row.metric: row for row in rows}


def now_of(world):
    return Record.objects.select_related("pending_reason").get(pk=world.incident.pk)


def test_it_is_sent_and_the_record_waits_while_its_own_promise_runs_on(handed):
    made = send(handed)

    assert made.number.startswith("REF-")
    assert (made.state, made.agreement_id) == ("sent", handed.contract.pk)
    assert now_of(handed).state == "pending"
    assert now_of(handed).pending_reason.code == "wait_supplier"
    assert {m: c.state for m, c in contract_clocks(handed).items()} == {
        "response": "running", "resolution": "running",
    }  # fmt: skip
    ours = Clock.objects.get(record_id=handed.incident.pk, clock_kind="sla", metric="resolution")
    assert ours.state == "running"


def test_the_suppliers_clocks_stop_with_what_they_do(handed):
    made = send(handed)

    made = referrals.acknowledge(made, by=handed.agent, external_ref="N-77", at=hours(0.5))
    answered = contract_clocks(handed)["response"]
    made = referrals.answer(made, by=handed.agent, text="Line card replaced", at=hours(2))
    clocks = contract_clocks(handed)

    assert (answered.state, answered.elapsed_seconds) == ("met", 1800)
    assert (clocks["resolution"].state, clocks["resolution"].elapsed_seconds) == ("met", 7200)
    assert (made.external_ref, made.answer_text) == ("N-77", "Line card replaced")
    assert now_of(handed).state == "in_progress"
    made = referrals.accept(made, by=handed.agent, at=hours(2.5))
    assert (made.state, made.closed_at) == ("closed", hours(2.5))


def test_a_rejected_answer_is_their_turn_again_without_the_time_at_our_desk(handed):
    made = send(handed)
    referrals.answer(made, by=handed.agent, text="Try now", at=hours(1))
    made = referrals.reject_answer(
        SupplierReferral.objects.get(pk=made.pk), by=handed.agent, reason="Still down", at=hours(2)
    )
    waits = now_of(handed).state
    made = referrals.answer(made, by=handed.agent, text="Really now", at=hours(3))

    assert (made.state, made.rejections) == ("answered", 1)
    assert waits == "pending"
    assert contract_clocks(handed)["resolution"].elapsed_seconds == 2 * 3600


def test_recalled_work_counts_neither_for_nor_against_them(handed):
    made = send(handed)

    made = referrals.recall(made, by=handed.agent, reason="Found it ourselves", at=hours(1))

    assert made.state == "recalled"
    assert {clock.state for clock in contract_clocks(handed).values()} == {"cancelled"}
    assert now_of(handed).state == "in_progress"


def test_the_record_goes_on_only_when_no_supplier_is_asked_any_more(handed):
    first, second = send(handed), send(handed, question="And the router?")

    referrals.answer(first, by=handed.agent, text="Done", at=hours(1))
    between = now_of(handed).state
    referrals.answer(second, by=handed.agent, text="Done too", at=hours(1))

    assert between == "pending"
    assert now_of(handed).state == "in_progress"


def test_without_a_contract_a_reason_is_needed(handed):
    other = people.create_organization(by=None, code="ADHOC", name_en="Ad hoc", kind="supplier")
    with pytest.raises(ValidationError) as refused:
        send(handed, supplier=other)
    made = send(handed, supplier=other, reason="Only they know the machine")

    assert "reason" in refused.value.message_dict
    assert (made.agreement_id, made.reason) == (None, "Only they know the machine")
    assert contract_clocks(handed) == {}


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"question": " "}, "question"), ({"contact": ""}, "contact")],
)
def test_what_is_missing_is_said_at_its_field(handed, fields, field):
    with pytest.raises(ValidationError) as refused:
        send(handed, **fields)

    assert field in refused.value.message_dict
    assert not SupplierReferral.objects.exists()


def test_only_a_supplier_is_referred_to(handed):
    with pytest.raises(ValidationError):
        send(handed, supplier=handed.sales)


def test_the_suppliers_technician_sees_and_answers_and_takes_no_step_of_ours(handed):
    made = send(handed)
    technician = Person.objects.get(pk=handed.technician.pk)

    assert Record.objects.visible_to(technician).filter(pk=handed.incident.pk).exists()
    made = referrals.acknowledge(made, by=technician, external_ref="N-1", at=hours(1))
    made = referrals.answer(made, by=technician, text="Done", at=hours(2))
    with pytest.raises(PermissionDenied):
        referrals.accept(made, by=technician)
    with pytest.raises(PermissionDenied):
        referrals.refer(
            handed.incident, by=technician, supplier=handed.supplier, question="x", contact="y"
        )
    assert now_of(handed).state == "in_progress"


@pytest.mark.parametrize("who", ["requester", "colleague", "stranger", "auditor"])
def test_others_neither_refer_nor_answer(handed, who):
    other = getattr(handed, who)
    with pytest.raises(PermissionDenied):
        send(handed, by=other)
    made = send(handed)
    for act, inputs in (
        (referrals.acknowledge, {"external_ref": "x"}),
        (referrals.answer, {"text": "x"}),
        (referrals.recall, {"reason": "x"}),
    ):
        with pytest.raises(PermissionDenied):
            act(made, by=other, **inputs)


@pytest.mark.parametrize(
    ("state", "allowed"),
    [
        ("sent", {"acknowledge", "answer", "recall"}),
        ("acknowledged", {"answer", "recall"}),
        ("answered", {"accept", "reject_answer"}),
        ("closed", set()),
        ("recalled", set()),
    ],
)
def test_each_state_takes_its_own_steps_and_refuses_the_others(handed, state, allowed):
    made = send(handed)
    path = {
        "sent": [], "acknowledged": ["acknowledge"], "answered": ["answer"],
        "closed": ["answer", "accept"], "recalled": ["recall"],
    }  # fmt: skip
    inputs = {
        "acknowledge": {"external_ref": "N"}, "answer": {"text": "t"}, "accept": {},
        "reject_answer": {"reason": "r"}, "recall": {"reason": "r"},
    }  # fmt: skip
    for name in path[state]:
        made = getattr(referrals, name)(made, by=handed.agent, **inputs[name])

    assert made.state == state
    assert {step.name for step in made.get_available_steps()} == allowed
    for name in set(inputs) - allowed:
        with pytest.raises(Refused):
            getattr(referrals, name)(made, by=handed.agent, **inputs[name])


def test_the_story_tells_each_step_to_those_who_work_here(handed):
    made = send(handed)
    referrals.answer(made, by=handed.agent, text="Done", at=hours(1))

    rows = TimelineEntry.objects.filter(record_id=handed.incident.pk, verb__startswith="referral.")
    assert list(rows.order_by("seq").values_list("verb", "visibility", "data__text")) == [
        ("referral.sent", "internal", "The line is down"),
        ("referral.answered", "internal", "Done"),
    ]
