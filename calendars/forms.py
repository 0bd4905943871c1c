"""What administrators are asked about a calendar, and what anybody may ask one.

Hours are typed as text, "09:00–12:00, 13:30–18:00", with either language's punctuation. A shift
over midnight, "22:00–06:00", is put on the two days that it touches.
"""

import re
from functools import lru_cache
from itertools import pairwise
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from calendars.engine import clock_of, minute_of
from calendars.models import Calendar, CalendarException, Kind, Weekday, check_windows
from calendars.official import FIRST_YEAR, LAST_YEAR
from core.forms import OnceForm

BETWEEN = re.compile(r"\s*(?:-|–|—|~|～|至|到)\s*")
SEPARATOR = re.compile(r"[,，、;；\n]+")
EXAMPLE = "09:00–12:00, 13:30–18:00"
LARGEST_FILE = 1024 * 1024
TEN_YEARS_OF_HOURS = 87_600


@lru_cache(maxsize=1)
def zone_choices():
    names = sorted(name for name in available_timezones() if "/" in name or name == "UTC")
    return [(name, name) for name in names if not name.startswith(("Etc/", "SystemV/", "posix"))]


def parse_hours(text):
    """[(start minute, end minute)] of the text; the end is beyond 1440 for a shift over midnight.

    Raises ValidationError for what are no hours and for hours that overlap.
    """
    windows = []
    for part in filter(None, (part.strip() for part in SEPARATOR.split(text))):
        edges = BETWEEN.split(part.replace("：", ":").replace(".", ":"))
        try:
            start, end = (minute_of(edge.strip().zfill(5)) for edge in edges)
        except ValueError as error:
            raise ValidationError(
                _("“%(part)s” are no hours. Write them like %(example)s."),
                params={"part": part, "example": EXAMPLE},
            ) from error
        if start == end:
            raise ValidationError(
                _("“%(part)s” has no length. For a whole day write 00:00–24:00."),
                params={"part": part},
            )
        windows.append((start, end if end > start else end + 1440))
    windows.sort()
    for before, after in pairwise(windows):
        if after[0] < before[1]:
            raise ValidationError(_("These hours overlap."))
    return windows


def hours_text(windows):
    """The reverse of parse_hours, of [["09:00", "12:00"], …]."""
    return ", ".join(f"{start}–{end}" for start, end in windows)


class CalendarForm(OnceForm):
    name_en = forms.CharField(label=_("Name in English"), max_length=200, required=False)
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=200, required=False)
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=zone_choices, initial="Asia/Shanghai",
        help_text=_("The hours below are on the wall clock of this zone."),
    )  # fmt: skip
    is_24x7 = forms.BooleanField(
        label=_("Open around the clock"), required=False,
        help_text=_("Every second counts, also on holidays; the hours below are not used."),
    )  # fmt: skip
    uses_cn_holidays = forms.BooleanField(
        label=_("Follows the official calendar of mainland China"), required=False,
        help_text=_("Holidays are closed, make-up working days are worked like a Monday."),
    )  # fmt: skip
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for kind in Kind.values:
            for weekday in Weekday:
                self.fields[f"{kind}_{weekday.value}"] = forms.CharField(
                    label=weekday.label, max_length=200, required=False
                )
        self.fields["support_0"].widget.attrs["placeholder"] = EXAMPLE

    @classmethod
    def initial_of(cls, calendar):
        initial = {
            name: getattr(calendar, name)
            for name in ("name_en", "name_zh", "time_zone", "is_24x7", "uses_cn_holidays",
                         "is_active")
        }  # fmt: skip
        hours = {}
        for window in calendar.windows.all():
            hours.setdefault(f"{window.kind}_{window.weekday}", []).append(
                [window.start, window.end]
            )
        texts = {name: hours_text(windows) for name, windows in hours.items()}
        return initial | texts | {"seen": calendar.revision}

    def support_fields(self):
        return [self[f"support_{weekday}"] for weekday in Weekday.values]

    def service_fields(self):
        return [self[f"service_{weekday}"] for weekday in Weekday.values]

    def clean(self):
        cleaned = super().clean()
        if not (cleaned.get("name_en") or cleaned.get("name_zh")):
            self.add_error("name_en", _("Give a name in at least one language."))
        self.hours = {}
        if cleaned.get("is_24x7"):
            if cleaned.get("uses_cn_holidays"):
                self.add_error(
                    "uses_cn_holidays", _("A calendar that is always open has no holidays.")
                )
            return cleaned
        for kind in Kind.values:
            self.hours[kind] = self._weekly(kind, cleaned)
        if not any(any(weekly.values()) for weekly in self.hours.values()) and not self.errors:
            self.add_error("support_0", _("Give at least one time at which the calendar is open."))
        return cleaned

    def _weekly(self, kind, cleaned):
        """{"0": [["09:00", "12:00"]]}; what runs over midnight goes to the next weekday."""
        days = {weekday: [] for weekday in Weekday.values}
        for weekday in Weekday.values:
            name = f"{kind}_{weekday}"
            try:
                windows = parse_hours(cleaned.get(name) or "")
            except ValidationError as error:
                self.add_error(name, error)
                continue
            for start, end in windows:
                days[weekday].append((start, min(end, 1440)))
                if end > 1440:
                    days[(weekday + 1) % 7].append((0, end - 1440))
        for weekday, windows in days.items():
            windows.sort()
            name = f"{kind}_{weekday}"
            overlap = any(b[0] < a[1] for a, b in pairwise(windows))
            if overlap and name not in self.errors:
                self.add_error(
                    name, _("These hours overlap with the shift that comes over midnight.")
                )
        return {
            str(weekday): [[clock_of(start), clock_of(end)] for start, end in windows]
            for weekday, windows in days.items()
            if windows
        }

    def answers(self):
        """What the actions take, beside the exceptions."""
        names = ("name_en", "name_zh", "time_zone", "is_24x7", "uses_cn_holidays", "is_active")
        return {name: self.cleaned_data[name] for name in names} | {"hours": self.hours}


