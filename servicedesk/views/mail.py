"""Received mail for administrators: what came in, what became of it and why; decided once more."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from core.access import Gate, access
from core.errors import Refused
from core.formats import count_text
from core.paging import paginate
from core.text import without_nul
from records.models import Record
from records.policies import can_read_notes
from servicedesk.mail import intake, words
from servicedesk.models import InboundMessage, Mailbox, UndeliverableAddress
from servicedesk.models.mail import HELD, TAKEN, Decision

MOST_COUNTED = 1000
HELD_ONES = "held"
LOOKS = {
    **dict.fromkeys(TAKEN, ("ok", "circle-check")), **dict.fromkeys(HELD, ("warn", "circle-pause")),
    Decision.QUARANTINED: ("danger", "octagon-alert"),
    **dict.fromkeys(
        (Decision.IGNORED_AUTO, Decision.IGNORED_BOUNCE, Decision.IGNORED_LOOP,
         Decision.IGNORED_OWN, Decision.DUPLICATE), ("mute", "circle-slash"),
    ),
}  # fmt: skip


class Filter(forms.Form):
    decision = forms.ChoiceField(
        label=gettext_lazy("Decision"), required=False,
        choices=[("", ""), (HELD_ONES, gettext_lazy("All that are held")), *Decision.choices],
    )  # fmt: skip
    mailbox = forms.ModelChoiceField(
        Mailbox.objects.all(), to_field_name="code", label=gettext_lazy("Mailbox"), required=False
    )
    q = forms.CharField(
        label=gettext_lazy("Ticket number, sender or subject"), required=False, max_length=120
    )


@require_GET
@access(Gate.ADMIN)
def received(request):
    form = Filter(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    mails = InboundMessage.objects.select_related("mailbox", "record")
    mails = mails.defer("text", "quoted", "headers")
    page = paginate(
        narrowed(mails, asked), order=("-pk",),
        after=request.GET.get("after", ""), before=request.GET.get("before", ""),
    )  # fmt: skip
    for mail in page:
        prepare(mail)
    everything = InboundMessage.objects
    waiting = everything.filter(state=InboundMessage.State.RECEIVED)
    context = {
        "page": page, "form": form, "is_narrowed": any(asked.values()),
        "held": counted(everything.held()), "waiting": counted(waiting),
        "failing": list(Mailbox.objects.active().exclude(failing_since=None)),
        "has_boxes": Mailbox.objects.exists(),
        "decisions": form.fields["decision"].choices[1:],
        "boxes": Mailbox.objects.all(),
        "chosen": {"decision": request.GET.get("decision", ""), "box": request.GET.get("mailbox", "")},
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "servicedesk/mail/received.html", context, status=status)


@require_GET
@access(Gate.ADMIN)
def received_mail(request, pk):
    rows = InboundMessage.objects.select_related("mailbox", "record", "person")
    mail = get_object_or_404(rows, pk=pk)
    prepare(mail)
    mail.notes_text = words.notes(mail.notes)
    decisions = list(mail.decisions.select_related("by", "record"))
    for one in decisions:
        one.why_text = words.sentences(one.why)
        one.tone, one.icon = LOOKS[Decision(one.decision)]
    may_see = mail.record is not None and sees(request.user, mail.record)
    context = {
        "mail": mail, "decisions": decisions, "may_see_record": may_see,
        "may_decide": mail.decision not in TAKEN,
    }  # fmt: skip
    return render(request, "servicedesk/mail/one.html", context)


@require_GET
@access(Gate.ADMIN)
def original(request, pk):
    return as_file(get_object_or_404(InboundMessage, pk=pk))


@require_GET
@access(Gate.AGENT)
def original_of_entry(request, pk):
    """The mail behind an entry of a ticket's story, for those who read its notes (CN-07)."""
    mail = InboundMessage.objects.filter(entry_id=pk).select_related("record", "entry").first()
    if mail is None or not sees(request.user, mail.record) or mail.entry.redacted_at:
        raise Http404
    if not can_read_notes(mail.record, request.user):
        raise PermissionDenied
    return as_file(mail)


@require_POST
@access(Gate.ADMIN)
def decide_again(request, pk):
    mail = get_object_or_404(InboundMessage, pk=pk)
    try:
        decision = intake.decide_again(
            mail.pk, by=request.user, insists=request.POST.get("insists") == "1"
        )
    except Refused as refusal:
        messages.warning(request, "; ".join(str(reason) for reason in refusal.reasons))
    else:
        label = Decision(decision).label
        messages.success(request, _("Decided once more: %(decision)s.") % {"decision": label})
    return redirect("servicedesk:mail_in_one", mail.pk)


@require_GET
@access(Gate.ADMIN)
def addresses(request):
    """Addresses that mail servers refused for good."""
    rows = UndeliverableAddress.objects.select_related("message")
    page = paginate(
        rows, order=("-pk",),
        after=request.GET.get("after", ""), before=request.GET.get("before", ""),
    )  # fmt: skip
    return render(request, "servicedesk/mail/addresses.html", {"page": page})


@require_POST
@access(Gate.ADMIN)
def address_works(request, pk):
    found = get_object_or_404(UndeliverableAddress, pk=pk)
    intake.address_works(found, by=request.user)
    messages.success(request, _("Mails go to %(address)s again.") % {"address": found.address})
    return redirect("servicedesk:mail_addresses")


def narrowed(mails, asked):
    if asked.get("decision") == HELD_ONES:
        mails = mails.held()
    elif asked.get("decision"):
        mails = mails.filter(decision=asked["decision"])
    if asked.get("mailbox"):
        mails = mails.filter(mailbox=asked["mailbox"])
    if text := without_nul(asked.get("q") or "").strip():
        mails = mails.filter(
            Q(record__number=text.upper()) | Q(sender__icontains=text) | Q(subject__icontains=text)
        )
    return mails


def counted(mails):
    return count_text(mails[: MOST_COUNTED + 1].count(), MOST_COUNTED)


def sees(person, record):
    return Record.objects.visible_to(person).filter(pk=record.pk).exists()


def prepare(mail):
    """What a row shows beside its own columns."""
    known = mail.decision in Decision.values
    mail.tone, mail.icon = LOOKS[Decision(mail.decision)] if known else ("info", "clock")
    mail.label = Decision(mail.decision).label if known else _("Waiting")
    mail.why_text = words.sentences(mail.why)
    mail.shown_subject = mail.subject or _("(no subject)")


def as_file(mail):
    """As a file to save, never as a page: what stands in it is a stranger's."""
    response = HttpResponse(bytes(mail.original.content), content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="mail-{mail.pk}.eml"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    return response
