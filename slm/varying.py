"""What a short-term change does to clocks that run already, and what it promises new ones.

Clocks are retargeted at the true instants of the change, however late the sweep comes, and a breach
that the other figure does not justify is lifted (ITSM domain rules 5.4). Harmless twice.
"""

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject

from core import time
from records.models import Record
from slm.clockwork import Clockwork
from slm.engine.terms import Kind
from slm.models import Clock, TargetVariation

State = TargetVariation.State


def varied(rows, at):
    """Target rows, each with `variation`: the number and the values of the short-term change of its
    agreement that holds at `at`, or None. No question of its own to the database."""
    change = TargetVariation.objects.holding(at).filter(agreement=OuterRef("agreement"))
    found = change.values(found=JSONObject(number="number", values="new_values"))
    return rows.annotate(variation=Subquery(found[:1]))


def promised_by(target):
    """(seconds, number of the short-term change or "") of a row that `varied` brought."""
    change = target.variation or {}
    seconds = (change.get("values") or {}).get(str(target.pk))
    if seconds is None:
        return int(target.value), ""
    return int(seconds), change["number"]


def records_touched(variation):
    """Ids of the records with a clock that the change concerns, in their order."""
    clocks = Clock.objects.live().filter(
        agreement=variation.agreement_id, target__in=list(variation.seconds)
    )
    return list(clocks.order_by("record_id").values_list("record_id", flat=True).distinct())


@transaction.atomic
def follow(variation_id, record_ids):
    """Bring the clocks of these records to where the change stands by now: begun, or over."""
    variation = TargetVariation.objects.get(pk=variation_id)
    if variation.state not in (State.ACTIVE, State.ENDED):
        return
    usual = dict(variation.agreement.targets.values_list("pk", "value"))
    for pk in sorted(record_ids):
        record = Record.objects.lock(pk)
        work = Clockwork(record, at=time.now())
        for hand in work.live():
            _begin(hand, variation, usual)
            _end(hand, variation, usual)
        if any(hand.is_touched for hand in work.hands):
            work.save()


def _begin(hand, variation, usual):
    target, seconds = hand.clock.target_id, variation.seconds
    if target not in seconds or variation.number in hand.variations:
        return
    at = max(variation.starts_at, hand.last_at)
    if at < variation.ends_at:
        change(hand, seconds[target], at, variation.number, is_begin=True)


def _end(hand, variation, usual):
    if variation.state == State.ENDED and hand.variation == variation.number:
        at = max(variation.ends_at, hand.last_at)
        change(hand, int(usual[hand.clock.target_id]), at, variation.number, is_begin=False)


def change(hand, seconds, at, number, *, is_begin, by=None):
    """Note that from `at` on the clock has `seconds`, because the change `number` begins or ends."""
    hand.note(
        Kind.RETARGET, at=at, by=by, lift=True, target_seconds=seconds,
        rule=f"{'variation' if is_begin else 'variation_over'}:{number}",
        data={
            "target": hand.clock.target_id, "agreement": hand.clock.agreement_id,
            "from": hand.clock.target_seconds, "to": seconds,
            **({"variation": number} if is_begin else {"variation_over": number}),
        },
    )  # fmt: skip


def catch_up(hand, promise, *, at, by):
    """A clock that goes on after a rest takes the figure that holds now."""
    if promise is None or promise.target.pk != hand.clock.target_id:
        return
    if promise.variation == hand.variation:
        return
    number = promise.variation or hand.variation
    change(hand, promise.seconds, at, number, is_begin=bool(promise.variation), by=by)
