"""What pickers of the desk offer: at most twelve, and only what the person may see."""

from django.db.models import Q
from django.utils.translation import get_language

from cmdb.models import Service
from core.text import fold
from people.models import Organization, Person, Site, SupportGroup
from records.models import Category

MOST = 12


def _people(person, data):
    found = Person.objects.visible_to(person).active().humans()
    if group := data.get("group", ""):
        found = found.filter(memberships__group_id=group) if group.isdigit() else found.none()
    found = found.matching(data.get("q", "")).order_by("name").distinct()
    return [(row.pk, row.name, row.code) for row in found[:MOST]]


def _members(person, data):
    """Agents: whoever belongs to a group."""
    found = Person.objects.visible_to(person).active().humans().agents()
    found = found.matching(data.get("q", "")).order_by("name")
    return [(row.pk, row.name, row.code) for row in found[:MOST]]


def _named(rows, words):
    """Rows with a name in two languages and a code, in which every word occurs."""
    for word in fold(words).split()[:6]:
        rows = rows.filter(
            Q(name_en__icontains=word) | Q(name_zh__icontains=word) | Q(code__icontains=word)
        )
    language = get_language()
    return [(row.pk, row.name_in(language), row.code) for row in rows.order_by("code")[:MOST]]


def _of(model):
    return lambda person, data: _named(model.objects.active(), data.get("q", ""))


def _services(person, data):
    return _named(Service.objects.visible_to(person).live(), data.get("q", ""))


FINDERS = {
    "requester": _people,
    "assignee": _members,
    "service": _services,
    "category": _of(Category),
    "organization": _of(Organization),
    "site": _of(Site),
    "group": _of(SupportGroup),
}


def name_of(pk):
    """The name of a person behind a key that a form holds; nothing for what is none."""
    text = str(getattr(pk, "pk", pk) or "")
    if not (text.isdigit() and len(text) < 19):
        return ""
    return Person.objects.filter(pk=text).values_list("name", flat=True).first() or ""
