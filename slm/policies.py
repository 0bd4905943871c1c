"""Who may see and manage agreements (ITSM domain rules 7.2)."""

from django.apps import apps
from django.db.models import Q

from people.roles import Role
from records.policies import can_work


def can_manage_agreements(_agreement, person):
    return person.access.is_superuser or person.access.has_role(Role.SLM)


def can_manage_variations(_variation, person):
    """Short-term changes are the service level manager's, as agreements are."""
    return can_manage_agreements(None, person)


def can_configure_escalation(_policy, person):
    return person.access.is_admin or person.access.has_role(Role.SLM)


def can_acknowledge(escalation, person):
    """Whoever works here may say that they have seen it."""
    return person.access.is_agent and not person.access.is_auditor_only


def nobody(_subject, _person):
    """A step that only the system takes."""
    return False


def agreements_for(person):
    """SLAs: everybody who works here, and customers their own. OLAs: their groups; UCs: managers."""
    access = person.access
    if access.reads_everything:
        return Q()

    def having(**columns):
        # by key, because the rule is asked of records and of agreements alike
        Agreement = apps.get_model("slm", "Agreement")
        return Q(pk__in=Agreement.objects.filter(**columns).values("pk"))

    if not access.is_agent or access.is_supplier_only:
        own = having(agreement_kind="sla", customer_id__in=access.shared_organization_ids)
        return own & Q(phase__in=["open", "waiting"])
    seen = Q(kind__in=["sla", "uc"])
    if access.is_manager:
        return seen | Q(kind="ola")
    groups = access.all_group_ids
    return (
        seen
        | having(agreement_kind="ola", provider_group_id__in=groups)
        | having(agreement_kind="ola", consumer_group_id__in=groups)
    )


def can_redact(_entry, person):
    """Only an administrator removes words from a story."""
    return person.access.is_admin


def is_for_customers(clock):
    """Customers read the promises made to them, not those between groups and suppliers."""
    return clock.clock_kind == "sla"


def can_refer(referral, person):
    """Who works on the record hands it to a supplier, and judges what comes back."""
    return can_work(referral.record, person)


def can_speak_for_supplier(referral, person):
    """The supplier's own people, or who works on the record and was told by telephone or mail."""
    if person.access.is_auditor_only:
        return False
    groups = person.access.all_group_ids
    of_supplier = (
        referral.supplier.supplier_groups.filter(pk__in=groups).exists() if groups else False
    )
    return of_supplier or can_work(referral.record, person)
