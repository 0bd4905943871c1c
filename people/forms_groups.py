"""What administrators are asked about organisations, sites and support groups, and leads about
their members."""

from datetime import timedelta

from django import forms
from django.contrib.postgres.fields.ranges import DateRange
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from calendars.models import Calendar
from core import time
from core.reference import ReferenceForm
from people import pickers
from people.models import GroupMembership, Organization, Site, SupportGroup

DEEPEST_ORGANIZATION = 8
CODE_HELP = _("Short, in capital letters. It cannot be changed later.")
DAY = timedelta(days=1)


def height_of(row):
    """How many levels the row and all under it fill: 1 for a leaf."""
    if row.pk is None:
        return 1
    paths = type(row).objects.below(row.path).values_list("path", flat=True)
    return max(path.count("/") for path in paths) - row.path.count("/") + 1


def check_depth(row, parent, deepest, message):
    """Raise where the row, with all under it, would stand deeper below `parent` than allowed."""
    if parent is not None and parent.path.count("/") - 1 + height_of(row) > deepest:
        raise ValidationError(message, params={"deepest": deepest})


class OrganizationForm(ReferenceForm):
    parent = pickers.organization_field(label=_("Part of"), required=False)
    manager = pickers.person_field(
        label=_("Manager"), required=False, help_text=_("Approves where nobody else can.")
    )

    class Meta:
        model = Organization
        fields = [
            "code", "name_en", "name_zh", "parent", "kind", "sharing", "default_calendar",
            "manager", "currency",
        ]  # fmt: skip
        help_texts = {
            "code": CODE_HELP,
            "default_calendar": _("Empty: that of the nearest organisation above."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["default_calendar"].queryset = Calendar.objects.order_by("code")

    def clean_parent(self):
        parent = self.cleaned_data["parent"]
        check_depth(
            self.instance, parent, DEEPEST_ORGANIZATION,
            _("Organisations go %(deepest)s levels deep at the most."),
        )  # fmt: skip
        return parent

    def clean_currency(self):
        currency = self.cleaned_data["currency"].strip().upper()
        if currency and not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
            raise ValidationError(_("Give the three letters of a currency, for example CNY."))
        return currency


class SiteForm(ReferenceForm):
    organization = pickers.organization_field(label=_("Organisation"))
    desk = pickers.group_field(
        label=_("Service desk"), required=False,
        help_text=_("The local desk that serves the people there."),
    )  # fmt: skip

    class Meta:
        model = Site
        fields = [
            "code", "name_en", "name_zh", "organization", "address", "time_zone", "desk",
        ]  # fmt: skip
        help_texts = {"code": CODE_HELP}

    def clean_desk(self):
        desk = self.cleaned_data["desk"]
        if desk is not None and desk.kind != SupportGroup.Kind.DESK:
            raise ValidationError(_("%(group)s is no service desk.") % {"group": desk})
        return desk


class SupportGroupForm(ReferenceForm):
    parent = pickers.group_field(
        label=_("Reports to"), required=False,
        help_text=_("A local desk reports to the central desk."),
    )  # fmt: skip
    lead = pickers.person_field(
        label=_("Lead"), required=False, help_text=_("Hears first when a promise is in danger.")
    )
    organizations = forms.ModelMultipleChoiceField(
        Organization.objects.active(), label=_("Served organisations"), required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text=_("For a desk: whose requests it takes, with all organisations below them."),
    )  # fmt: skip

    class Meta:
        model = SupportGroup
        fields = [
            "code", "name_en", "name_zh", "kind", "parent", "is_central", "calendar", "supplier",
            "lead", "email", "organizations",
        ]  # fmt: skip
        help_texts = {
            "code": CODE_HELP,
            "calendar": _("When the group works; its own promises run in these hours."),
            "supplier": _("Only for the team of a supplier."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["calendar"].queryset = Calendar.objects.order_by("code")

    def clean(self):
        cleaned = super().clean()
        is_supplier = cleaned.get("kind") == SupportGroup.Kind.SUPPLIER
        if is_supplier and not cleaned.get("supplier") and "supplier" not in self.errors:
            self.add_error("supplier", _("Name the supplier whose team this is."))
        if cleaned.get("is_central") and cleaned.get("parent"):
            self.add_error("parent", _("The central desk is the root of all desks."))
        return cleaned


class PeriodForm(ReferenceForm):
    """A form over a row with `valid`, asked as two days, both included."""

    since = forms.DateField(label=_("From"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    until = forms.DateField(
        label=_("Until and including"), required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"), help_text=_("Empty: without end."),
    )  # fmt: skip
    more_names = ("valid",)
    more_labels = {"valid": _("Valid")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            self.initial.setdefault("since", time.now().date())
            return
        valid = self.instance.valid
        self.initial["since"] = valid.lower or ""
        self.initial["until"] = valid.upper - DAY if valid.upper else ""
        if valid.lower is None:
            self.fields["since"].required = False

    def clean(self):
        cleaned = super().clean()
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("The end lies before the start."))
        elif not self.errors:
            self.instance.valid = DateRange(since, until + DAY if until else None)
        return cleaned


class MembershipForm(PeriodForm):
    person = pickers.person_field(label=_("Person"))

    class Meta:
        model = GroupMembership
        fields = ["person", "role"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            del self.fields["person"]

    def clean_person(self):
        person = self.cleaned_data["person"]
        if not person.is_active:
            raise ValidationError(_("%(name)s has left.") % {"name": person.name})
        return person
