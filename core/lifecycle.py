"""Lifecycles: the only module that knows django-fsm.

A step is a model method that checks and sets fields in memory. `take` is the only way to call
one: calling the method alone checks neither policy nor guard.
"""

from dataclasses import dataclass, field

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django_fsm import FSMField, transition

from core.errors import Refused


class StateField(FSMField):
    """A state in the process's own words. Protected: only a step changes it."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 24)
        kwargs.setdefault("protected", True)
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)


def step(label, *, source, to, by, guards=(), field="state", icon="", verb=""):
    """Declare a lifecycle step.

    `by` is the policy (obj, person) -> bool that says who may; a `guard` is (obj) -> reason | None.
    A target of None leaves the state as it is.
    """
    custom = {"label": label, "guards": tuple(guards), "icon": icon, "verb": verb}
    return transition(field, source, to, permission=by, custom=custom)


@dataclass(frozen=True)
class Step:
    """One step as a page offers it: allowed, or refused for reasons that can be read."""

    name: str
    label: str
    icon: str = ""
    reasons: list = field(default_factory=list)

    @property
    def is_allowed(self):
        return not self.reasons


def take(obj, name, *, by, **inputs):
    """Take the step: state, policy, guards, then the method. Nothing is saved here.

    `by` is a person, or None for the system, for whom policies are not asked.
    Raises Refused (with reasons) or PermissionDenied.
    """
    found = _transition(obj, name)
    if found is None:
        raise Refused(moved_on(obj))
    if by is not None and found.permission and not found.permission(obj, by):
        raise PermissionDenied
    if reasons := blocking_reasons(obj, name, found):
        raise Refused(*reasons)
    return getattr(obj, name)(**inputs)


def open_steps(obj, by):
    """The steps that lead on from the present state and that `by` may take, with what blocks them."""
    steps = []
    for found in obj.get_available_steps():
        if by is None or not found.permission or found.permission(obj, by):
            name = found.name
            steps.append(
                Step(
                    name=name,
                    label=str(found.custom["label"]),
                    icon=found.custom["icon"],
                    reasons=blocking_reasons(obj, name, found),
                )
            )
    return steps


def blocking_reasons(obj, name, found):
    reasons = [reason for guard in found.custom["guards"] if (reason := guard(obj))]
    guards = import_string(settings.GUARDS).get((obj._meta.label_lower, name), ())
    reasons += [reason for guard in guards if (reason := guard(obj))]
    return [str(reason) for reason in reasons]


def moved_on(obj):
    return _("This step is not possible any more: the state is “%(state)s” now.") % {
        "state": obj.state_label
    }


class HasSteps:
    """Mixed into a model with a state field; `STATE_FIELD` names it."""

    STATE_FIELD = "state"

    @property
    def state_label(self):
        return str(self.State(getattr(self, self.STATE_FIELD)).label)

    def refresh_from_db(self, using=None, fields=None, from_queryset=None):
        """A protected state may be read anew: what the database says is no step."""
        if fields is None or self.STATE_FIELD in fields:
            self.__dict__.pop(self.STATE_FIELD, None)
        super().refresh_from_db(using=using, fields=fields, from_queryset=from_queryset)

    def get_available_steps(self):
        """The django-fsm transitions that lead on from the present state, in source order."""
        field_name = self.STATE_FIELD
        state = getattr(self, field_name)
        return [
            found for found in _steps_of(type(self), field_name) if found.source in (state, "*")
        ]


_STEPS = {}


def _steps_of(model, field_name):
    """Every (step, source) of a class in the order the class body declares them."""
    if (model, field_name) not in _STEPS:
        found = []
        for base in reversed(model.__mro__):
            for attribute in vars(base).values():
                meta = getattr(attribute, "_django_fsm", None)
                if meta is not None:
                    found += meta.transitions.values()
        _STEPS[model, field_name] = found
    return _STEPS[model, field_name]


def _transition(obj, name):
    for found in obj.get_available_steps():
        if found.name == name:
            return found
    return None
