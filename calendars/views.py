"""Pages of the calendars. A view finds, checks, calls one action, and renders."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from calendars import actions, answers, horizon, official, policies, week
from calendars.forms import (
    CalendarForm,
    DueForm,
    ElapsedForm,
    ExceptionForm,
    ExceptionFormSet,
    FileForm,
    NewCalendarForm,
    YearForm,
)
from calendars.models import Calendar
from calendars.timetables import timetable
from core import time
from core.access import Gate, access
from core.errors import Refused, Stale
from core.forms import once
from core.pages import check
from core.paging import paginate

STRETCHES_SHOWN = 40
VERSIONS_SHOWN = 20


@require_GET
@access(Gate.AGENT)
def index(request):
    calendars = Calendar.objects.visible_to(request.user).with_current_version()
    page = paginate(
        calendars,
        order=("code",),
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    now = time.now()
    for calendar in page:
        table = timetable(calendar.current_version_id) if calendar.current_version_id else None
        calendar.is_open = table.is_open(now) if table else None
    context = {
        "page": page,
        "warnings": horizon.warnings(now),
        "may_edit": policies.can_edit(None, request.user),
    }
    return render(request, "calendars/index.html", context)


@require_GET
@access(Gate.AGENT)
def detail(request, code):
    calendar = find(request, code)
    now = time.now()
    versions = list(calendar.versions.order_by("-number")[: VERSIONS_SHOWN + 1])
    version = calendar.versions.at(calendar, now)
    today = now.astimezone(ZoneInfo(calendar.time_zone)).date()
    exceptions = week.ruling(calendar.exceptions.in_months_from(today))
    for exception in exceptions:
        exception.hours = week.hours_of(exception, version.frozen)
    asked = ask(request, calendar, now)
    context = {
        "calendar": calendar,
        "version": version,
        "versions": versions[:VERSIONS_SHOWN],
        "has_more_versions": len(versions) > VERSIONS_SHOWN,
        "weeks": week.weeks_of(version.frozen),
        "exceptions": exceptions,
        "is_open": timetable(version.pk).is_open(now),
        "lacking_years": [
            year for year, calendars in horizon.warnings(now) if calendar in calendars
        ],
        "may_edit": policies.can_edit(calendar, request.user),
        **asked,
    }
    failed = asked["due_form"].errors or asked["elapsed_form"].errors
    return render(request, "calendars/detail.html", context, status=422 if failed else 200)


def ask(request, calendar, now):
    """The two questions of "Try it", and the answer where one was asked. Typed times are on the
    calendar's wall clock."""
    which = request.GET.get("ask")
    result = {"answer": None, "asked": which}
    with timezone.override(calendar.time_zone):
        start = now.replace(minute=0, second=0, microsecond=0)
        initial = {"start": start, "end": start + timedelta(days=1)}
        due_form = DueForm(
            request.GET if which == "due" else None, initial=initial, auto_id="due_%s"
        )
        elapsed_form = ElapsedForm(
            request.GET if which == "elapsed" else None, initial=initial, auto_id="elapsed_%s"
        )
        try:
            if due_form.is_valid():
                result["answer"] = answers.due(
                    calendar,
                    start=due_form.cleaned_data["start"],
                    seconds=due_form.seconds,
                    kind=due_form.cleaned_data["kind"],
                )
            elif elapsed_form.is_valid():
                result["answer"] = answers.elapsed(calendar, **elapsed_form.cleaned_data)
        except Refused as refusal:
            due_form.add_error("hours", str(refusal))
    if result["answer"]:
        stretches = result["answer"].stretches
        result["shown"] = stretches[:STRETCHES_SHOWN]
        hidden = stretches[STRETCHES_SHOWN:]
        result["hidden_count"] = len(hidden)
        result["hidden_length"] = answers.length_text(sum(stretch.seconds for stretch in hidden))
    return result | {"due_form": due_form, "elapsed_form": elapsed_form}


@require_http_methods(["GET", "POST"])
@access(Gate.MANAGER)
def new(request):
    check(policies.can_edit, None, request.user)
    form = NewCalendarForm(request.POST or None)
    exceptions = ExceptionFormSet(request.POST or None, prefix="exceptions")
    if request.method == "POST" and both_valid(form, exceptions):

        def make():
            calendar = actions.create_calendar(
                by=request.user, exceptions=exceptions.answers(), **form.answers()
            )
            return calendar.get_absolute_url()

        try:
            return redirect(once(request.user, form.cleaned_data["submit_token"], make))
        except ValidationError as error:
            blame(form, error)
        except IntegrityError:  # somebody took the code a moment ago
            form.add_error("code", _("There is a calendar with this code already."))
    return render_form(request, form, exceptions)


