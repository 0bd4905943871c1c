"""The filters of the CI list: one set, for the page and for the API."""

import django_filters as filters
from django import forms
from django.utils.translation import gettext_lazy as _

from cmdb import graph
from cmdb.models import CI, CIClass, Environment, OperationalStatus, Service
from people.models import Organization, Site


class CIFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Search"))
    ci_class = filters.ModelChoiceFilter(
        queryset=CIClass.objects.order_by("path"), to_field_name="code", method="in_class",
        label=_("Class"), empty_label=_("Any"),
    )  # fmt: skip
    state = filters.ChoiceFilter(choices=CI.State.choices, label=_("State"), empty_label=_("Any"))
    operational_status = filters.ChoiceFilter(
        choices=OperationalStatus.choices, label=_("Status"), empty_label=_("Any")
    )
    environment = filters.ChoiceFilter(
        choices=Environment.choices, label=_("Environment"), empty_label=_("Any")
    )
    site = filters.ModelChoiceFilter(
        queryset=Site.objects.active(), to_field_name="code", label=_("Site"), empty_label=_("Any")
    )
    service = filters.ModelChoiceFilter(
        queryset=Service.objects.by_code(), to_field_name="code", method="under_service",
        label=_("Needed by service"), empty_label=_("Any"),
    )  # fmt: skip
    organization = filters.ModelChoiceFilter(
        queryset=Organization.objects.active(), to_field_name="code", method="of_organization",
        label=_("Organisation"), empty_label=_("Any"),
    )  # fmt: skip

    class Meta:
        model = CI
        fields = []

    def search(self, queryset, _name, value):
        return queryset.matching(value)

    def in_class(self, queryset, _name, value):
        return queryset.filter(ci_class__path__startswith=value.path)

    def of_organization(self, queryset, _name, value):
        return queryset.filter(organization__path__startswith=value.path)

    def under_service(self, queryset, _name, value):
        """The service itself and all that it needs, at any depth."""
        below = graph.load([value.ci_id], "down").below(value.ci_id)
        return queryset.filter(pk__in=[value.ci_id, *below])

    def tokens(self):
        """[(name, label, words)] of the filters in force, without the search."""
        if not self.form.is_valid():
            return []
        found = []
        for name, field in self.form.fields.items():
            value = self.form.cleaned_data.get(name)
            if name == "q" or value in (None, ""):
                continue
            words = str(value)
            if isinstance(field, forms.ChoiceField) and not hasattr(value, "pk"):
                words = str(dict(field.choices).get(value, value))
            found.append((name, field.label, words))
        return found
