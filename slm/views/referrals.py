"""What was handed to suppliers from a record: a section of its page, and the steps in it."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core import time
from core.pages import check
from records import policies as records
from slm import policies
from slm.actions import referrals
from slm.forms_referrals import STEP_FORMS, ReferForm
from slm.models import Clock, SupplierReferral
from slm.terms import ClockKind
from slm.views.work_rail import posted, section
from slm.workspace import agent_page, find_for_notes, find_readable
from slm.workspace_answers import answer

TITLES = {
    "acknowledge": lambda: (_("They have it"), _("Note it")),
    "answer": lambda: (_("They answered"), _("Note the answer")),
    "accept": lambda: (_("Accept the answer"), _("Accept")),
    "reject_answer": lambda: (_("Reject the answer"), _("Send it back")),
    "recall": lambda: (_("Recall the referral"), _("Recall")),
}
DONE = {
    "acknowledge": lambda: _("Their number is noted."),
    "answer": lambda: _("Their answer is noted."),
    "accept": lambda: _("The referral is closed."),
    "reject_answer": lambda: _("It is their turn again."),
    "recall": lambda: _("The referral is recalled."),
}


def seen_by(record, person):
    """All referrals for those who read the notes; a supplier's people, their own."""
    found = record.referrals.select_related("supplier", "agreement", "record__organization")
    if records.can_read_notes(record, person):
        return found
    own = person.access.all_group_ids
    return found.filter(supplier__supplier_groups__in=own).distinct()


@require_GET
@agent_page
def index(request, number):
    record = find_readable(request, number)
    rows = list(seen_by(record, request.user))
    if not rows and not records.can_read_notes(record, request.user):
        raise Http404
    clocks = {}
    for clock in Clock.objects.filter(record_id=record.pk, clock_kind=ClockKind.UC):
        clocks.setdefault(clock.referral, []).append(clock)
    now = time.now()
    for row in rows:
        row.record = record
        row.clocks = clocks.get(row.number, [])
        row.late = any(c.is_live and c.due_at and c.due_at < now for c in row.clocks)
        row.steps = [step for step in TITLES if _may(row, step, request.user)]
    return section(request, record, "referrals", rows=rows, title=_("Suppliers"))


def _may(referral, step, person):
    found = {one.name: one for one in referral.get_available_steps()}
    return step in found and found[step].permission(referral, person)


@require_http_methods(["GET", "POST"])
@agent_page
def new(request, number):
    record = find_for_notes(request, number)
    check(records.can_work, record, request.user)

    def act(cleaned):
        cleaned = {name: value for name, value in cleaned.items() if name != "submit_token"}
        referrals.refer(record, by=request.user, **cleaned)

    return answer(
        request, ReferForm(posted(request)), act, back=record.get_absolute_url(),
        title=_("Refer to a supplier"), submit=_("Send"),
        done=lambda cleaned: _("Sent to %(name)s.") % {"name": cleaned["supplier"].name},
        lead=_("The record waits for the supplier; its own promises run on."),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@agent_page
def step(request, number, pk, name):
    if name not in STEP_FORMS:
        raise Http404
    record = find_readable(request, number)
    referral = get_object_or_404(seen_by(record, request.user), pk=pk)
    rule = policies.can_speak_for_supplier if name in ("acknowledge", "answer") else (
        policies.can_refer
    )  # fmt: skip
    check(rule, referral, request.user)

    def act(cleaned):
        cleaned = {key: value for key, value in cleaned.items() if key != "submit_token"}
        fresh = SupplierReferral.objects.select_related("record", "supplier").get(pk=referral.pk)
        getattr(referrals, name)(fresh, by=request.user, **cleaned)

    title, submit = TITLES[name]()
    back = record.get_absolute_url()
    if not records.can_read_notes(record, request.user):
        back = reverse("work:referrals", args=[record.number])
    return answer(
        request, STEP_FORMS[name](posted(request)), act, back=back,
        title=f"{referral.number}: {title}", submit=submit, done=DONE[name](),
    )  # fmt: skip
