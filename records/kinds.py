"""The registry of record kinds: what mixed lists and mixed channels know without importing anybody.

A process registers its class with `@record_kind` and its verbs with `verb_of`; a queue, the mail
desk or the API looks them up here by the kind's code.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Phase(models.TextChoices):
    """What every process has in common about where a record stands."""

    OPEN = "open", _("Open")
    WAITING = "waiting", _("Waiting")
    RESOLVED = "resolved", _("Resolved")
    CLOSED = "closed", _("Closed")


OPEN_PHASES = (Phase.OPEN, Phase.WAITING)


@dataclass
class Kind:
    code: str
    prefix: str
    label: Any
    model: type
    is_queued: bool = False
    namespace: str = ""
    icon: str = "ticket"
    # (person) -> Q over Record's columns: which records of this kind the person may see.
    visibility: Callable | None = None
    # The words of mixed channels ("assign", "reply", "hold", …) in this process.
    verbs: dict = field(default_factory=dict)

    def phase_of(self, state):
        return self.model.PHASES.get(state, Phase.OPEN)

    @property
    def states(self):
        return self.model.State


KINDS: dict[str, Kind] = {}


def record_kind(code, *, prefix, label, queued=False, namespace="", icon="ticket"):
    """Class decorator: register a record kind. The class has `State` and `PHASES`."""

    def register(model):
        KINDS[code] = Kind(
            code=code, prefix=prefix, label=label, model=model, is_queued=queued,
            namespace=namespace or f"{code}s", icon=icon,
        )  # fmt: skip
        model.KIND = code
        return model

    return register


def visibility_of(code):
    """Function decorator: (person) -> Q, the rows of this kind that the person may see."""

    def register(function):
        KINDS[code].visibility = function
        return function

    return register


def verb_of(code, name):
    """Function decorator: what a mixed channel calls to do `name` to a record of this kind."""

    def register(function):
        KINDS[code].verbs[name] = function
        return function

    return register


def verb(record, name):
    """The process's own function for a word of the mixed channels, or None where it has none."""
    return KINDS[record.kind].verbs.get(name)


def queued_kinds():
    return [code for code, kind in KINDS.items() if kind.is_queued]
