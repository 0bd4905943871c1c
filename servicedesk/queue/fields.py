"""What the queue may be filtered by: one line a filter, its words, and the rows they mean.

A word comes from an address or from a saved view; `Field.clean` says whether it is one, and
`Field.rows` turns the words of one field into a Q.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cmdb.models import Service
from people.models import Organization, Person, Site, SupportGroup
from records.kinds import KINDS, OPEN_PHASES, Phase
from records.models import Category, Record
from servicedesk.queue.urgency import LANES, in_lane

KEY = re.compile(r"^[1-9][0-9]{0,17}$")


@dataclass(frozen=True)
class Field:
    """One filter. `choices()` gives {word: label}; with a `model` a word may be a key of it."""

    name: str
    label: Any
    choices: Callable
    rows: Callable  # (words, person, now) -> Q
    model: Any = None

    def clean(self, word):
        return word in self.choices() or (self.model is not None and bool(KEY.match(word)))


def _one_of(column):
    return lambda words, person, now: Q(**{f"{column}__in": words})


def _any(meaning):
    """Words that each mean rows of their own: the rows of all of them."""

    def rows(words, person, now):
        found = Q(pk__in=[])
        for word in words:
            found |= meaning(word, person, now)
        return found

    return rows


def _keys(column, **special):
    """Keys of a column, and words such as "me" that stand for keys."""

    def rows(words, person, now):
        keys = [int(word) for word in words if KEY.match(word)]
        found = Q(**{f"{column}__in": keys}) if keys else Q(pk__in=[])
        for word in words:
            if word in special:
                found |= special[word](person)
        return found

    return rows


def _below(column, model):
    """Keys of a tree: what hangs below them is meant too."""

    def rows(words, person, now):
        under = Q(pk__in=[])
        for word in words:  # a path names all that stands above: "/1/5/12/"
            under |= Q(path__contains=f"/{word}/")
        return Q(**{f"{column}__in": model.objects.filter(under).values("pk")})

    return rows


def phases():
    return {
        "active": _("open or waiting"),
        "open": _("open"),
        "waiting": _("waiting"),
        "resolved": _("resolved"),
        "closed": _("closed"),
        "any": _("any"),
    }


PHASES = {
    "active": OPEN_PHASES,
    "open": (Phase.OPEN,),
    "waiting": (Phase.WAITING,),
    "resolved": (Phase.RESOLVED,),
    "closed": (Phase.CLOSED,),
    "any": tuple(Phase),
}


def phases_meant(words):
    return tuple(phase for phase in Phase if any(phase in PHASES[word] for word in words))


def _phase_rows(words, person, now):
    meant = phases_meant(words)
    return Q() if len(meant) == len(Phase) else Q(phase__in=[str(phase) for phase in meant])


def states():
    """Every state of every kind that is worked on in queues, by its own word."""
    found = {}
    for kind in KINDS.values():
        if kind.is_queued:
            found |= {str(code): label for code, label in kind.states.choices}
    return found


def phases_of_states(words):
    meant = set()
    for kind in KINDS.values():
        if kind.is_queued:
            meant |= {kind.phase_of(word) for word in words if word in kind.states.values}
    return tuple(phase for phase in Phase if phase in meant)


def kinds():
    return {code: kind.label for code, kind in KINDS.items() if kind.is_queued}


def lanes():
    return {key: lane.label for key, lane in LANES.items()} | {"risk": _("Breached or at risk")}


def priorities():
    return {str(level): f"P{level}" for level in range(1, 6)} | {"none": _("none")}


def _priority(word, person, now):
    return Q(priority=None) if word == "none" else Q(priority=int(word))


AGES = {"1d": 1, "7d": 7, "30d": 30, "90d": 90}
WAITS = {"user": 0, "user3": 3, "user7": 7}


def _updated(word, person, now):
    return Q(updated_at__gte=now - timedelta(days=AGES[word]))


def _waits(word, person, now):
    waiting = Q(phase=Phase.WAITING, pending_reason__waits_for_requester=True)
    days = WAITS[word]
    return waiting & Q(pending_since__lte=now - timedelta(days=days)) if days else waiting


def _of_groups(person):
    return Q(assigned_group_id__in=person.access.all_group_ids)


NO_CHOICES = dict
FIELDS = {
    field.name: field
    for field in (
        Field("phase", _("State"), phases, _phase_rows),
        Field("state", _("Step"), states, _one_of("state")),
        Field(
            "group", _("Group"),
            lambda: {"mine": _("my groups"), "none": pgettext_lazy("group", "none")},
            _keys("assigned_group_id", mine=_of_groups, none=lambda person: Q(assigned_group=None)),
            SupportGroup,
        ),
        Field(
            "assignee", _("Assignee"), lambda: {"me": _("me"), "nobody": _("nobody")},
            _keys(
                "assignee_id", me=lambda person: Q(assignee_id=person.pk),
                nobody=lambda person: Q(assignee_id__isnull=True),
            ),
            Person,
        ),
        Field("priority", _("Priority"), priorities, _any(_priority)),
        Field("sla", _("SLA"), lanes, _any(lambda word, person, now: in_lane(word, now))),
        Field("service", _("Service"), NO_CHOICES, _keys("service_id"), Service),
        Field("category", _("Category"), NO_CHOICES, _below("category_id", Category), Category),
        Field(
            "requester", _("Requester"), lambda: {"me": _("me")},
            _keys("requester_id", me=lambda person: Q(requester_id=person.pk)), Person,
        ),
        Field(
            "organization", _("Organisation"), NO_CHOICES,
            _below("organization_id", Organization), Organization,
        ),
        Field("site", _("Site"), NO_CHOICES, _keys("site_id"), Site),
        Field(
            "channel", _("Channel"), lambda: dict(Record.Channel.choices), _one_of("channel")
        ),
        Field(
            "updated", _("Updated"),
            lambda: {
                "1d": _("last 24 hours"), "7d": _("last 7 days"),
                "30d": _("last 30 days"), "90d": _("last 90 days"),
            },
            _any(_updated),
        ),
        Field(
            "waiting", _("Waiting"),
            lambda: {
                "user": _("for the user"), "user3": _("for the user for 3 days"),
                "user7": _("for the user for 7 days"),
            },
            _any(_waits),
        ),
        Field("kind", _("Kind"), kinds, _one_of("kind")),
        Field(
            "mark", _("Mark"),
            lambda: {
                "major": _("major incident"), "vip": _("VIP"), "reply": _("new reply"),
                "reopened": _("reopened"),
            },
            _any(
                lambda word, person, now: {
                    "major": Q(is_major=True),
                    "vip": Q(requester__is_vip=True),
                    "reply": Q(unanswered_since__isnull=False),
                    "reopened": Q(reopen_count__gt=0),
                }[word]
            ),
        ),
    )
}  # fmt: skip
