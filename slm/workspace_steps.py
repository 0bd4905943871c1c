"""The steps of a record as pages: which form asks, which action acts, what is said about it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.shortcuts import redirect

from core.pages import check
from records.policies import can_work
from slm import workspace_feed as feeds
from slm.workspace_answers import answer, at_once, seen_version

HIDDEN = ("submit_token", "version")


def _nothing(_request, _record):
    return {}


def _no_context(_request, _record, _form):
    return {}


@dataclass(frozen=True)
class StepPage:
    """`form` None: done at once. Words are functions, because they are said in the reader's language."""

    act: Callable
    title: Callable
    submit: Callable
    done: Callable
    form: Any = None
    policy: Callable = can_work
    is_danger: bool = False
    initial: Callable = _nothing
    context: Callable = _no_context


def take_step(request, found, record):
    """Show the dialog or page of a StepPage; on POST take the step. The policy is asked first."""
    check(found.policy, record, request.user)
    home = record.get_absolute_url()
    if found.form is None:
        return _at_once(request, found, record, home)
    data = request.POST if request.method == "POST" else None
    form = found.form(
        data, record=record, person=request.user, initial=found.initial(request, record)
    )
    seen = None
    if data is not None:
        seen = seen_version(request)

    def act(cleaned):
        inputs = {key: value for key, value in cleaned.items() if key not in HIDDEN}
        found.act(record, by=request.user, seen_version=seen, **inputs)

    return answer(
        request, form, act, back=home, title=found.title() % {"number": record.number},
        submit=found.submit(), done=lambda _cleaned: found.done() % {"number": record.number},
        is_danger=found.is_danger, changes=lambda: happened(request, record),
        **found.context(request, record, form),
    )  # fmt: skip


def _at_once(request, found, record, home):
    if request.method != "POST":
        return redirect(home)
    seen = seen_version(request)
    return at_once(
        request, lambda: found.act(record, by=request.user, seen_version=seen) and home,
        back=home, done=found.done() % {"number": record.number},
    )  # fmt: skip


def happened(request, record):
    """The last things that others did, for whoever was too late."""
    entries = record.timeline.exclude(author=request.user).order_by("-seq")
    entries = entries.select_related("author", "redacted_by")[:3]
    lines = feeds.lines_of(record, list(entries), can_read_notes=True)
    return [feeds.sentence(line) for line in lines]
