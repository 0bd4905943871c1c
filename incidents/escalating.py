"""Escalations of an incident as its page asks about them: whom to tell, and which nobody has seen.

Who is told and what an acknowledgement stops is decided in slm; nothing here moves a clock.
"""

from datetime import UTC, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import formats
from core.errors import Refused
from core.templatetags import ui
from slm import policies
from slm.actions import escalations
from slm.ladder import Directory
from slm.models import Escalation, EscalationStep

To = EscalationStep.To
PERSON = To.PERSON.value
# From the nearest to the highest; a person is chosen by name.
RANKS = (To.GROUP_LEAD, To.LEAD_MANAGER, To.PROCESS_MANAGER, To.SLM, To.SERVICE_OWNER)

# The steps without a clock, by the word that their code begins with.
WAITS = {
    "unassigned": lambda: _("Unassigned for %(time)s"),
    "silent": lambda: _("No update for %(time)s"),
}


def can_acknowledge(incident, person):
    return policies.can_acknowledge(None, person)


def ranks_of(incident):
    """[(code, words, [persons])] of the ranks that somebody active stands behind."""
    directory, found = Directory(), []
    for rank in RANKS:
        people = {one.pk: one for one in directory.behind(incident, rank) if one and one.is_active}
        if people:
            found.append((rank.value, rank.label, list(people.values())))
    return found


def unseen(incident):
    """The escalations that wait for somebody to say that they have seen them, oldest first.

    Of a promise only the latest: who has seen that 100 % are used need not be asked about 75 %,
    nor about the round of updates before this one.
    """
    rows = Escalation.objects.filter(record=incident, is_imported=False)
    latest = {}
    for row in rows.select_related("clock", "by").order_by("fired_at", "pk"):
        key = _promise(row)
        if key not in latest or _reach(row) >= _reach(latest[key]):
            latest[key] = row
    waiting = [row for row in latest.values() if row.acknowledged_at is None]
    return sorted(waiting, key=lambda row: (row.fired_at, row.pk))


def _promise(row):
    clock = row.clock
    if clock is None:
        return row.pk
    return clock.metric, clock.clock_kind, clock.group_id


def _reach(row):
    """How far a promise had come: a later clock, a later round rule, then the greater share."""
    return row.clock_id or 0, row.cycle, int(row.threshold) if row.threshold.isdigit() else 0


@transaction.atomic
def acknowledge(incident, chosen, *, by, comment="", at=None):
    """All of these escalations, or none: refused where somebody was faster with one of them."""
    for escalation in sorted(chosen, key=lambda row: row.pk):
        if escalation.record_id != incident.pk:
            raise Escalation.DoesNotExist
        escalations.acknowledge(escalation, by=by, comment=comment, at=at)
    if not chosen:
        raise Refused(_("There is no escalation that waits for this."))


def words(escalation):
    """One escalation in a sentence: what was reached, when, and who was told."""
    zone = timezone.get_current_timezone()
    at = escalation.fired_at.astimezone(zone)
    moment = formats.moment_text(at, datetime.now(UTC).astimezone(zone), ui.language())
    parts = [_reached(escalation), moment]
    told = [one.get("name", "") for one in escalation.told]
    if told:
        parts.append(_("told: %(names)s") % {"names": ", ".join(told)})
    return " · ".join(part for part in parts if part)


def _reached(escalation):
    if escalation.by_id:
        return _("Escalated by %(name)s: %(reason)s") % {
            "name": escalation.by.name, "reason": escalation.reason,
        }  # fmt: skip
    code, clock = escalation.threshold, escalation.clock
    if clock is not None and code.isdigit():
        if int(code) == 100:
            return _("%(promise)s: the target was missed") % {"promise": clock.get_metric_display()}
        return _("%(promise)s: %(percent)s %% of the target used") % {
            "promise": clock.get_metric_display(), "percent": code,
        }  # fmt: skip
    word, _sign, value = code.partition(":")
    if word in WAITS and value.isdigit():
        length = formats.duration_text(int(value), ui.language())
        return WAITS[word]() % {"time": length}
    return _("A step of the ladder was reached")
