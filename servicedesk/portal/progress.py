"""Where a request stands, as its requester needs it: steps, who acts next, and until when.

The words are the portal's own. No word of the process leaves this module.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core import formats
from core.templatetags.ui import language
from records.kinds import Phase


@dataclass(frozen=True)
class Step:
    """One stretch of the way. `look`: done, now, wait, or empty for what lies ahead."""

    label: str
    look: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Progress:
    steps: list
    short: str  # a few words for lists
    sentence: str  # who acts next, whole
    turn: str  # "you", "us" or "nobody"


def needs_answer(record):
    reason = record.pending_reason
    return record.phase == Phase.WAITING and reason is not None and reason.waits_for_requester


def progress_of(record, *, is_mine=True, deciding=()):
    """`is_mine`: whether the reader is asked, or only looks on. `deciding`: see portal.orders."""
    if record.kind == "service_request":
        from servicedesk.portal import orders

        return orders.progress_of(record, is_mine=is_mine, deciding=deciding)
    if record.kind == "feedback":
        from servicedesk.portal import feedback

        return feedback.progress_of(record, is_mine=is_mine)
    if record.phase == Phase.CLOSED:
        return _ended(record)
    turn = "you" if is_mine and (needs_answer(record) or record.phase == Phase.RESOLVED) else "us"
    return Progress(_steps(record), _short(record, is_mine), _sentence(record, is_mine), turn)


def _steps(record):
    received = pgettext("progress", "Received")
    seen = pgettext("progress", "Seen")
    worked = pgettext("progress", "Being worked on")
    confirm = pgettext("progress", "Please confirm")
    since, first = record.state_changed_at, record.opened_at
    if record.phase == Phase.RESOLVED:
        return [
            Step(received, "done", first), Step(seen, "done"), Step(worked, "done"),
            Step(confirm, "now", since),
        ]  # fmt: skip
    if record.phase == Phase.WAITING:
        held = (
            pgettext("progress", "Waiting for you")
            if needs_answer(record)
            else pgettext("progress", "On hold")
        )
        return [
            Step(received, "done", first), Step(seen, "done"), Step(held, "wait", since),
            Step(confirm),
        ]  # fmt: skip
    if record.state == "new":
        return [Step(received, "now", first), Step(seen), Step(worked), Step(confirm)]
    if record.state == "assigned":
        return [Step(received, "done", first), Step(seen, "now", since), Step(worked),
                Step(confirm)]  # fmt: skip
    return [
        Step(received, "done", first), Step(seen, "done"), Step(worked, "now", since),
        Step(confirm),
    ]  # fmt: skip


def _ended(record):
    received = Step(pgettext("progress", "Received"), "done", record.opened_at)
    if record.merged_into_id:
        last = pgettext("progress", "Handled together with another request")
        said = _("Somebody reported the same before. We handle both together and tell you there.")
    elif record.state == "cancelled":
        last = pgettext("progress", "Taken back")
        said = _("This request was taken back. Nobody works on it.")
    else:
        last = pgettext("progress", "Finished")
        said = _(
            "This request is finished and stays as it is. If it comes back, report it again"
            " below: we open a new request that refers to this one."
        )
        steps = [
            received, Step(pgettext("progress", "Seen"), "done"),
            Step(pgettext("progress", "Worked on"), "done"),
            Step(last, "done", record.closed_at),
        ]  # fmt: skip
        return Progress(steps, last, said, "nobody")
    return Progress([received, Step(last, "done", record.closed_at)], last, said, "nobody")


def _short(record, is_mine):
    if record.phase == Phase.RESOLVED:
        return _("solved: please confirm") if is_mine else _("solved, not confirmed yet")
    if needs_answer(record):
        return _("we need your answer") if is_mine else _("waiting for the requester's answer")
    if record.phase == Phase.WAITING:
        return _("on hold, you need to do nothing")
    if record.state == "new":
        return _("the service desk looks at it next")
    if record.state == "assigned":
        return _("given to somebody who starts soon")
    return _("being worked on")


def _sentence(record, is_mine):
    if record.phase == Phase.RESOLVED:
        return _resolved(record, is_mine)
    if record.phase == Phase.WAITING:
        return _asked(is_mine) if needs_answer(record) else held(record)
    if record.state == "new":
        return _("The service desk looks at it next. You need to do nothing now.")
    return _worked(record)


def _asked(is_mine):
    if is_mine:
        return _("We need your answer to go on. Until then the promised time does not run.")
    return _("The service desk waits for the requester's answer.")


def _worked(record):
    words = {"name": record.assignee.name if record.assignee_id else ""}
    if record.state == "assigned":
        if words["name"]:
            return _("%(name)s has it and starts soon. You need to do nothing now.") % words
        return _("The right team has it and starts soon. You need to do nothing now.")
    if words["name"]:
        return _("%(name)s is working on it. You need to do nothing now.") % words
    return _("The service desk is working on it. You need to do nothing now.")


def _resolved(record, is_mine):
    deadline = getattr(record, "rejection_deadline", None)
    if not is_mine:
        return _("We think it is solved. The requester is asked to confirm it.")
    if deadline is None:
        return _("We think it is solved. Please tell us whether it works for you.")
    return _(
        "We think it is solved. Please tell us whether it works for you. If we hear nothing by"
        " %(moment)s, we take it as solved."
    ) % {"moment": moment(deadline)}


def held(record):
    code = record.pending_reason.code if record.pending_reason_id else ""
    words = {"moment": moment(record.pending_until)}
    said = {
        "wait_supplier": _("We wait for our supplier. You need to do nothing."),
        "wait_part": _("We wait for a part to arrive. You need to do nothing."),
        "wait_change": _(
            "It is solved by planned work that still has to happen. You need to do nothing."
        ),
        "monitoring": _("We watch whether it stays away. You need to do nothing."),
    }
    if code in said:
        return said[code]
    if not words["moment"]:
        return _("It is on hold for now. You need to do nothing; we will go on with it.")
    if code == "scheduled":
        return _("We go on at the agreed time, %(moment)s.") % words
    return _("It is on hold until %(moment)s. You need to do nothing.") % words


def moment(at):
    """An instant in the reader's zone, with day and time, as a sentence takes it."""
    if at is None:
        return ""
    local, lang = timezone.localtime(at), language()
    clock = f"{local.hour:02d}:{local.minute:02d}"
    if local.date() == timezone.localdate():
        return _("today %(time)s") % {"time": clock}
    with_year = local.year != timezone.localdate().year
    date, weekday = formats.date_text(local, lang, with_year=with_year), local.weekday()
    weekday = formats.DAYS[lang][weekday]
    return f"{date} {weekday} {clock}" if lang == "zh" else f"{weekday} {date} {clock}"