@require_http_methods(["GET", "POST"])
@access(Gate.MANAGER)
def edit(request, code):
    calendar = find(request, code)
    check(policies.can_edit, calendar, request.user)
    own = [ExceptionForm.initial_of(exception) for exception in calendar.exceptions.own()]
    form = CalendarForm(request.POST or None, initial=CalendarForm.initial_of(calendar))
    exceptions = ExceptionFormSet(request.POST or None, prefix="exceptions", initial=own)
    if request.method == "POST" and both_valid(form, exceptions):
        try:
            actions.edit(
                calendar,
                by=request.user,
                seen=form.cleaned_data["seen"],
                exceptions=exceptions.answers(),
                **form.answers(),
            )
            messages.success(request, _("The calendar is saved."))
            return redirect(calendar)
        except ValidationError as error:
            blame(form, error)
        except Stale as refusal:
            form.add_error(None, refusal.reasons)
            return render_form(request, form, exceptions, calendar, status=409)
    return render_form(request, form, exceptions, calendar)


@require_http_methods(["GET", "POST"])
@access(Gate.MANAGER)
def holidays(request, code):
    """The official days by year; a POST loads a known year, or the years of a file."""
    calendar = find(request, code)
    check(policies.can_edit, calendar, request.user)
    year_form = YearForm(request.POST if "year" in request.POST else None)
    file_form = FileForm(*((request.POST, request.FILES) if "from_file" in request.POST else ()))
    if year_form.is_valid():
        year = year_form.cleaned_data["year"]
        count = actions.load_cn_holidays(calendar, year, request.user)
        messages.success(request, loaded_text(year, count))
        return redirect("calendars:holidays", code=code)
    if file_form.is_valid() and load_file(request, calendar, file_form):
        return redirect("calendars:holidays", code=code)
    context = {"calendar": calendar, "file_form": file_form, "years": years_of(calendar)}
    failed = year_form.errors or file_form.errors
    return render(request, "calendars/holidays.html", context, status=422 if failed else 200)


@require_POST
@access(Gate.MANAGER)
def remove_year(request, code, year):
    calendar = find(request, code)
    check(policies.can_edit, calendar, request.user)
    actions.remove_year(calendar, year, request.user)
    messages.success(
        request, _("The official days of %(year)s are taken out.") % {"year": str(year)}
    )
    return redirect("calendars:holidays", code=code)


def find(request, code):
    """The calendar, or 404 to those who must not learn that it exists."""
    return get_object_or_404(Calendar.objects.visible_to(request.user), code=code)


def both_valid(form, exceptions):
    """Both are asked, so that all errors are told at once."""
    return all([form.is_valid(), exceptions.is_valid()])


def blame(form, error):
    """What an action found wrong, at its field where the form has it."""
    for name, reasons in error.message_dict.items():
        form.add_error(name if name in form.fields else None, reasons)


def render_form(request, form, exceptions, calendar=None, status=None):
    context = {
        "form": form,
        "exceptions": exceptions,
        "everything": Together(form, exceptions),
        "calendar": calendar,
    }
    failed = context["everything"].errors
    status = status or (422 if failed else 200)
    return render(request, "calendars/form.html", context, status=status)


class Together:
    """A form and its formset as one, for the box that lists the errors."""

    def __init__(self, form, exceptions):
        self.form, self.exceptions = form, exceptions

    @property
    def errors(self):
        return bool(
            self.form.errors
            or any(self.exceptions.errors if self.exceptions.is_bound else ())
            or (self.exceptions.is_bound and self.exceptions.non_form_errors())
        )

    def non_field_errors(self):
        errors = list(self.form.non_field_errors())
        if self.exceptions.is_bound:
            errors += self.exceptions.non_form_errors()
        return errors

    def __iter__(self):
        yield from self.form
        for form in self.exceptions:
            yield from form


def load_file(request, calendar, form):
    """Load all years of the file; what is wrong with it is told at the field."""
    try:
        days = official.read_csv(form.cleaned_data["file"])
    except official.BadFile as error:
        for line, column, reason in error.problems[:20]:
            form.add_error(
                "file",
                _("Line %(line)s, %(column)s: %(reason)s.")
                % {"line": line, "column": column, "reason": reason},
            )
        return False
    counts = actions.load_years(calendar, days, request.user)
    for year, count in counts.items():
        messages.success(request, loaded_text(year, count))
    return True


def loaded_text(year, count):
    return ngettext(
        "%(count)d official day of %(year)s is loaded.",
        "%(count)d official days of %(year)s are loaded.",
        count,
    ) % {"count": count, "year": str(year)}


def years_of(calendar):
    """[{year, count, is_known}] from last year to the next but one, and whatever is loaded."""
    loaded = {}
    for day in calendar.exceptions.official().values_list("date", flat=True):
        loaded[day.year] = loaded.get(day.year, 0) + 1
    this = time.now().year
    known = official.known_years()
    return [
        {"year": year, "count": loaded.get(year, 0), "is_known": year in known}
        for year in sorted(set(loaded) | set(range(this - 1, this + 3)))
    ]
