"""Pages of announcements for those who work here: the list, one, its form with a preview, steps."""

from functools import wraps

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import time
from core.access import Gate, access
from core.errors import Refused
from core.forms import once
from core.lifecycle import open_steps
from core.pages import check, wants_partial
from core.paging import paginate
from core.text import without_nul
from records import policies as records
from records.models import Record
from servicedesk.announcements import actions, facts, policies, proposing
from servicedesk.forms.announcements import (
    AnnouncementForm,
    FilterForm,
    PlainStepForm,
    WithdrawForm,
)
from servicedesk.models import Announcement
from slm.models import TargetVariation
from slm.workspace_feed import feed_of

RELATED = ("owner", "about", "variation", "organization")
STEPS = {
    "schedule": (
        PlainStepForm, actions.schedule, gettext_lazy("Schedule the announcement"),
        gettext_lazy("Schedule"), gettext_lazy("Scheduled. It goes out by itself."),
        gettext_lazy("It is published by itself when its time comes."),
    ),
    "publish": (
        PlainStepForm, actions.publish, gettext_lazy("Publish the announcement"),
        gettext_lazy("Publish now"), gettext_lazy("Published. Its readers are told."),
        gettext_lazy("Its readers see it from now on, and are told in the chosen ways."),
    ),
    "end": (
        PlainStepForm, actions.end, gettext_lazy("End the announcement"), gettext_lazy("End"),
        gettext_lazy("Ended. The banner is gone."),
        gettext_lazy("The banner goes. The announcement stays readable among the past ones."),
    ),
    "withdraw": (
        WithdrawForm, actions.withdraw, gettext_lazy("Withdraw the announcement"),
        gettext_lazy("Withdraw"), gettext_lazy("Withdrawn. Those who were told are told that too."),
        gettext_lazy("For what was wrong or does not come."),
    ),
}  # fmt: skip


def agent_page(view):
    """A page for those who work here; others are led to the portal's page of the same one."""
    inner = access(Gate.AGENT)(view)

    @wraps(view)
    def checked(request, number, **kwargs):
        person = request.user
        if person.is_authenticated and not policies.is_internal(person):
            return redirect("portal:announcement", number=find(request, number).number)
        return inner(request, number=number, **kwargs)

    checked.gate = Gate.AGENT
    return checked


def find(request, number):
    rows = Announcement.objects.visible_to(request.user).select_related(*RELATED)
    return get_object_or_404(rows, number=number.upper())


@require_GET
@access(Gate.AGENT)
def index(request):
    words = without_nul(request.GET.get("q", "")).strip()[:120]
    form = FilterForm(request.GET)
    kind = form.cleaned_data.get("kind", "") if form.is_valid() else ""
    rows = Announcement.objects.visible_to(request.user)
    for word in words.split()[:6]:
        rows = rows.filter(
            Q(title_en__icontains=word) | Q(title_zh__icontains=word) | Q(number__icontains=word)
        )
    if kind:
        rows = rows.filter(announcement_kind=kind)
    tabs = facts.tabs_of(rows)
    rules = {key: rule for key, _words, rule in facts.TABS}
    show = request.GET.get("show", "")
    show = show if show in rules else "now"
    page = paginate(
        rows.filter(rules[show]).select_related("owner"), order=("-updated_at", "-id"),
        after=request.GET.get("after", ""), before=request.GET.get("before", ""),
    )  # fmt: skip
    for row in page:
        facts.decorate(row)
    context = {
        "page": page, "tabs": tabs, "show": show, "q": words, "kind": kind, "form": form,
        "kinds": Announcement.Kind.choices, "total": sum(tab[2] for tab in tabs),
        "may_write": policies.can_write(None, request.user),
    }  # fmt: skip
    return render(request, "servicedesk/announcements/index.html", context)


@require_GET
@agent_page
def detail(request, number):
    announcement, person = find(request, number), request.user
    read, people = actions.readers_of(announcement)
    readings = announcement.readings.filter(acknowledged_at__isnull=False)
    page = paginate(
        readings.select_related("person__organization"), order=("-acknowledged_at", "-id"),
        after=request.GET.get("after", ""), before=request.GET.get("before", ""), size=25,
    )  # fmt: skip
    context = {
        "announcement": facts.decorate(announcement), "facts": facts.facts_of(announcement),
        "audience": facts.audience_words(announcement), "read": read, "people": people,
        "page": page, "steps": facts.steps_of(announcement, person),
        "may_edit": policies.can_edit(announcement, person),
        "feed": feed_of(announcement, person, can_read_notes=True),
    }  # fmt: skip
    return render(request, "servicedesk/announcements/detail.html", context)


# --- writing ------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
@access(Gate.AGENT)
def new(request):
    """A draft: empty, or proposed for a ticket (?about=) or a short-term change (?variation=)."""
    check(policies.can_write, None, request.user)
    about, variation = asked_about(request), asked_variation(request)
    form = AnnouncementForm(
        request.POST if request.method == "POST" else None,
        initial=proposing.proposed(about, variation),
    )
    if form.is_valid():

        def make():
            made = actions.write(
                by=request.user, about=about, variation=variation, **form.answers()
            )
            return made.get_absolute_url()

        try:
            return redirect(once(request.user, form.cleaned_data["submit_token"], make))
        except ValidationError as error:
            blame(form, error)
    return form_page(request, form, about=about, variation=variation)


def asked_about(request):
    number = without_nul(request.GET.get("about", ""))[:20].upper()
    if not number:
        return None
    record = get_object_or_404(Record.objects.visible_to(request.user), number=number)
    if not records.can_read_notes(record, request.user):
        raise Http404
    return record


