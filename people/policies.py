"""Who may administer people."""


def can_administer(_subject, person):
    return person.access.is_admin


def can_manage_group(group, person):
    """Administrators, and the lead of the group for its own members."""
    return person.access.is_admin or group.pk in person.access.led_group_ids
