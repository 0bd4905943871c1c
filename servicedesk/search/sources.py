"""Sources of search: what a kind of thing answers to words, and how one result looks.

A source gives querysets that start with `visible_to`; palette and page only cut and draw. The
registry that names the sources in their order stands in the composition root (settings.SEARCH).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Case, IntegerField, Q, Value, When
from django.urls import NoReverseMatch, reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from cmdb.models import CI, Service
from core.paging import Page, paginate
from people.models import Person
from records.kinds import KINDS
from records.likeness import pieces
from servicedesk.queue import looks
from servicedesk.queue.rows import address
from servicedesk.search import records


@dataclass(frozen=True)
class Result:
    """One thing that was found: a name, what tells it apart, where it stands."""

    title: str
    href: str
    icon: str
    note: str = ""
    mark: str = ""  # HTML made by a tag, such as the chip of a state


@dataclass(frozen=True)
class Source:
    """`rows(person, folded)` gives (queryset, order); `first` what is named exactly."""

    key: str
    label: Any
    icon: str
    rows: Callable
    draw: Callable
    first: Callable | None = None

    def find(self, person, folded, limit=8):
        """At most `limit` results, the exact ones first."""
        found = list(self.first(person, folded)[:limit]) if self.first else []
        if len(found) < limit:
            queryset, order = self.rows(person, folded)
            known = {row.pk for row in found}
            more = paginate(queryset, order=order, size=limit)
            found += [row for row in more if row.pk not in known][: limit - len(found)]
        return [self.draw(row) for row in found]

    def page(self, person, folded, *, after="", before="", size=50):
        """One page of results by key, and the exact ones before the first page."""
        queryset, order = self.rows(person, folded)
        page = paginate(queryset, order=order, size=size, after=after, before=before)
        rows = list(page)
        if self.first and not after and not before:
            known = {row.pk for row in rows}
            rows = [r for r in self.first(person, folded)[:size] if r.pk not in known] + rows
        return Page([self.draw(row) for row in rows], after=page.after, before=page.before)


def sources():
    return import_string(settings.SEARCH)


# --- records ----------------------------------------------------------------------------------


def _record_rows(person, folded):
    found = records.by_text(person, folded).select_related("requester", "pending_reason")
    return found.defer("description", "sla"), ("-updated_at", "id")


def _record_first(person, folded):
    return records.exact(person, folded).select_related("requester", "pending_reason")


def draw_record(record):
    reason = record.pending_reason
    return Result(
        title=record.title,
        href=address(record.kind, record.number),
        icon=KINDS[record.kind].icon,
        note=" · ".join(filter(None, [record.number, record.requester and record.requester.name])),
        mark=looks.state(
            record.kind, record.state, record.phase,
            reason.code if reason else "", reason.name if reason else "",
        ),
    )  # fmt: skip


RECORDS = Source("records", _("Records"), "ticket", _record_rows, draw_record, _record_first)


# --- people -----------------------------------------------------------------------------------


def _people_rows(person, folded):
    """Who is called so first, then whose sound, number, telephone or mail holds the words."""
    words = (
        folded.replace("-", "") if folded.replace("-", "").replace(" ", "").isdigit() else folded
    )
    found = Person.objects.visible_to(person).active().humans()
    if not pieces(folded):
        return found.none(), ("name", "id")
    found = found.matching(words.replace(" ", "") if words.replace(" ", "").isdigit() else words)
    sound = Q(search__contains=f" {folded} ") | Q(search__startswith=f"{folded} ")
    rank = Case(
        When(code__iexact=folded, then=Value(0)), When(name__istartswith=folded, then=Value(1)),
        When(sound, then=Value(2)), default=3, output_field=IntegerField(),
    )  # fmt: skip
    return found.annotate(rank=rank).select_related("organization"), ("rank", "name", "id")


def draw_person(person):
    return Result(
        title=person.name, href=_page_of_person(person), icon="user-round",
        note=" · ".join(filter(None, [person.code, person.organization.name, person.job_title])),
    )  # fmt: skip


def _page_of_person(person):
    """The person's own page where there is one, else their tickets."""
    try:
        return reverse("people:person", args=[person.code])
    except NoReverseMatch:
        return f"{reverse('servicedesk:queue')}?phase=any&requester={person.pk}"


PEOPLE = Source("people", _("People"), "users", _people_rows, draw_person)


# --- configuration items and services ---------------------------------------------------------


def _ci_rows(person, folded):
    found = CI.objects.visible_to(person).filter(service=None)
    found = found.matching(folded) if pieces(folded) else found.none()
    return found.select_related("ci_class"), ("name", "id")


def draw_ci(ci):
    return Result(
        title=ci.name, href=_or_search(ci), icon="server",
        note=f"{ci.number} · {ci.ci_class.name}",
    )  # fmt: skip


CIS = Source("cis", _("Configuration items"), "server", _ci_rows, draw_ci)


def _service_rows(person, folded):
    found = Service.objects.visible_to(person)
    if not pieces(folded):
        return found.none(), ("code", "id")
    for word in folded.split()[:6]:
        found = found.filter(ci__search__contains=word)
    return found, ("code", "id")


def draw_service(service):
    return Result(
        title=service.name, href=_or_search(service), icon="layout-grid",
        note=f"{service.code} · {service.state_label}",
    )  # fmt: skip


SERVICES = Source("services", _("Services"), "layout-grid", _service_rows, draw_service)


def _or_search(row):
    try:
        return row.get_absolute_url()
    except NoReverseMatch:
        return reverse("servicedesk:search")
