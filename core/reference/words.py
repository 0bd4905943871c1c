"""What columns and tables are called in a history, where their model gives them no name of its own.

Keyed by Django's own words for them (the column without underscores).
"""

from django.utils.translation import gettext_lazy as _

COLUMNS = {
    "revision": _("Revision"),
    "calendar": _("Calendar"),
    "is official": _("Official"),
    "kind": _("Kind"),
    "kinds": _("Kinds of record"),
    "weekday": _("Weekday"),
    "start minute": _("Begins at minute"),
    "end minute": _("Ends at minute"),
    "person": _("Person"),
    "revoked at": _("Revoked"),
    "group": _("Group"),
    "notify prefs": _("What they are told by mail"),
    "is superuser": _("May do everything"),
    "external ref": _("Key in the former system"),
    "granted by": _("Granted by"),
    "order": _("Place in the list"),
    "matrix": _("Matrix"),
    "service": _("Service"),
    "organization": _("Organisation"),
    "impact": _("Impact"),
    "urgency": _("Urgency"),
    "priority": _("Priority"),
    "policy": _("Escalation policy"),
    "clock kind": _("Kind of promise"),
}
TABLES = {
    "calendar exception": _("day of a calendar"),
    "calendar window": _("hours of a calendar"),
    "api token": _("key for programs"),
    "group membership": _("membership in a group"),
    "role assignment": _("role of a person"),
    "matrix use": _("use of a matrix"),
    "priority cell": _("cell of a matrix"),
    "escalation step": _("step of an escalation policy"),
}
