"""What a requester does on a request: answer, confirm, reject, take back, follow, let others in.

Each form can be sent twice and works once; what is wrong comes back with what was typed.
"""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.access import Gate, access
from core.forms import once
from core.pages import check
from incidents import policies as incidents
from servicedesk.forms.portal import ConfirmForm, InviteForm, RejectForm, ReplyForm, TakeBackForm
from servicedesk.portal import actions, finding, policies
from servicedesk.views.portal.common import blame, go
from servicedesk.views.portal.request import page_of
from slm import work


def place(record, anchor=""):
    return reverse("portal:request", args=[record.number]) + anchor


def _once(request, found, form, make, *, name, draft=""):
    """Check the form, do the work once, go on; or show the page with the form's errors."""
    if form.is_valid():
        try:
            url = once(request.user, form.cleaned_data["submit_token"], lambda: make(form))
        except ValidationError as error:
            blame(form, error)
        else:
            return go(request, url, draft=draft)
    context = page_of(request, found, **{name: form})
    return render(request, "portal/request.html", context, status=422)


@require_POST
@access(Gate.SIGNED_IN)
def reply(request, number):
    """A message: an answer where we asked, a new request where this one is finished."""
    found = finding.find(request.user, number)
    check(policies.takes_part, found, request.user)
    check(policies.can_report, None, request.user)
    form = ReplyForm(request.POST, request.FILES, auto_id="reply_%s")

    def make(form):
        record, entry = work.do(
            found, "reply", by=request.user, body=form.cleaned_data["body"],
            uploads=form.cleaned_data["files"],
        )  # fmt: skip
        if entry is None:
            messages.success(
                request,
                _("%(old)s is finished, so we opened a new request for you: %(new)s.")
                % {"old": found.number, "new": record.number},
            )
            return reverse("portal:sent", args=[record.number])
        messages.success(request, _("Sent. The service desk has your message."))
        return place(record, "#conversation")

    return _once(request, found, form, make, name="reply_form", draft=found.number)


@require_POST
@access(Gate.SIGNED_IN)
def confirm(request, number):
    found = finding.find(request.user, number)
    check(policies.takes_part, found, request.user)
    check(incidents.can_confirm, found, request.user)
    form = ConfirmForm(request.POST, auto_id="confirm_%s")

    def make(form):
        work.do(found, "confirm", by=request.user, comment=form.cleaned_data["comment"])
        messages.success(request, _("Thank you. The request is finished."))
        return place(found)

    return _once(request, found, form, make, name="confirm_form")


@require_POST
@access(Gate.SIGNED_IN)
def reject(request, number):
    found = finding.find(request.user, number)
    check(policies.takes_part, found, request.user)
    form = RejectForm(request.POST, request.FILES, auto_id="reject_%s")

    def make(form):
        work.do(
            found, "reject", by=request.user, reason=form.cleaned_data["reason"],
            uploads=form.cleaned_data["files"],
        )  # fmt: skip
        messages.success(request, _("We go on with it and tell you as soon as there is news."))
        return place(found)

    return _once(request, found, form, make, name="reject_form", draft=f"{found.number}-reject")


@require_POST
@access(Gate.SIGNED_IN)
def take_back(request, number):
    found = finding.find(request.user, number)
    check(policies.takes_part, found, request.user)
    form = TakeBackForm(request.POST, auto_id="back_%s")

    def make(form):
        work.do(found, "cancel", by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("You have taken the request back."))
        return place(found)

    return _once(request, found, form, make, name="take_back_form")


@require_POST
@access(Gate.SIGNED_IN)
def take_part(request, number):
    found = finding.find(request.user, number)
    actions.take_part(found, by=request.user)
    messages.success(request, _("You take part now: we tell you what we tell the requester."))
    return go(request, place(found))


@require_POST
@access(Gate.SIGNED_IN)
def follow(request, number):
    """follow=1 begins, follow=0 ends it. Ending it may end seeing the request."""
    found = finding.find(request.user, number)
    if request.POST.get("follow") == "0":
        actions.unfollow(found, by=request.user)
        messages.success(request, _("You follow %(number)s no more.") % {"number": found.number})
        is_seen = finding.shown_to(request.user).filter(pk=found.pk).exists()
        return go(request, place(found) if is_seen else reverse("portal:requests"))
    actions.follow(found, by=request.user)
    messages.success(request, _("You follow this request now."))
    return go(request, place(found))


@require_POST
@access(Gate.SIGNED_IN)
def invite(request, number):
    found = finding.find(request.user, number)
    check(policies.can_invite, found, request.user)
    form = InviteForm(request.POST, person=request.user, auto_id="invite_%s")

    def make(form):
        person = form.cleaned_data["person"]
        actions.invite(found, person, by=request.user)
        messages.success(request, _("%(name)s takes part now.") % {"name": person.name})
        return place(found)

    return _once(request, found, form, make, name="invite_form")
