"""Escalation policies with their steps as reference data, for administrators and SLM."""

from django.utils.translation import gettext_lazy as _

from core.access import Gate
from core.reference import Column, Reference, register
from core.reference.registry import readers
from slm import policies
from slm.models.escalation import EscalationPolicy, EscalationStep
from slm.reference_forms import EscalationPolicyForm, steps


def can_see(policy, person):
    return readers(policy, person) or policies.can_configure_escalation(policy, person)


def scope_of(policy):
    """What the ladder is for, in words; empty for the ladder of everything."""
    parts = [policy.agreement and policy.agreement.number, policy.service, policy.organization]
    parts += [policy.record_kind, f"P{policy.priority}" if policy.priority else ""]
    return " · ".join(str(part) for part in parts if part)


register(
    Reference(
        slug="escalation-policies", model=EscalationPolicy, form=EscalationPolicyForm,
        label=_("Escalation policies"), one=_("policy"), new=_("New policy"),
        icon="trending-up", section=_("Service levels"), gate=Gate.MANAGER,
        can_see=can_see, can_edit=policies.can_configure_escalation,
        parts=(steps,), children=((EscalationStep, "policy_id"),),
        help=_("Who is told, and when, while a promise is in danger."),
        rows=lambda rows: rows.select_related("agreement", "service", "organization")
        .prefetch_related("steps"),
        columns=(
            Column(_("Only for"), scope_of),
            Column(_("Steps"), lambda row: len(row.steps.all()), "num"),
        ),
    )
)  # fmt: skip
