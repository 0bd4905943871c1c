"""Outgoing mail for administrators: what waits, what went out to whom and why, what was given up."""

import re

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from core.access import Gate, access
from core.formats import count_text
from core.paging import paginate
from core.text import without_nul
from records.models import Notification
from servicedesk.models import UndeliverableAddress
from servicedesk.notices import holding, kept, rendering, repair, sending, wording
from servicedesk.notices.letters import LETTERS

Status = Notification.Status
WHY = {
    "requester": gettext_lazy("requester"),
    "affected": gettext_lazy("affected requester"),
    "watcher": gettext_lazy("follows it"),
    "assignee": gettext_lazy("works on it"),
    "group": gettext_lazy("hands out the group's work"),
    "lead": gettext_lazy("leads the group"),
    "manager": gettext_lazy("manages it"),
    "task": gettext_lazy("has the task"),
    "escalation": gettext_lazy("escalation"),
    "approver": gettext_lazy("has to answer"),
    "reviewer": gettext_lazy("reviews it"),
    "desk": gettext_lazy("belongs to the desk that gave or took it"),
    "author": gettext_lazy("wrote it"),
    "owner": gettext_lazy("owns it"),
}
TONES = {
    Status.PENDING: ("info", "clock"), Status.CLAIMED: ("info", "send"),
    Status.SENT: ("ok", "circle-check"), Status.SUPPRESSED: ("mute", "circle-slash"),
    Status.DEAD: ("danger", "octagon-alert"), Status.BOUNCED: ("danger", "undo-2"),
}  # fmt: skip
MOST_COUNTED = 1000
APPROVAL_LINK = re.compile(r"(https?://\S+?/a/)[\w:.-]+")


class Filter(forms.Form):
    status = forms.ChoiceField(
        label=gettext_lazy("Status"), required=False,
        choices=[("", gettext_lazy("All")), *Status.choices],
    )  # fmt: skip
    q = forms.CharField(
        label=gettext_lazy("Ticket number, name or address"), required=False, max_length=120
    )
    template = forms.ChoiceField(label=gettext_lazy("Letter"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        names = sorted((wording.name_of(one), one) for one in LETTERS)
        self.fields["template"].choices = [
            ("", gettext_lazy("Any letter")), *((one, name) for name, one in names),
        ]  # fmt: skip


@require_GET
@access(Gate.ADMIN)
def outgoing(request):
    mails = repair.mails_for(request.user)
    form = Filter(request.GET)
    words = form.cleaned_data if form.is_valid() else {}
    found = narrowed(
        mails, words.get("status"), (words.get("q") or "").strip(), words.get("template")
    )
    page = paginate(
        found, order=("-pk",),
        after=request.GET.get("after", ""), before=request.GET.get("before", ""),
    )  # fmt: skip
    for mail in page:
        prepare(mail)
    context = {
        "page": page,
        "form": form,
        "is_narrowed": any(words.values()),
        "is_held": holding.is_held(),
        "counts": [
            (status, status.label, count(mails, status), TONES[status][0])
            for status in (Status.PENDING, Status.CLAIMED, Status.DEAD, Status.BOUNCED)
        ],
        "failing": count_text(
            UndeliverableAddress.objects.all()[: MOST_COUNTED + 1].count(), MOST_COUNTED
        ),
        "has_dead": mails.filter(status=Status.DEAD).exists(),
    }
    return render(request, "notices/outgoing.html", context, status=422 if form.errors else 200)


@require_GET
@access(Gate.ADMIN)
def outgoing_mail(request, pk):
    mail = get_object_or_404(
        repair.mails_for(request.user).select_related(
            "person__site", "person__organization", "record__organization", "entry__author",
            "entry__record",
        ),
        pk=pk,
    )  # fmt: skip
    prepare(mail)
    context = {"mail": mail, "may_retry": mail.status in repair.AGAIN, **content(mail)}
    return render(request, "notices/outgoing_mail.html", context)


@require_POST
@access(Gate.ADMIN)
def outgoing_retry(request, pk):
    mail = get_object_or_404(repair.mails_for(request.user), pk=pk)
    if repair.retry(mail, by=request.user):
        messages.success(request, _("The mail is queued once more."))
    else:
        messages.warning(request, _("This mail is on its way or was sent already."))
    return redirect("servicedesk:outgoing_mail", pk)


@require_POST
@access(Gate.ADMIN)
def outgoing_retry_dead(request):
    moved = repair.retry_dead(by=request.user)
    text = ngettext("%(n)d mail is queued once more.", "%(n)d mails are queued once more.", moved)
    messages.success(request, text % {"n": moved})
    return redirect("servicedesk:outgoing")


@require_POST
@access(Gate.ADMIN)
def outgoing_hold(request):
    held = request.POST.get("held") == "1"
    repair.hold(held, by=request.user)
    text = _("All mail is held.") if held else _("Mail goes out again within some seconds.")
    messages.success(request, text)
    return redirect("servicedesk:outgoing")


def narrowed(mails, status, words, template=""):
    if status:
        mails = mails.filter(status=status)
    if template:
        mails = mails.filter(template=template)
    if words := without_nul(words):
        mails = mails.filter(
            Q(record__number=words.upper())
            | Q(recipient__iexact=words)
            | Q(person__email__iexact=words)
            | Q(person__search__contains=words.casefold())
        )
    return mails


def count(mails, status):
    return count_text(mails.filter(status=status)[: MOST_COUNTED + 1].count(), MOST_COUNTED)


def prepare(mail):
    """What a row shows beside its own columns."""
    mail.tone, mail.icon = TONES[Status(mail.status)]
    mail.why = WHY.get(mail.data.get("why") or mail.template, "")
    mail.letter_name = wording.name_of(mail.template)
    mail.reason_text = sending.reason_text(mail)
    mail.shown_subject = mail.subject or (mail.record.title if mail.record_id else mail.template)


def content(mail):
    """The kept mail where mails are kept; else what would be sent now."""
    found = kept.read(mail.message_id) if mail.status == Status.SENT else None
    if found is not None:
        body = found.get_body(("plain",))
        headers = [(name, str(value)) for name, value in found.items()]
        return {"headers": headers, "text": body.get_content() if body else "", "is_kept": True}
    # the link by which somebody else answers without signing in is theirs alone
    text = APPROVAL_LINK.sub(r"\1…", rendering.mail_of(mail).text)
    return {"text": text, "is_kept": False}
