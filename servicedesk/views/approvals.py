"""What waits for a person's approval, and the answer: on the page, or by the link of a mail."""

import zoneinfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from core import time
from core.access import Gate, access
from core.errors import Refused
from core.pages import wants_partial
from core.paging import paginate
from records import approvals
from records.models import Approval, ApprovalVote, Record
from records.policies import can_read_notes
from servicedesk.approving import links, page
from servicedesk.forms.approvals import AnswerForm


@require_GET
@access(Gate.SIGNED_IN)
def index(request):
    person = request.user
    waiting = Approval.objects.waiting_for(person, time.now().date())
    waiting = waiting.select_related("record__requester").order_by("due_at", "pk")
    answered = paginate(
        page.answered_by(person), order=("-pk",), size=20,
        after=request.GET.get("after", ""), before=request.GET.get("before", ""),
    )  # fmt: skip
    context = {"waiting": list(waiting[:100]), "answered": answered}
    return render(request, "servicedesk/approvals/index.html", context)


@require_GET
@access(Gate.AGENT)
def of_record(request, number):
    """The stages of a ticket, in its rail."""
    record = get_object_or_404(Record.objects.visible_to(request.user), number=number)
    if not can_read_notes(record, request.user):
        raise Http404
    context = {"record": record, "stages": page.stages_of(record)}
    part = "_record" if wants_partial(request) else "record"
    return render(request, f"servicedesk/approvals/{part}.html", context)


@require_http_methods(["GET", "POST"])
@access(Gate.SIGNED_IN)
def detail(request, pk):
    approval = find(request.user, pk)
    return _answer(
        request, approval, request.user, "servicedesk/approvals/detail.html",
        via=ApprovalVote.Via.PAGE,
    )  # fmt: skip


def find(person, pk):
    """The question, where it is or was this person's to answer; everybody else never heard of it."""
    stands_for = Q(approvers__deputy=person, approvers__deputy_during__contains=time.now().date())
    answered = Q(votes__approver=person)
    found = Approval.objects.select_related("record").filter(
        Q(approvers=person) | stands_for | answered, pk=pk
    )
    approval = found.distinct().first()
    if approval is None or approval.state == Approval.State.PLANNED:
        raise Http404
    return approval


@never_cache
@require_http_methods(["GET", "POST"])
@access(Gate.ANYONE)
def by_link(request, token):
    """A mail program may open the link to look at it: only the button on the page answers."""
    approval, person = links.read(token)
    if approval is None or not page.is_asked(approval, person):
        return render(request, "servicedesk/approvals/link.html", {"question": None}, status=410)
    zone = zoneinfo.ZoneInfo(person.zone_name)
    with translation.override(person.locale), timezone.override(zone):
        request.LANGUAGE_CODE = person.locale
        return _answer(
            request, approval, person, "servicedesk/approvals/link.html",
            via=ApprovalVote.Via.MAIL,
        )  # fmt: skip


def _answer(request, approval, person, template, *, via):
    form = AnswerForm(request.POST or None)
    refused, status = [], 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                approvals.answer(
                    approval, by=person, via=via, vote=form.cleaned_data["vote"],
                    comment=form.cleaned_data["comment"],
                )  # fmt: skip
            except Refused as refusal:
                refused, status = refusal.reasons, 409
            except PermissionDenied:
                refused, status = [_("You may not decide this any more.")], 403
            else:
                return _done(request, approval, person, via, template)
    question = page.question(approval, person)
    context = {
        "question": question, "form": form, "refused": refused, "person": person,
        "stands_for": question.stands_for(person),
    }  # fmt: skip
    return render(request, template, context, status=status)


def _done(request, approval, person, via, template):
    if via == ApprovalVote.Via.PAGE:
        messages.success(request, _("Thank you. Your answer is noted."))
        return redirect("servicedesk:approvals")
    approval = Approval.objects.select_related("record").get(pk=approval.pk)
    context = {"question": page.question(approval, person), "person": person, "is_done": True}
    return render(request, template, context)
