"""Form fields that choose a person, an organisation or a group out of very many."""

from django.db.models import Q

from core.reference import PickerField
from people.models import Organization, Person, SupportGroup


def named(queryset, words):
    """Rows whose code is this, else those whose code or name holds it."""
    exact = queryset.filter(code__iexact=words)
    return exact if exact.exists() else queryset.filter(holding(words))


def holding(words):
    """The Q of rows with a code and names in both languages that hold every word."""
    condition = Q()
    for word in words.split()[:6]:
        condition &= (
            Q(code__icontains=word) | Q(name_en__icontains=word) | Q(name_zh__icontains=word)
        )
    return condition


def person_field(**kwargs):
    return PickerField(
        Person.objects.humans(), url_name="people:pick", match=matching_person, **kwargs
    )


def matching_person(queryset, words):
    exact = queryset.filter(Q(code__iexact=words) | Q(email__iexact=words) | Q(name=words))
    return exact if exact.exists() else queryset.matching(words)


def organization_field(**kwargs):
    return PickerField(
        Organization.objects.all(), url_name="people:pick_organizations", match=named, **kwargs
    )


def group_field(**kwargs):
    return PickerField(
        SupportGroup.objects.all(), url_name="people:pick_groups", match=named, **kwargs
    )
