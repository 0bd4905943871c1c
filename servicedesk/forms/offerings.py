"""What is asked about an offering: what it is, who may have it, who fulfils it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cmdb.models import Service
from core.reference import ReferenceForm
from people import pickers
from people.models import Organization, Site
from people.roles import Role
from records.models import Category
from records.reference_forms import IDENTIFIER_HELP
from servicedesk.models import RequestOffering

ICONS = (
    ("package", _("Package")), ("laptop", _("Laptop")), ("monitor", _("Screen")),
    ("smartphone", _("Telephone")), ("app-window", _("Software")), ("key-round", _("Access")),
    ("shield-check", _("Security")), ("mail", _("Mail")), ("user-plus", _("New person")),
    ("presentation", _("Meeting room")), ("wifi", _("Wi-Fi")), ("printer", _("Printer")),
    ("database", _("Data")), ("folder", _("Folder")), ("server", _("Server")),
    ("wrench", _("Tool")), ("graduation-cap", _("Training")), ("truck", _("Move")),
)  # fmt: skip


class OfferingForm(ReferenceForm):
    icon = forms.ChoiceField(label=_("Picture"), choices=ICONS)
    service = forms.ModelChoiceField(None, label=_("Service"))
    category = forms.ModelChoiceField(None, label=_("Category"), required=False)
    default_group = pickers.group_field(
        label=_("Group that fulfils it"), required=False,
        help_text=_("Empty: that of the category, else the desk."),
    )  # fmt: skip
    organizations = forms.ModelMultipleChoiceField(
        None, label=_("Only organisations"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: every one. An organisation stands for all below it."),
    )  # fmt: skip
    sites = forms.ModelMultipleChoiceField(
        None, label=_("Only sites"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: every one."),
    )  # fmt: skip
    roles = forms.MultipleChoiceField(
        label=_("Only roles"), required=False, choices=Role.choices,
        widget=forms.CheckboxSelectMultiple, help_text=_("None chosen: everybody."),
    )  # fmt: skip

    class Meta:
        model = RequestOffering
        fields = [
            "code", "name_en", "name_zh", "description_en", "description_zh", "keywords", "icon",
            "service", "category", "order", "price", "currency", "most", "asks_cost_centre",
            "default_group", "default_impact", "default_urgency", "fulfils_itself",
            "organizations", "sites", "roles",
        ]  # fmt: skip
        help_texts = {
            "code": IDENTIFIER_HELP,
            "price": _("Empty: it costs nothing. A new price holds from the next version on."),
            "order": _("Small numbers stand first."),
        }
        widgets = {
            "description_en": forms.Textarea(attrs={"rows": 2}),
            "description_zh": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["service"].queryset = Service.objects.live().order_by("code")
        self.fields["category"].queryset = Category.objects.for_kind("service_request")
        self.fields["organizations"].queryset = Organization.objects.active()
        self.fields["sites"].queryset = Site.objects.active()

    def clean_currency(self):
        currency = self.cleaned_data["currency"].strip().upper()
        if len(currency) != 3 or not (currency.isascii() and currency.isalpha()):
            raise forms.ValidationError(_("Three letters, such as CNY or EUR."))
        return currency

    def clean_code(self):
        code = super().clean_code()
        if not code.isascii() or not code.replace("-", "").replace("_", "").isalnum():
            raise forms.ValidationError(_("Letters, digits, - and _ only: it stands in addresses."))
        return code
