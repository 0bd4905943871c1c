"""Changing the order of routing rules, and deleting one that never fired."""

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import Refused
from records import triage
from records.models import RoutingRule, RoutingTrace

STEP = 10  # between the places of two rules, so that a new one fits between them


@transaction.atomic
def move(rule, *, by, is_up):
    """One place up or down among the rules that are in use; at the end nothing happens."""
    audit.acting(by)
    rules = list(RoutingRule.objects.active().in_order().select_for_update())
    place = next((at for at, one in enumerate(rules) if one.pk == rule.pk), None)
    other = None if place is None else place - 1 if is_up else place + 1
    if other is None or not 0 <= other < len(rules):
        return
    rules[place], rules[other] = rules[other], rules[place]
    for number, one in enumerate(rules, start=1):
        if one.order != number * STEP:
            one.order = number * STEP
            one.save(update_fields=["order"])
    triage.forget()


def has_fired(rule):
    return RoutingTrace.objects.filter(fired__contains=[rule.pk]).exists()


@transaction.atomic
def delete(rule, *, by):
    """A rule that never placed anything may go; another one is taken out of use and stays as
    evidence. Raises Refused."""
    audit.acting(by)
    rule = RoutingRule.objects.lock(rule)
    if has_fired(rule):
        raise Refused(_("It has placed tickets: take it out of use instead."))
    rule.delete()
    triage.forget()
