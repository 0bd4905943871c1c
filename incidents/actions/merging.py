"""Merging duplicates, and undoing it: the merged one's words, watchers and children find the target."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from core import preferences, time
from core.errors import Refused
from core.lifecycle import take
from incidents.models import Incident
from records import actions as records
from records import timeline
from records.events import Verb
from records.models import Record, RecordLink, TimelineEntry, Watch
from slm import effects, work

INTERNAL = TimelineEntry.Visibility.INTERNAL


def _hold_both(one, other):
    rows = {row.pk: row for row in Incident.objects.filter(pk__in=[one.pk, other.pk])}
    if len(rows) != 2:
        raise Refused(_("A record cannot be merged into itself."))
    for pk in sorted(rows):
        rows[pk] = Incident.objects.lock(rows[pk])
    return rows[one.pk], rows[other.pk]


@transaction.atomic
def merge(incident, *, by, target, at=None):
    """`incident` is a duplicate of `target`: cancelled outside the figures, its people follow."""
    incident, target = _hold_both(incident, target)
    work.ask(_may_touch, target, by)
    if not target.is_open:
        raise Refused(_("%(number)s is not open any more.") % {"number": target.number})
    if incident.organization_id != target.organization_id and (
        incident.confidentiality != "normal" or target.confidentiality != "normal"
    ):
        raise Refused(_("Confidential records of different organisations cannot be merged."))
    before, at = incident.state, at or time.now()
    take(incident, "merge", by=by, target=target, at=at)
    records.save(incident, at=at, from_state=before)
    effects.cancelled(incident, at=at, by=by, rule="merged")
    followers = _move_followers(incident, target)
    records.link(incident, target, RecordLink.Type.DUPLICATE_OF, by=by, at=at)
    timeline.record(
        incident, Verb.MERGED, by=by, at=at, from_state=before, number=target.number,
        target_id=target.pk, followers=followers, state_before=before,
    )  # fmt: skip
    timeline.record(
        target, Verb.MERGED_IN, by=by, at=at, kind=TimelineEntry.Kind.SYSTEM, visibility=INTERNAL,
        number=incident.number, merged_id=incident.pk,
    )  # fmt: skip
    return incident


def _may_touch(record, person):
    return Record.objects.visible_to(person).filter(pk=record.pk).exists()


def _move_followers(incident, target):
    """The duplicate's requester and watchers take part in the target. Returns who was added."""
    present = set(target.watches.values_list("person_id", flat=True))
    present |= {target.requester_id, target.reported_by_id}
    wanted = dict(incident.watches.values_list("person_id", "takes_part"))
    if incident.requester_id:
        wanted[incident.requester_id] = True
    added = sorted(set(wanted) - present)
    Watch.objects.bulk_create(
        [Watch(record=target, person_id=pk, takes_part=wanted[pk]) for pk in added]
    )
    return added


@transaction.atomic
def unmerge(incident, *, by, at=None):
    """As if it had never been merged: its people leave the target, its promises count again."""
    if incident.merged_into_id is None:
        raise Refused(_("It was not merged."))
    incident, target = _hold_both(incident, incident.merged_into)
    at = at or time.now()
    entry = incident.timeline.filter(verb=Verb.MERGED).order_by("-seq").first()
    days = int(preferences.get("unmerge_days"))
    if entry is None or entry.at < at - timedelta(days=days):
        raise Refused(_("A merge can be undone for %(days)d days.") % {"days": days})
    before = incident.state
    take(incident, "unmerge", by=by)
    records.save(incident, at=at, from_state=before)
    target.watches.filter(person_id__in=entry.data.get("followers", [])).delete()
    RecordLink.objects.filter(
        source=incident, target=target, type=RecordLink.Type.DUPLICATE_OF
    ).delete()
    effects.restarted(incident, at=at, by=by)
    timeline.record(incident, Verb.UNMERGED, by=by, at=at, from_state=before, number=target.number)
    timeline.record(
        target, Verb.UNMERGED, by=by, at=at, kind=TimelineEntry.Kind.SYSTEM, visibility=INTERNAL,
        number=incident.number,
    )  # fmt: skip
    return incident


def adopt(parent, children, *, by, at=None):
    """Make incidents children of another one."""
    return [
        work.link(parent, child, by=by, type_=RecordLink.Type.PARENT_OF, at=at)
        for child in sorted(children, key=lambda row: row.pk)
    ]
