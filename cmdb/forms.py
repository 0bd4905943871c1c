"""What a person is asked about CIs, services and relations. Rules stand in actions and schemas;
forms show them and carry their answers back to the right field."""

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from calendars.models import Calendar
from cmdb import schemas
from cmdb.models import CI, CIRelationType, Environment, Impact, RedundancyGroup, Service
from core.forms import OnceForm
from people.models import Organization, Person, Site, SupportGroup

CRITICALITY = [(1, _("1 – vital")), (2, "2"), (3, "3"), (4, "4"), (5, _("5 – minor"))]
SECURITY = [(1, _("1 – normal")), (2, _("2 – raised")), (3, _("3 – high"))]
WIDGETS = {
    "text": forms.CharField, "integer": forms.IntegerField, "number": forms.DecimalField,
    "ip": forms.CharField,
}  # fmt: skip
ATTRIBUTE = "attribute_"


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


def explain(form, error):
    """Put a ValidationError of an action at the fields of the form it belongs to."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, messages in error.message_dict.items():
        target = ATTRIBUTE + name if ATTRIBUTE + name in form.fields else name
        if target not in form.fields or name == NON_FIELD_ERRORS:
            target = None
        for message in messages:
            form.add_error(target, message)


class CIForm(OnceForm):
    """A CI of one class: the fields of every CI, then the attributes that the class defines."""

    name = forms.CharField(label=_("Name"), max_length=200)
    alias = forms.CharField(
        label=_("Also known as"), max_length=300, required=False,
        help_text=_("Other names that search should find, such as a DNS name."),
    )  # fmt: skip
    state = forms.ChoiceField(label=_("It is"))
    organization = forms.ModelChoiceField(Organization.objects.active(), label=_("Organisation"))
    owner = forms.ModelChoiceField(Person.objects.active().humans(), label=_("Owner"))
    managed_by = forms.ModelChoiceField(SupportGroup.objects.active(), label=_("Managed by"))
    environment = forms.ChoiceField(label=_("Environment"), choices=Environment.choices)
    criticality = forms.TypedChoiceField(
        label=_("Criticality"), choices=CRITICALITY, coerce=int, initial=3
    )
    site = forms.ModelChoiceField(Site.objects.active(), label=_("Site"), required=False)
    serial_no = forms.CharField(label=_("Serial number"), max_length=100, required=False)
    asset_tag = forms.CharField(label=_("Asset tag"), max_length=60, required=False)
    vendor = forms.ModelChoiceField(
        Organization.objects.active().filter(Q(kind="supplier") | Q(kind="provider")),
        label=_("Vendor"), required=False,
    )  # fmt: skip
    model = forms.CharField(label=_("Model"), max_length=120, required=False)
    version = forms.CharField(label=_("Version"), max_length=60, required=False)
    acquired_on = forms.DateField(label=_("Acquired on"), required=False, widget=DateInput())
    warranty_until = forms.DateField(label=_("Warranty until"), required=False, widget=DateInput())
    sec_c = forms.TypedChoiceField(label=_("Confidentiality"), choices=SECURITY, coerce=int)
    sec_i = forms.TypedChoiceField(label=_("Integrity"), choices=SECURITY, coerce=int)
    sec_a = forms.TypedChoiceField(label=_("Availability class"), choices=SECURITY, coerce=int)
    reason = forms.CharField(
        label=_("Why the record is corrected without a change"), max_length=300, required=False
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    OF_SERVICE = ("name", "alias", "organization", "owner", "managed_by")

    def __init__(self, *args, ci_class, ci=None, **kwargs):
        self.schema = ci_class.full_schema()
        self.ci = ci
        if ci is not None:
            kwargs["initial"] = self._present(ci) | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        for entry in self.schema:
            self.fields[ATTRIBUTE + entry["name"]] = _field(entry)
        if ci is None:
            self.fields["state"].choices = [(s.value, s.label) for s in CI.FIRST_STATES]
            del self.fields["reason"], self.fields["seen"]
        else:
            del self.fields["state"]
            if not ci.is_controlled:
                del self.fields["reason"]
            for name in self.OF_SERVICE if ci.is_service else ():
                del self.fields[name]

    def _present(self, ci):
        found = {name: getattr(ci, name) for name in self.base_fields if hasattr(ci, name)}
        found |= {ATTRIBUTE + key: value for key, value in ci.attributes.items()}
        return found | {"seen": ci.version_no}

    def answers(self):
        """The cleaned data as arguments of create_ci and edit_ci."""
        data = dict(self.cleaned_data)
        for name in ("submit_token", "seen"):
            data.pop(name, None)
        attributes = {e["name"]: data.pop(ATTRIBUTE + e["name"], None) for e in self.schema}
        for name, value in attributes.items():
            if value is not None and hasattr(value, "as_tuple"):  # a Decimal is not JSON
                attributes[name] = float(value)
        return data | {"attributes": attributes}

    @property
    def own_fields(self):
        names = ("name", "alias", "state", "organization", "owner", "managed_by", "environment",
                 "criticality", "site", "reason")  # fmt: skip
        return [self[name] for name in names if name in self.fields]

    @property
    def asset_fields(self):
        names = ("serial_no", "asset_tag", "vendor", "model", "version", "acquired_on",
                 "warranty_until")  # fmt: skip
        return [self[name] for name in names]

    @property
    def security_fields(self):
        return [self[name] for name in ("sec_c", "sec_i", "sec_a")]

    @property
    def attribute_fields(self):
        return [self[ATTRIBUTE + entry["name"]] for entry in self.schema]


def _field(entry):
    label, required = schemas.label_of(entry), bool(entry.get("required"))
    if unit := entry.get("unit"):
        label = f"{label} ({unit})"
    common = {"label": label, "required": required}
    if entry["type"] == "date":
        return forms.DateField(widget=DateInput(), **common)
    if entry["type"] == "choice":
        choices = [("", "–"), *((c, c) for c in entry["choices"])]
        return forms.ChoiceField(choices=choices, **common)
    if entry["type"] == "boolean":
        choices = [("", "–"), ("true", _("Yes")), ("false", _("No"))]
        return forms.ChoiceField(choices=choices, **common)
    return WIDGETS[entry["type"]](**common)


class ServiceForm(OnceForm):
    code = forms.RegexField(
        r"^[A-Za-z0-9][A-Za-z0-9._-]*\Z", label=_("Code"), max_length=32,
        help_text=_("Short and lasting; used in addresses and imports."),
    )  # fmt: skip
    name_en = forms.CharField(label=_("Name in English"), max_length=200, required=False)
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=200, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=Service.Kind.choices)
    parent = forms.ModelChoiceField(Service.objects.by_code(), label=_("Part of"), required=False)
    organization = forms.ModelChoiceField(Organization.objects.active(), label=_("Provided by"))
    owner = forms.ModelChoiceField(Person.objects.active().humans(), label=_("Owner"))
    support_group = forms.ModelChoiceField(SupportGroup.objects.active(), label=_("Support group"))
    service_hours = forms.ModelChoiceField(
        Calendar.objects.active().by_code(), label=_("Service hours")
    )
    criticality = forms.TypedChoiceField(
        label=_("Criticality"), choices=CRITICALITY, coerce=int, initial=3
    )
    description_customer_en = forms.CharField(
        label=_("What customers get, in English"), widget=forms.Textarea({"rows": 3}),
        required=False,
    )  # fmt: skip
    description_customer_zh = forms.CharField(
        label=_("What customers get, in Chinese"), widget=forms.Textarea({"rows": 3}),
        required=False,
    )  # fmt: skip
    catalogue_visible = forms.BooleanField(
        label=_("Shown in the catalogue"), required=False, initial=True
    )
    offered_to = forms.ModelMultipleChoiceField(
        Organization.objects.active(), label=_("Offered to"), required=False,
        help_text=_("None chosen means everybody. An organisation stands for all below it too."),
        widget=forms.SelectMultiple({"size": 5}),
    )  # fmt: skip
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, service=None, **kwargs):
        if service is not None:
            present = {name: getattr(service, name) for name in self.base_fields
                       if hasattr(service, name)}  # fmt: skip
            present |= {
                "organization": service.ci.organization, "criticality": service.ci.criticality,
                "offered_to": service.offered_to.all(), "seen": service.version,
            }  # fmt: skip
            kwargs["initial"] = present | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        if service is None:
            del self.fields["seen"]
        else:
            del self.fields["code"]
            others = self.fields["parent"].queryset.exclude(path__startswith=service.path)
            self.fields["parent"].queryset = others

    def answers(self):
        data = dict(self.cleaned_data)
        for name in ("submit_token", "seen"):
            data.pop(name, None)
        return data


class RelateForm(OnceForm):
    """Add a relation, read from the CI that is open: it needs something, or something needs it."""

    direction = forms.ChoiceField(
        label=_("Direction"), widget=forms.RadioSelect, initial="needs",
        choices=[("needs", _("This CI needs the other")), ("needed", _("The other needs this CI"))],
    )  # fmt: skip
    type = forms.ModelChoiceField(
        CIRelationType.objects.filter(is_active=True), label=_("Relation"), empty_label=None
    )
    other = forms.ModelChoiceField(CI.objects.none(), label=_("Other CI"), to_field_name="number")
    effect = forms.ChoiceField(
        label=_("If it fails"), required=False,
        choices=[("", _("As the relation says")), *Impact.choices],
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Why the record is corrected without a change"), max_length=300, required=False
    )

    def __init__(self, *args, ci, among, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["other"].queryset = among.exclude(pk=ci.pk)
        if not ci.is_controlled:
            del self.fields["reason"]


class RedundancyForm(OnceForm):
    name = forms.CharField(label=_("Name"), max_length=120)
    relations = forms.ModelMultipleChoiceField(
        None, label=_("Members"), widget=forms.CheckboxSelectMultiple
    )
    required_k = forms.IntegerField(label=_("Members needed"), min_value=1, initial=1)
    failover = forms.ChoiceField(label=_("Failover"), choices=RedundancyGroup.Failover.choices)
    failover_seconds = forms.IntegerField(
        label=_("Seconds to fail over"), min_value=0, max_value=604_800, initial=0
    )
    reason = RelateForm.base_fields["reason"]

    def __init__(self, *args, ci, group=None, **kwargs):
        if group is not None:
            kwargs["initial"] = {
                "name": group.name, "required_k": group.required_k, "failover": group.failover,
                "failover_seconds": group.failover_seconds,
                "relations": list(group.relations.current()),
            }  # fmt: skip
        super().__init__(*args, **kwargs)
        free = Q(redundancy_group=None) | Q(redundancy_group=group)
        field = self.fields["relations"]
        field.queryset = ci.needs.current().filter(free).select_related("target", "type")
        field.label_from_instance = lambda relation: relation.target.name
        if not ci.is_controlled:
            del self.fields["reason"]


class ReasonForm(OnceForm):
    """Ends a relation or a group; a controlled CI asks why."""

    reason = RelateForm.base_fields["reason"]

    def __init__(self, *args, ci, **kwargs):
        super().__init__(*args, **kwargs)
        if not ci.is_controlled:
            del self.fields["reason"]


class UsersForm(OnceForm):
    users = forms.CharField(
        label=_("Staff numbers"), required=False, widget=forms.Textarea({"rows": 3}),
        help_text=_("Separated by commas or lines. They see this device under “My devices”."),
    )  # fmt: skip

    def clean_users(self):
        codes = self.cleaned_data["users"].replace("\n", ",").split(",")
        wanted = {code.strip() for code in codes if code.strip()}
        found = {person.code: person for person in Person.objects.filter(code__in=wanted)}
        if missing := sorted(wanted - set(found)):
            raise forms.ValidationError(
                _("Nobody has the staff number %(codes)s.") % {"codes": ", ".join(missing)}
            )
        return list(found.values())


# What a step asks for: its form's fields are the arguments of the step.
class OrderForm(OnceForm):
    procurement_ref = forms.CharField(label=_("Procurement reference"), max_length=60)


class DisposeForm(OnceForm):
    wipe_evidence = forms.CharField(
        label=_("How the data was wiped"), max_length=200, required=False,
        help_text=_("Needed where the CI holds confidential data."),
    )  # fmt: skip


class CancelForm(OnceForm):
    reason = forms.CharField(label=_("Reason"), max_length=300)


class RetireForm(OnceForm):
    """Names the live CIs that depend on this one; retiring acknowledges those that are ticked."""

    acknowledged = forms.MultipleChoiceField(
        label=_("Live CIs that depend on it"), required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick each to acknowledge that it loses this CI."),
    )  # fmt: skip

    def __init__(self, *args, ci, **kwargs):
        super().__init__(*args, **kwargs)
        found = [(each.number, f"{each.name} ({each.number})") for each in ci.live_dependants()]
        self.fields["acknowledged"].choices = found
        if not found:
            del self.fields["acknowledged"]


class DesignForm(OnceForm):
    business_case = forms.CharField(
        label=_("Business case"), widget=forms.Textarea({"rows": 4}), max_length=4000
    )


class StartRetiringForm(OnceForm):
    retires_on = forms.DateField(label=_("Gone from"), widget=DateInput())
