"""The lifecycle of a request through its actions, with approvals, tasks, clocks and story."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from core.errors import Refused
from records import approvals
from records.models import Approval, PendingReason, Task
from servicedesk.models import ServiceRequest
from servicedesk.requests.actions import approving, due, fulfilling, messages, ordering
from slm import work
from slm.models import Clock
from tests.servicedesk.requests.shop import LIGHT, MORNING, STRONG, ordered
from tests.world import sh

State = ServiceRequest.State
TEN, TWO, THREE = sh(10, 8, 10), sh(10, 8, 14), sh(10, 8, 15)


def clock(request, metric, kind="sla"):
    return Clock.objects.filter(record=request, metric=metric, clock_kind=kind).latest("pk")


def approve(request, by, at=TEN, vote="approve", comment=""):
    question = Approval.objects.get(record=request, state="pending")
    approvals.answer(question, by=by, vote=vote, comment=comment, at=at)
    return ServiceRequest.objects.get(pk=request.pk)


def finish_tasks(request, by, at=TWO):
    for task in request.tasks.filter(is_mandatory=True).order_by("seq"):
        work.move_task(task, "complete", by=by, at=at)
    return ServiceRequest.objects.get(pk=request.pk)


def in_work(world, **fields):
    return approve(ordered(world, **fields), world.owner)


def fulfilled(world, at=THREE):
    request = finish_tasks(in_work(world), world.agent)
    return fulfilling.fulfil(request, by=world.agent, at=at, resolution="It is on your desk")


def at_state(world, state):  # noqa: PLR0911 - one state a line
    """A request in this state, reached as it is in life (submitted and approved are passed)."""
    if state in {State.SUBMITTED, State.APPROVED}:
        request = ordered(world, world.wifi)
        ServiceRequest.objects.filter(pk=request.pk).update(state=state, phase="open")
        return ServiceRequest.objects.get(pk=request.pk)
    request = ordered(world)
    if state == State.AWAITING:
        return request
    if state in {State.REJECTED, State.DRAFT}:
        request = approve(request, world.owner, vote="reject", comment="No")
        return ordering.revise(request, by=world.requester) if state == State.DRAFT else request
    if state == State.CANCELLED:
        return fulfilling.cancel(request, by=world.requester, reason="No need")
    request = approve(request, world.owner)
    if state == State.FULFILMENT:
        return request
    if state == State.PENDING:
        reason = PendingReason.objects.get(code="wait_customer")
        return fulfilling.hold(request, by=world.agent, reason=reason, at=sh(10, 8, 11))
    request = finish_tasks(request, world.agent)
    request = fulfilling.fulfil(request, by=world.agent, at=sh(10, 8, 15))
    if state == State.FULFILLED:
        return request
    return fulfilling.confirm(request, by=world.requester, at=sh(10, 8, 16))


@pytest.mark.feature("AU-04")
def test_the_whole_way_from_order_to_confirmation(world):
    request = ordered(world, answers=STRONG, quantity=2)
    assert (request.state, request.phase) == ("awaiting_approval", "waiting")
    assert (request.unit_price, request.total_price) == (9000, 18000)
    assert request.number.startswith("SRQ-")
    assert request.title == "笔记本电脑 × 2"

    request = approve(request, world.owner)
    assert request.state == "in_fulfilment"
    assert [task.title for task in request.tasks.all()] == ["采购", "安装", "回收旧机"]

    request = finish_tasks(request, world.agent)
    request = fulfilling.fulfil(request, by=world.agent, at=sh(10, 8, 15))
    request = fulfilling.confirm(request, by=world.requester, at=sh(10, 9, 9))

    assert (request.state, request.closure_via) == ("closed", "customer_confirmed")
    assert [entry.verb for entry in request.timeline.order_by("seq") if
            entry.verb.startswith("request.")] == [
        "request.opened", "request.approval_requested", "request.approved", "request.started",
        "request.fulfilled", "request.confirmed",
    ]  # fmt: skip


def test_without_approval_and_tasks_the_desk_begins_by_hand(world):
    request = ordered(world, world.wifi)
    assert request.state == "approved"

    request = fulfilling.start(request, by=world.agent, at=sh(10, 8, 9, 30))

    assert (request.state, request.assignee) == ("in_fulfilment", world.agent)
    assert clock(request, "response").state == "met"


@pytest.mark.feature("AU-04")
def test_tasks_are_due_in_working_time_and_wait_for_each_other(world):
    request = in_work(world)
    first, second, third = request.tasks.order_by("seq")

    with pytest.raises(Refused):
        work.move_task(second, "start", by=world.agent)

    assert first.due_at == sh(10, 9, 10, 30)  # 8 h from 10:00: 2 + 4.5 today, 1.5 tomorrow
    assert second.due_at > first.due_at
    assert third.due_at is None
    work.move_task(first, "complete", by=world.agent)
    assert work.move_task(second, "start", by=world.agent).state == "in_progress"


def test_it_is_not_fulfilled_while_a_task_that_must_be_done_is_open(world):
    request = in_work(world)

    with pytest.raises(Refused, match="still open"):
        fulfilling.fulfil(request, by=world.agent)


def test_the_system_fulfils_where_the_offering_says_so(world):
    world.laptop.fulfils_itself = True
    world.laptop.save()
    request = finish_tasks(in_work(world), world.agent)

    request = fulfilling.fulfil_if_all_is_done(request)

    assert request.state == "fulfilled"
    assert request.resolution == "所订购的内容均已完成。" or request.resolution


def test_the_clocks_wait_for_the_approval_where_the_target_says_so(world):
    request = ordered(world, at=sh(10, 8, 9))
    assert clock(request, "fulfilment").state == "paused"
    assert clock(request, "response").state == "running"

    request = approve(request, world.owner, at=sh(10, 8, 11))

    found = clock(request, "fulfilment")
    assert (found.state, found.elapsed_seconds) == ("running", 0)


def test_a_dispute_resumes_the_clock_and_counts(world):
    request = fulfilled(world)
    assert clock(request, "fulfilment").state == "met"

    request = fulfilling.dispute(
        request, by=world.requester, reason="The dock is missing", at=sh(10, 9, 9)
    )

    assert (request.state, request.reopen_count, request.resolved_at) == ("in_fulfilment", 1, None)
    assert clock(request, "fulfilment").state == "running"


def test_a_dispute_after_the_window_is_refused(world):
    request = fulfilled(world)

    with pytest.raises(Refused):
        fulfilling.dispute(request, by=world.requester, reason="Late", at=sh(11, 8, 9))


@pytest.mark.feature("SD-12")
def test_silence_closes_it_after_working_days(world):
    request = fulfilled(world)
    assert fulfilling.auto_close(request, at=sh(10, 9, 9)) is None

    closed = fulfilling.auto_close(request, at=sh(10, 16, 9))

    assert (closed.state, closed.closure_via) == ("closed", "auto")


def test_a_rejection_tells_why_and_can_be_revised_under_the_same_number(world):
    request = approve(ordered(world), world.owner, vote="reject", comment="Too dear")
    assert (request.state, request.rejection_reason) == ("rejected", "Too dear")
    assert clock(request, "fulfilment").state == "cancelled"

    draft = ordering.revise(request, by=world.requester, at=sh(10, 8, 11))
    again = ordering.resubmit(draft, by=world.requester, answers=LIGHT, at=sh(10, 8, 12))

    assert (draft.is_queued, again.number) == (False, request.number)
    assert (again.state, again.is_queued, again.rejection_reason) == ("awaiting_approval", True, "")
    assert clock(again, "fulfilment").cycle == 1
    assert again.approvals.filter(state="pending").count() == 1


def test_the_desk_may_reject_and_nobody_has_to_decide_any_more(world):
    request = approving.reject(ordered(world), by=world.agent, reason="Not this year")

    assert request.state == "rejected"
    assert set(request.approvals.values_list("state", flat=True)) == {"cancelled"}


def test_cancelling_cancels_tasks_approvals_and_clocks(world):
    request = fulfilling.cancel(in_work(world), by=world.agent, reason="Left the company")

    assert request.state == "cancelled"
    assert set(request.tasks.values_list("state", flat=True)) == {Task.State.CANCELLED}
    assert clock(request, "fulfilment").state == "cancelled"


def test_the_requester_takes_it_back_only_before_the_work_begins(world):
    early, late = ordered(world), in_work(world)

    assert fulfilling.cancel(early, by=world.requester, reason="No").state == "cancelled"
    with pytest.raises(PermissionDenied):
        fulfilling.cancel(late, by=world.requester, reason="No")


def test_waiting_for_the_requester_ends_with_the_answer(world):
    request = at_state(world, State.PENDING)
    assert clock(request, "fulfilment").state == "paused"

    request, entry = messages.reply(
        request, by=world.requester, body="The grey one", at=sh(10, 8, 14)
    )

    assert entry.data["from_desk"] is False
    assert request.state == "in_fulfilment"
    assert clock(request, "fulfilment").state == "running"


@pytest.mark.feature("SD-13")
def test_a_word_on_a_finished_order_opens_a_report_that_follows(world):
    request = at_state(world, State.CLOSED)

    made, entry = messages.reply(request, by=world.requester, body="The screen flickers")

    assert entry is None
    assert made.kind == "incident"
    assert made.links_out.get(type="follows").target.pk == request.pk


def test_after_the_last_reminder_it_is_called_off(world):
    request = at_state(world, State.PENDING)

    request = due.give_up(request, sh(10, 12, 9))

    assert request.state == "cancelled"


@pytest.mark.feature("CH-09")
def test_nobody_approves_their_own_order(world):
    own = ordered(world, by=world.agent, requester=world.requester)
    question = own.approvals.get()

    for person in (world.requester, world.agent):
        with pytest.raises(PermissionDenied):
            approvals.answer(question, by=person, vote="approve")


def test_what_the_person_may_not_have_is_refused(world):
    world.wifi.organizations.add(world.other)

    with pytest.raises(Refused):
        ordered(world, world.wifi)
    assert ordered(world, world.wifi, by=world.stranger).state == "approved"


def test_more_than_the_most_is_refused_at_its_field(world):
    with pytest.raises(ValidationError) as told:
        ordered(world, quantity=6)

    assert "quantity" in told.value.message_dict


def test_the_price_stays_as_it_was_ordered(world):
    request = ordered(world)
    world.laptop.price = 7000
    world.laptop.save()

    assert ServiceRequest.objects.get(pk=request.pk).total_price == 6000
    assert request.offering_version.price == 6000


# --- every row of the table --------------------------------------------------------------------

STEPS = {
    "submit": ({State.DRAFT}, "requester", {}),
    "reject": ({State.SUBMITTED, State.AWAITING}, "agent", {"reason": "no", "at": MORNING}),
    "revise": ({State.REJECTED}, "requester", {}),
    "fulfil_start": ({State.APPROVED}, "agent", {}),
    "wait": ({State.FULFILMENT}, "agent",
             {"reason": None, "until": None, "at": MORNING, "chase_at": None}),
    "resume": ({State.PENDING}, "agent", {}),
    "confirm": ({State.FULFILLED}, "requester", {"at": MORNING, "via": "auto"}),
    "dispute": ({State.FULFILLED}, "requester", {}),
    "cancel": ({State.DRAFT, State.SUBMITTED, State.AWAITING, State.APPROVED, State.FULFILMENT,
                State.PENDING}, "agent", {"at": MORNING}),
    "request_approval": ({State.SUBMITTED}, None, {}),
    "approve": ({State.AWAITING}, None, {}),
    "auto_approve": ({State.SUBMITTED}, None, {}),
}  # fmt: skip
SYSTEM_ONLY = {"request_approval", "approve", "auto_approve"}


@pytest.mark.parametrize("state", State.values)
def test_each_state_leads_on_by_its_own_steps_only(world, state):
    from core.lifecycle import take

    untouched = at_state(world, state)
    for name, (sources, who, inputs) in STEPS.items():
        request = at_state(world, state) if state in sources else untouched
        by = getattr(world, who) if who else None
        if state not in sources:
            with pytest.raises(Refused):
                take(request, name, by=by, **inputs)
            continue
        before = request.state
        if name in SYSTEM_ONLY:
            with pytest.raises(PermissionDenied):
                take(request, name, by=world.agent, **inputs)
        elif name not in {"submit", "revise", "confirm", "dispute"}:
            with pytest.raises(PermissionDenied):
                take(request, name, by=world.stranger, **inputs)
        take(request, name, by=by, **inputs)
        assert request.state != before


@pytest.mark.parametrize("who", ["stranger", "colleague", "auditor", "owner"])
def test_who_has_no_part_in_it_takes_no_step(world, who):
    request = fulfilled(world)

    with pytest.raises(PermissionDenied):
        fulfilling.confirm(request, by=getattr(world, who))