class NewCalendarForm(CalendarForm):
    code = forms.CharField(
        label=_("Code"), max_length=32,
        help_text=_("Short, in capital letters, for example CN-OFFICE. It cannot be changed later."),
    )  # fmt: skip

    def clean_code(self):
        code = self.cleaned_data["code"].strip().upper()
        for validate in Calendar._meta.get_field("code").validators:
            validate(code)
        if Calendar.objects.filter(code=code).exists():
            raise ValidationError(
                _("There is a calendar with the code %(code)s already."), params={"code": code}
            )
        return code

    def answers(self):
        return super().answers() | {"code": self.cleaned_data["code"]}


class ExceptionForm(forms.Form):
    date = forms.DateField(label=_("Date"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    # The initial values are those that an untouched row sends back: it counts as empty.
    kind = forms.ChoiceField(
        label=_("Kind"), choices=CalendarException.Type.choices,
        initial=CalendarException.Type.HOLIDAY.value,
    )  # fmt: skip
    name_en = forms.CharField(label=_("Name in English"), max_length=200, required=False)
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=200, required=False)
    as_weekday = forms.TypedChoiceField(
        label=_("Worked like a"), choices=Weekday.choices, coerce=int, empty_value=0,
        required=False, initial="0",
    )  # fmt: skip
    windows = forms.CharField(label=_("Opening hours"), max_length=200, required=False)

    @classmethod
    def initial_of(cls, exception):
        return {
            "date": exception.date,
            "kind": exception.kind,
            "name_en": exception.name_en,
            "name_zh": exception.name_zh,
            "as_weekday": str(exception.as_weekday or 0),
            "windows": hours_text(exception.windows or []),
        }

    def clean(self):
        cleaned = super().clean()
        if self.errors:
            return cleaned
        if not (cleaned["name_en"] or cleaned["name_zh"]):
            self.add_error("name_en", _("Give a name in at least one language."))
        kind = cleaned["kind"]
        if kind != CalendarException.Type.MAKEUP_WORKDAY:
            cleaned["as_weekday"] = None
        cleaned["windows"] = (
            self._windows(cleaned["windows"]) if kind == CalendarException.Type.SPECIAL else None
        )
        return cleaned

    def _windows(self, text):
        try:
            windows = parse_hours(text)
            if any(end > 1440 for _start, end in windows):
                raise ValidationError(
                    _("End at 24:00 and give the next day its own special hours.")
                )
            pairs = [[clock_of(start), clock_of(end)] for start, end in windows]
            check_windows(pairs)
        except ValidationError as error:
            self.add_error("windows", error.messages)
            return None
        return pairs


class ExceptionBaseFormSet(forms.BaseFormSet):
    def clean(self):
        """Each date once; the second one is told at its field."""
        seen = set()
        for form in self.forms:
            day = getattr(form, "cleaned_data", {}).get("date")
            if day is None or form in self.deleted_forms:
                continue
            if day in seen:
                form.add_error("date", _("This date is given above already."))
            seen.add(day)

    def answers(self):
        return [
            {name: value for name, value in form.cleaned_data.items() if name != "DELETE"}
            for form in self.forms
            if form.cleaned_data.get("date") and form not in self.deleted_forms
        ]


ExceptionFormSet = forms.formset_factory(
    ExceptionForm,
    formset=ExceptionBaseFormSet,
    extra=2,
    can_delete=True,
    max_num=400,
    validate_max=True,
)


class YearForm(forms.Form):
    year = forms.IntegerField(label=_("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR)


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("File of official days"),
        help_text=_(
            "CSV with the columns date, kind, name_en and name_zh; the kind is holiday or"
            " makeup_workday. All its years are loaded."
        ),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise ValidationError(_("The file is larger than 1 MB."))
        try:
            return file.read().decode("utf-8-sig").splitlines()
        except UnicodeDecodeError as error:
            raise ValidationError(_("The file is not text in UTF-8.")) from error


class _AskForm(forms.Form):
    """Instants are typed on the calendar's wall clock; the view puts its zone in force."""

    kind = forms.ChoiceField(label=_("Which hours"), choices=Kind.choices, initial=Kind.SUPPORT)
    start = forms.DateTimeField(
        label=_("Start"), widget=forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M")
    )

    def clean_start(self):
        return in_range(self.cleaned_data["start"])


class DueForm(_AskForm):
    hours = forms.IntegerField(
        label=_("Hours"), min_value=0, max_value=TEN_YEARS_OF_HOURS, initial=8
    )
    minutes = forms.IntegerField(label=_("Minutes"), min_value=0, max_value=59, initial=0)

    @property
    def seconds(self):
        return self.cleaned_data["hours"] * 3600 + self.cleaned_data["minutes"] * 60


class ElapsedForm(_AskForm):
    end = forms.DateTimeField(
        label=_("End"), widget=forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M")
    )

    def clean_end(self):
        return in_range(self.cleaned_data["end"])

    def clean(self):
        cleaned = super().clean()
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end and end < start:
            self.add_error("end", _("The end lies before the start."))
        elif start and end and (end - start).days > 3653:
            self.add_error("end", _("Ask for ten years at most."))
        return cleaned


def in_range(at):
    """An instant of a year that calendars can be asked about, or ValidationError."""
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise ValidationError(
            _("Ask about the years %(first)s to %(last)s."),
            params={"first": str(FIRST_YEAR), "last": str(LAST_YEAR)},
        )
    return at
