"""Who may do what with CIs and services. Plain functions (obj, person) -> bool; the row CI /
relation and the row Service of ITSM domain rules 7.2, the who column of 3.1 and 3.2."""


def is_manager(_obj, person):
    """The configuration manager."""
    return person.access.is_superuser or person.access.has_role("CFGM")


def can_create(_obj, person):
    return is_manager(None, person)


def can_edit(ci, person):
    """The configuration manager, or a specialist or lead of the group that manages the CI."""
    if is_manager(ci, person):
        return True
    access = person.access
    return ci.managed_by_id in access.group_ids and (
        access.has_role("SP2") or access.has_role("LEAD")
    )


def _takes_own_steps(ci):
    """The state of a service's CI follows the service; nobody moves it by hand."""
    return not ci.is_service


def can_work(ci, person):
    """The group that manages the CI ("CI group"), and the configuration manager."""
    return _takes_own_steps(ci) and (
        is_manager(ci, person) or ci.managed_by_id in person.access.group_ids
    )


def can_receive(ci, person):
    return _takes_own_steps(ci) and (is_manager(ci, person) or person.access.has_role("SP2"))


def can_manage(ci, person):
    return _takes_own_steps(ci) and is_manager(ci, person)


def nobody(_obj, _person):
    """Steps that only the system takes."""
    return False


def can_create_service(_obj, person):
    """Service level management."""
    return person.access.is_superuser or person.access.has_role("SLM")


def can_edit_service(service, person):
    """Service level management; the owner of this very service."""
    return can_create_service(service, person) or service.owner_id == person.pk


can_design = can_retire_service = can_edit_service


can_go_live_service = can_create_service
