"""The settings' own pages: start, the desk's settings, audit log, health."""

from datetime import datetime, timedelta
from datetime import time as clock_time

from django.contrib import messages
from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import outbox
from core import preferences as registry
from core.access import Gate, access
from core.forms import once
from core.models import AuditEntry, Message
from core.pages import check
from core.reference import REGISTRY, history
from core.text import without_nul
from itsm import health as state
from itsm.forms import AuditFilter, PreferencesForm


def may_read_audit(_subject, person):
    """Administrators and auditors (ITSM domain rules 7.2)."""
    return person.access.is_admin or person.access.has_role("AUD")


def may_open_settings(_subject, person):
    """Whoever can open at least one of its cards."""
    return may_read_audit(None, person) or any(
        reference.can_see(None, person) for reference in REGISTRY.values()
    )


@require_safe
@access(Gate.MANAGER)
def index(request):
    """All settings that this reader may open, in sections."""
    check(may_open_settings, None, request.user)
    sections = {}
    for reference in REGISTRY.values():
        if reference.can_see(None, request.user):
            card = {
                "href": reference.url(),
                "label": reference.label,
                "help": reference.help,
                "icon": reference.icon,
            }
            sections.setdefault(str(reference.section), []).append(card)
    if calendars := address("calendars:index"):
        card = {
            "href": calendars,
            "label": _("Calendars"),
            "help": _("Working hours, holidays and make-up days: every promise runs on one."),
            "icon": "calendar-days",
        }
        sections.setdefault(_("Service levels"), []).insert(0, card)
    sections |= system_cards(request.user)
    return render(request, "reference/settings.html", {"sections": sections})


def system_cards(person):
    if not may_read_audit(None, person):
        return {}
    cards = [
        (
            "settings:preferences", _("Desk settings"),
            _("Names, periods and limits that hold for the whole desk."), "sliders-horizontal",
        ),
        (
            "settings:health", _("Health"),
            _("Which parts have spoken, what waits, what has failed."), "activity",
        ),
    ]  # fmt: skip
    if person.access.is_admin:
        cards.append(
            (
                "servicedesk:outgoing", _("Outgoing mail"),
                _("What was sent, to whom and why; what waits, and how to hold it."), "mail",
            )
        )  # fmt: skip
        cards.append(
            (
                "servicedesk:mail_in", _("Received mail"),
                _("What came in and what became of it, and why; what is held; the mailboxes."),
                "inbox",
            )
        )  # fmt: skip
    cards.append(
        ("settings:audit", _("Audit log"), _("Who changed what, before and after."), "history")
    )
    return {
        _("System"): [
            {"href": reverse(name), "label": label, "help": text, "icon": icon}
            for name, label, text, icon in cards
        ]
    }


def address(name):
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def may_change_settings(_subject, person):
    return person.access.is_admin


@require_http_methods(["GET", "HEAD", "POST"])
@access(Gate.SETTINGS)
def preferences(request):
    if request.method == "POST":
        check(may_change_settings, None, request.user)
    form = PreferencesForm(request.POST or None)
    if form.is_valid():
        changes = form.changes()

        def make():
            for key, value in changes.items():
                registry.put(key, value, by=request.user)
            return reverse("settings:preferences")

        location = once(request.user, form.cleaned_data["submit_token"], make)
        messages.success(request, _("The settings are saved.") if changes else _("No change."))
        return redirect(location)
    entries = history.page_of(AuditEntry.objects.filter(table_name="core_setting"), size=10)
    for entry in entries:
        preference = registry.REGISTRY.get(entry.object_id)
        entry.subject = preference.label if preference else entry.object_id
    may_edit = may_change_settings(None, request.user)
    context = {"form": form, "entries": entries, "may_edit": may_edit}
    return render(
        request, "reference/preferences.html", context, status=422 if form.errors else 200
    )


@require_safe
@access(Gate.MANAGER)
def audit_log(request):
    """Every change, newest first, for administrators and auditors."""
    check(may_read_audit, None, request.user)
    tables = [
        (table, f"{model._meta.verbose_name} ({table})")
        for table, model in sorted(history.tables().items())
    ]
    asked = request.GET.copy()
    for name in ("actor", "object_id"):
        asked[name] = without_nul(asked.get(name, ""))
    form = AuditFilter(asked, tables=tables)
    entries = AuditEntry.objects.none()
    if form.is_valid():
        entries = AuditEntry.objects.filter(wanted(form.cleaned_data))
    page = history.page_of(
        entries, after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    context = {"form": form, "page": page, "is_filtered": any(form.cleaned_data.values())}
    return render(request, "reference/audit.html", context, status=422 if form.errors else 200)


def wanted(asked):
    """The Q of an audit filter; days are the reader's."""
    condition = Q()
    if asked.get("table"):
        condition &= Q(table_name=asked["table"])
    if asked.get("actor"):
        condition &= Q(actor_label__icontains=asked["actor"])
    if asked.get("object_id"):
        condition &= Q(object_id=asked["object_id"])
    if asked.get("since"):
        condition &= Q(at__gte=midnight(asked["since"]))
    if asked.get("until"):
        condition &= Q(at__lt=midnight(asked["until"] + timedelta(days=1)))
    return condition


def midnight(day):
    return timezone.make_aware(datetime.combine(day, clock_time()))


@require_safe
@access(Gate.SETTINGS)
def health(request):
    proof = state.clock_proof()
    context = {
        "beats": state.heartbeats(),
        "messages_state": state.messages(),
        "dead": state.dead_messages(),
        "notifications": state.notifications(),
        "last_mail": state.last_mail_sent(),
        "overdue": state.overdue_thresholds(),
        "proof": proof,
        "drifted": int(proof.value) if proof and proof.value is not None else 0,
        "warnings": state.calendar_warnings(),
        "disk": state.disk(),
        "database": state.database(),
        "may_retry": may_change_settings(None, request.user),
    }
    return render(request, "reference/health.html", context)


@require_POST
@access(Gate.ADMIN)
def retry_message(request, pk):
    message = Message.objects.filter(pk=pk).first() if pk < 2**63 else None
    if message is None:
        raise Http404
    outbox.retry(message, by=request.user)
    messages.success(request, _("The delivery will be tried again at once."))
    return redirect("settings:health")
