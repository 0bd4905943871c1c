"""Who may see and manage agreements (ITSM domain rules 7.2)."""

from django.db.models import Q

from people.roles import Role


def can_manage_agreements(_agreement, person):
    return person.access.is_superuser or person.access.has_role(Role.SLM)


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
    own = Q(agreement__customer_id__in=access.shared_organization_ids, kind="sla")
    if not access.is_agent or access.is_supplier_only:
        return own & Q(phase__in=["open", "waiting"])
    groups = access.all_group_ids
    return (
        Q(kind__in=["sla", "uc"])
        | Q(kind="ola", agreement__provider_group_id__in=groups)
        | Q(kind="ola", agreement__consumer_group_id__in=groups)
        | Q(kind="ola") & Q(pk__gt=0 if access.is_manager else 1 << 62)
    )


def can_redact(_entry, person):
    """Only an administrator removes words from a story."""
    return person.access.is_admin


def is_for_customers(clock):
    """Customers read the promises made to them, not those between groups and suppliers."""
    return clock.clock_kind == "sla"
