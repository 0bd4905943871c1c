"""Who may do what with calendars: (calendar or None, person) -> bool."""


def can_read(calendar, person):
    """Whoever works the desk, and integrations. Customers see only the times computed from it."""
    return person.access.is_agent or person.access.is_admin or person.kind == "service"


def can_edit(calendar, person):
    """Administrators and the service level manager, whose promises run on these hours."""
    return person.access.is_admin or person.access.has_role("SLM")
