"""Who may read and set what about surveys: (subject, person) -> bool."""

from people.roles import Role


def can_read(_nothing, person):
    """Managers and leads; of which rows, says SurveyResponse.visible_to."""
    return person.access.is_manager


def can_set_rates(_rate, person):
    """How often people are asked is the desk manager's; administrators set it up."""
    return person.access.is_admin or person.access.has_unscoped_role(Role.SDM)
