"""The list of calls: filters, pages, and the figures of today."""

from datetime import datetime, timedelta
from datetime import time as clock

from django.db.models import Count, Q
from django.utils import timezone

from core import time
from core.paging import paginate
from core.text import fold
from records.models import Record
from servicedesk.models import Interaction
from servicedesk.queue.rows import address


def page_of(person, wanted, *, size, after="", before=""):
    """One page of the calls that this person may see; each row knows whether its ticket shows."""
    rows = Interaction.objects.visible_to(person).for_list()
    if outcome := wanted.get("outcome"):
        rows = rows.filter(outcome="" if outcome == "open" else outcome)
    if channel := wanted.get("channel"):
        rows = rows.filter(channel=channel)
    if wanted.get("whose") == "me":
        rows = rows.filter(agent=person)
    if day := wanted.get("day"):
        start = datetime.combine(day, clock.min, timezone.get_current_timezone())
        rows = rows.filter(started_at__gte=start, started_at__lt=start + timedelta(days=1))
    if words := (wanted.get("q") or "").strip():
        rows = rows.filter(_holding(words))
    page = paginate(rows, order=("-started_at", "id"), size=size, after=after, before=before)
    seen = Record.objects.visible_to(person).filter(pk__in=[row.record_id for row in page.rows])
    seen = set(seen.values_list("pk", flat=True))
    for row in page.rows:
        row.href = address(row.record.kind, row.record.number) if row.record_id in seen else ""
    return page


def _holding(words):
    folded = fold(words)
    found = Q(number__iexact=words) | Q(record__number__iexact=words)
    found |= Q(subject__icontains=words) | Q(caller_text__icontains=words)
    return found | Q(person__search__contains=folded)


def figures(person):
    """Of the calls that this person may see and that came today: [(outcome or "", label, count)]."""
    start = timezone.localtime(time.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = Interaction.objects.visible_to(person).filter(started_at__gte=start)
    counted = dict(rows.values_list("outcome").annotate(times=Count("pk")).order_by())
    shown = [(code, label, counted.get(code, 0)) for code, label in Interaction.Outcome.choices]
    return {"total": sum(counted.values()), "open": counted.get("", 0), "outcomes": shown}


def is_same_day(call, at):
    return timezone.localdate(call.started_at) == timezone.localdate(at)


def seen_record(call, person):
    """The call's ticket, if this person may see it; else only its number shows."""
    if call.record_id is None:
        return None
    return Record.objects.visible_to(person).filter(pk=call.record_id).first()
