"""Agreements from draft to force: written, signed, put in force, revised. Frozen once signed."""

from django.contrib.postgres.fields.ranges import DateRange
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core import time
from core.errors import Refused
from core.lifecycle import take
from records import actions as records
from records import timeline
from slm import policies
from slm.events import Verb
from slm.models import Agreement, ServiceLevelTarget

CONTENT = (
    "customer", "agreed_service", "provider_group", "consumer_group", "supplier", "calendar",
    "service_hours", "time_zone_rule", "review_cycle_months", "text_en", "text_zh",
)  # fmt: skip
TARGET_CONTENT = (
    "metric", "record_kind", "priority", "category", "value", "unit", "attainment_goal_pct",
    "calendar", "warn_percents", "calendar_rule", "retarget_rule", "reopen_rule", "update_rule",
    "pause_on_approval", "weight",
)  # fmt: skip
PLAIN_STEPS = frozenset({"negotiate", "send_back", "sign", "start_review", "end_review"})


def _ask(by):
    if by is not None and not policies.can_manage_agreements(None, by):
        raise PermissionDenied


@transaction.atomic
def create(*, by, agreement_kind, title, organization, valid, targets=(), at=None, **fields):
    """A draft with its targets. `targets` are dicts of ServiceLevelTarget's fields."""
    _ask(by)
    agreement = Agreement(
        agreement_kind=agreement_kind, kind=agreement_kind, title=title, valid=valid,
        organization=organization, state=Agreement.State.DRAFT, channel="portal",
        is_on_portal=False, owner=by, **fields,
    )  # fmt: skip
    _check_valid(valid)
    at = records.file_record(agreement, at=at)
    for target in targets:
        _add_target(agreement, target)
    timeline.record(agreement, Verb.AGREEMENT_CREATED, by=by, at=at, from_state="")
    return agreement


def _check_valid(valid):
    if valid is None or valid.lower is None:
        raise ValidationError({"valid": _("Say from when it is valid.")})


def _add_target(agreement, fields):
    target = ServiceLevelTarget(agreement=agreement, **fields)
    target.warn_percents = sorted(target.warn_percents or [50, 75, 90])
    target.full_clean(exclude=["agreement"], validate_constraints=False)
    target.save()
    return target


@transaction.atomic
def edit(agreement, *, by, at=None, seen_version=None, targets=None, **fields):
    """Change a draft. `targets` replaces all rows."""
    _ask(by)
    agreement = Agreement.objects.lock(agreement)
    records.check_version(agreement, seen_version)
    if not agreement.is_editable:
        raise Refused(_("A signed agreement is frozen. Revise it: that makes a new version."))
    _check_valid(fields.get("valid", agreement.valid))
    at = at or time.now()
    for name, value in fields.items():
        setattr(agreement, name, value)
    records.save(agreement, at=at)
    if targets is not None:
        agreement.targets.all().delete()
        for target in targets:
            _add_target(agreement, target)
    timeline.record(agreement, Verb.AGREEMENT_EDITED, by=by, at=at, fields=sorted(fields))
    return agreement


def move(agreement, name, *, by, at=None, seen_version=None, comment=""):
    """Take a plain step, one of PLAIN_STEPS. The others ask for more and have actions of their own:
    activate and terminate here, submit and revise in slm.actions.underpinning."""
    if name not in PLAIN_STEPS:
        raise ValueError(f"{name} is no plain step")
    return step(agreement, name, by=by, at=at, seen_version=seen_version, comment=comment)


@transaction.atomic
def step(agreement, name, *, by, at=None, seen_version=None, comment=""):
    """Any step that only changes the state. For actions that have asked what the step wants."""
    agreement = Agreement.objects.lock(agreement)
    records.check_version(agreement, seen_version)
    before = agreement.state
    take(agreement, name, by=by)
    at = at or time.now()
    records.save(agreement, at=at, from_state=before)
    verb = Verb.AGREEMENT_SIGNED if name == "sign" else Verb.AGREEMENT_MOVED
    timeline.record(agreement, verb, by=by, at=at, from_state=before, step=name, body=comment)
    return agreement


@transaction.atomic
def activate(agreement, *, by, at=None, seen_version=None):
    """Put a signed agreement in force; an earlier version of it ends the day before."""
    agreement = Agreement.objects.lock(agreement)
    records.check_version(agreement, seen_version)
    before, at = agreement.state, at or time.now()
    previous = agreement.previous
    if previous is not None and previous.state in Agreement.APPLYING:
        _end(Agreement.objects.lock(previous), agreement.valid.lower, at)
    take(agreement, "activate", by=by)
    try:
        with transaction.atomic():
            records.save(agreement, at=at, from_state=before)
    except IntegrityError as error:
        raise Refused(
            _("Another agreement of the same scope is in force in these days.")
        ) from error
    timeline.record(agreement, Verb.AGREEMENT_ACTIVATED, by=by, at=at, from_state=before)
    return agreement


def _end(previous, day, at):
    before = previous.state
    begin = min(previous.valid.lower, day)
    take(previous, "supersede", by=None, in_force=DateRange(begin, day))
    records.save(previous, at=at, from_state=before)
    timeline.record(
        previous, Verb.AGREEMENT_MOVED, by=None, at=at, from_state=before, step="supersede"
    )


@transaction.atomic
def terminate(agreement, *, by, day, reason, at=None, seen_version=None):
    agreement = Agreement.objects.lock(agreement)
    records.check_version(agreement, seen_version)
    if not reason.strip():
        raise ValidationError({"reason": _("Give a reason.")})
    before, at = agreement.state, at or time.now()
    in_force = agreement.in_force
    if in_force is not None:
        in_force = DateRange(in_force.lower, max(day, in_force.lower))
    take(agreement, "terminate", by=by, in_force=in_force)
    records.save(agreement, at=at, from_state=before)
    timeline.record(
        agreement, Verb.AGREEMENT_MOVED, by=by, at=at, from_state=before, step="terminate",
        body=reason.strip(),
    )  # fmt: skip
    return agreement


@transaction.atomic
def draft_next(agreement, *, by, valid, at=None):
    """A draft of the next version with the same content; the present one stays in force. What holds
    it up comes along in slm.actions.underpinning.revise, which every channel calls."""
    _ask(by)
    agreement = Agreement.objects.lock(agreement)
    if agreement.state not in Agreement.APPLYING:
        raise Refused(_("Only an agreement in force is revised."))
    if agreement.next_versions.filter(state__in=["draft", "negotiating"]).exists():
        raise Refused(_("The next version is being written already."))
    content = {name: getattr(agreement, name) for name in CONTENT}
    targets = [
        {name: getattr(target, name) for name in TARGET_CONTENT}
        for target in agreement.targets.all()
    ]
    draft = create(
        by=by, agreement_kind=agreement.agreement_kind, title=agreement.title,
        organization=agreement.organization, valid=valid, targets=targets, at=at,
        version_no=agreement.version_no + 1, previous=agreement, **content,
    )  # fmt: skip
    timeline.record(
        agreement, Verb.AGREEMENT_REVISED, by=by, at=at or time.now(), number=draft.number
    )
    return draft


@transaction.atomic
def put_in_force(agreement, *, by, at=None):
    """Every step from draft to force at once: for set-ups and imports that bring signed papers."""
    for name in ("negotiate", "submit_signature", "sign"):
        agreement = step(agreement, name, by=by, at=at)
    return activate(agreement, by=by, at=at)
