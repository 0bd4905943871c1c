"""What administrators are asked about a person, and agents when they look for one."""

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.contrib.postgres.fields.ranges import DateRange
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.forms import OnceForm
from core.reference import ReferenceForm
from people import pickers
from people.forms_groups import DAY, PeriodForm
from people.models import ApiToken, Organization, Person, RoleAssignment, Site
from people.roles import Role

LONGEST_KEY_DAYS = 730


class PersonForm(ReferenceForm):
    organization = pickers.organization_field(label=_("Organisation"))
    manager = pickers.person_field(label=_("Manager"), required=False)
    deputy = pickers.person_field(
        label=_("Deputy"), required=False, help_text=_("Approves in this person's place.")
    )
    deputy_since = forms.DateField(
        label=_("Deputy from"), required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
    )  # fmt: skip
    deputy_until = forms.DateField(
        label=_("Deputy until and including"), required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
    )  # fmt: skip
    more_names = ("deputy_during",)

    class Meta:
        model = Person
        fields = [
            "code", "kind", "name", "name_latin", "job_title", "organization", "site", "email",
            "phone", "mobile", "fax", "locale", "time_zone", "manager", "deputy", "is_vip",
            "can_sign_in",
        ]  # fmt: skip
        labels = {"kind": _("Kind")}
        help_texts = {
            "code": _("How other systems name this person. It cannot be changed later."),
            "name": _("As the person writes it; it is never reordered."),
            "name_latin": _("How it is read; search finds Chinese names by their sound anyway."),
            "time_zone": _("Empty: that of the site."),
            "can_sign_in": _("Callers need not sign in. Set a password on the person's page."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = Site.objects.active() | Site.objects.filter(
            pk=self.instance.site_id
        )
        self.fields["time_zone"].required = False
        during = self.instance.deputy_during if self.instance.pk else None
        if during:
            self.initial["deputy_since"] = during.lower or ""
            self.initial["deputy_until"] = during.upper - DAY if during.upper else ""
        if self.instance.pk:
            del self.fields["kind"]
        self.order_fields([
            *self.Meta.fields[:15], "deputy_since", "deputy_until", *self.Meta.fields[15:],
        ])  # fmt: skip

    def clean(self):
        cleaned = super().clean()
        since, until = cleaned.get("deputy_since"), cleaned.get("deputy_until")
        deputy = cleaned.get("deputy")
        if cleaned.get("manager") and cleaned["manager"].pk == self.instance.pk:
            self.add_error("manager", _("Nobody is their own manager."))
        if deputy and deputy.pk == self.instance.pk:
            self.add_error("deputy", _("Nobody is their own deputy."))
        if since and until and until < since:
            self.add_error("deputy_until", _("The end lies before the start."))
        elif (since or until) and not deputy and "deputy" not in self.errors:
            self.add_error("deputy", _("Name the deputy, or leave the days empty."))
        elif "deputy_since" not in self.errors and "deputy_until" not in self.errors:
            during = DateRange(since, until + DAY if until else None) if since or until else None
            self.instance.deputy_during = during
        return cleaned

    def save(self, commit=True):
        if self.instance.pk is None:
            self.instance.set_unusable_password()
        return super().save(commit)


class PeopleFilter(forms.Form):
    """The filters of the list; what cannot be read is no filter."""

    q = forms.CharField(required=False, max_length=100)
    organization = forms.ModelChoiceField(
        Organization.objects.active(), label=_("Organisation"), required=False
    )
    site = forms.ModelChoiceField(Site.objects.active(), label=_("Site"), required=False)
    agents = forms.BooleanField(label=_("Only agents"), required=False)
    inactive = forms.BooleanField(label=_("Also who has left"), required=False)

    def narrow(self, people):
        self.is_valid()
        asked = self.cleaned_data
        if not asked.get("inactive"):
            people = people.active()
        if asked.get("organization"):
            people = people.filter(organization__path__startswith=asked["organization"].path)
        if asked.get("site"):
            people = people.filter(site=asked["site"])
        if asked.get("agents"):
            people = people.filter(pk__in=Person.objects.agents().values("pk"))
        if asked.get("q"):
            people = people.matching(asked["q"])
        return people

    @property
    def is_used(self):
        return any(self.cleaned_data.get(name) for name in ("q", "organization", "site", "agents"))


class PasswordForm(OnceForm):
    password = forms.CharField(
        label=_("New password"), strip=False, max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters. Hand it over in person or by telephone."),
    )  # fmt: skip
    again = forms.CharField(
        label=_("New password again"), strip=False, max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def __init__(self, person, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self):
        password = self.cleaned_data["password"]
        validate_password(password, self.person)
        return password

    def clean(self):
        cleaned = super().clean()
        typed, again = cleaned.get("password"), cleaned.get("again")
        if typed and again and typed != again:
            self.add_error("again", _("The two passwords differ."))
        return cleaned


class RoleForm(PeriodForm):
    role = forms.ChoiceField(label=_("Role"), choices=[("", "–"), *Role.choices])
    scope_organization = pickers.organization_field(
        label=_("Only for the organisation"), required=False,
        help_text=_("With all organisations below it. Empty: everywhere."),
    )  # fmt: skip
    scope_group = pickers.group_field(label=_("Only for the group"), required=False)

    class Meta:
        model = RoleAssignment
        fields = ["role", "scope_organization", "scope_group"]

    def clean(self):
        cleaned = super().clean()
        if self.errors:
            return cleaned
        twin = RoleAssignment.objects.filter(
            person=self.instance.person, role=cleaned["role"], valid__overlap=self.instance.valid,
            scope_organization=cleaned.get("scope_organization"),
            scope_group=cleaned.get("scope_group"),
        )  # fmt: skip
        if twin.exists():
            self.add_error("role", _("The person has this role in that time already."))
        return cleaned


class TokenForm(OnceForm):
    name = forms.CharField(
        label=_("What it is for"), max_length=80,
        help_text=_("For example the system that uses it."),
    )  # fmt: skip
    scope = forms.ChoiceField(label=_("Scope"), choices=ApiToken.Scope.choices)
    days = forms.IntegerField(
        label=_("Valid for (days)"), min_value=1, max_value=LONGEST_KEY_DAYS, initial=365
    )

    def clean_name(self):
        name = self.cleaned_data["name"]
        if "\x00" in name:
            raise ValidationError(_("Type a name without control characters."))
        return name