def asked_variation(request):
    number = without_nul(request.GET.get("variation", ""))[:20].upper()
    if not number:
        return None
    rows = TargetVariation.objects.visible_to(request.user).select_related("agreement")
    return get_object_or_404(rows, number=number)


@require_http_methods(["GET", "POST"])
@agent_page
def edit(request, number):
    announcement = find(request, number)
    check(policies.can_edit, announcement, request.user)
    initial = AnnouncementForm.initial_of(announcement) | {"version": announcement.version}
    form = AnnouncementForm(request.POST if request.method == "POST" else None, initial=initial)
    conflict = []
    if form.is_valid():
        try:
            actions.edit(
                announcement, by=request.user, seen_version=form.cleaned_data["version"],
                **form.answers(),
            )  # fmt: skip
            messages.success(request, _("The announcement is saved."))
            return redirect(announcement)
        except ValidationError as error:
            blame(form, error)
        except Refused as refusal:
            conflict = refusal.reasons
    return form_page(
        request, form, about=announcement.about, variation=announcement.variation,
        announcement=announcement, conflict=conflict,
    )  # fmt: skip


def blame(form, error):
    named = hasattr(error, "error_dict")
    for name, words in (
        error.message_dict if named else {NON_FIELD_ERRORS: error.messages}
    ).items():
        form.add_error(name if name in form.fields else None, words)


def form_page(request, form, *, about, variation, announcement=None, conflict=()):
    status = 409 if conflict else 422 if form.is_bound and form.errors else 200
    context = {
        "form": form, "about": about, "variation": variation, "announcement": announcement,
        "conflict": conflict, "previews": previews_of(form),
    }  # fmt: skip
    return render(request, "servicedesk/announcements/form.html", context, status=status)


@require_POST
@access(Gate.AGENT)
def preview(request):
    """While it is written: how its readers will see it, in both languages."""
    check(policies.can_write, None, request.user)
    form = AnnouncementForm(request.POST)
    context = {"previews": previews_of(form)}
    return render(request, "servicedesk/announcements/_preview.html", context)


def previews_of(form):
    """[(language, title, text, tone, icon)] of what stands in the form now."""
    said = {name: form[name].value() or "" for name in form.fields}
    try:
        tone = facts.TONES[int(said["severity"] or 1)]
    except (KeyError, ValueError):
        tone = "info"
    sign = facts.ICONS.get(str(said["announcement_kind"]), "megaphone")
    found = []
    for code, locale in (("en", "en"), ("zh", "zh-hans")):
        with override(locale):
            label = _("You see this in English") if code == "en" else _("You see this in Chinese")
        found.append(
            {"lang": "en" if code == "en" else "zh-Hans", "label": label, "tone": tone,
             "icon": sign, "title": said[f"title_{code}"], "body": said[f"body_{code}"]}
        )  # fmt: skip
    return found


# --- steps --------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
@agent_page
def step(request, number, name):
    if name not in STEPS:
        raise Http404
    form_class, act, title, submit, done, lead = STEPS[name]
    announcement = find(request, number)
    check(policies.can_publish, announcement, request.user)
    form = form_class(
        request.POST if request.method == "POST" else None,
        initial={"version": announcement.version},
    )
    known = {one.name: one.reasons for one in open_steps(announcement, request.user)}
    conflict = known.get(name, [_("This step is not possible now.")])
    if request.method == "POST" and form.is_valid():
        given = {k: v for k, v in form.cleaned_data.items() if k not in ("version", "submit_token")}

        def run():
            seen = form.cleaned_data["version"]
            act(announcement, by=request.user, seen_version=seen, **given)
            return announcement.get_absolute_url()

        try:
            url = once(request.user, form.cleaned_data["submit_token"], run)
            messages.success(request, done)
            if wants_partial(request):
                return HttpResponse(headers={"HX-Redirect": url})
            return redirect(url)
        except ValidationError as error:
            blame(form, error)
        except Refused as refusal:
            conflict = refusal.reasons
    status = 422 if form.is_bound and form.errors else 200
    if request.method == "POST" and conflict and status == 200:
        status = 409
    context = {
        "form": form, "title": title, "submit": submit, "lead": lead, "conflict": conflict,
        "cancel": announcement.get_absolute_url(), "is_dialog": wants_partial(request),
        "is_danger": name == "withdraw", "record": announcement,
        "back": announcement.get_absolute_url(),
    }  # fmt: skip
    return render(request, "records/dialog.html", context, status=status)


# --- beside a ticket ----------------------------------------------------------------------------
@require_GET
@access(Gate.AGENT)
def of_record(request, ticket):
    """What was announced about a ticket, and the button that proposes one."""
    record = get_object_or_404(Record.objects.visible_to(request.user), number=ticket.upper())
    if not records.can_read_notes(record, request.user):
        raise Http404
    rows = Announcement.objects.visible_to(request.user).filter(about=record)
    context = {
        "record": record, "rows": [facts.decorate(row) for row in rows.order_by("-pk")[:10]],
        "may_write": policies.can_write(None, request.user) and record.is_open, "now": time.now(),
    }  # fmt: skip
    if wants_partial(request):
        return render(request, "servicedesk/announcements/_of_record.html", context)
    context |= {
        "back": record.get_absolute_url(), "title": _("Announcements"),
        "part": "servicedesk/announcements/_of_record.html",
    }  # fmt: skip
    return render(request, "records/section.html", context)
