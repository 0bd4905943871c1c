"""Who changed which row. The database writes the entries; this module tells it who is acting."""

from django.db import connection

from core.logs import current_request_id


def acting(by):
    """Name the person whose changes the rest of this transaction makes. None is the system."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('itsm.actor_id', %s, true),"
            " set_config('itsm.actor_label', %s, true), set_config('itsm.request_id', %s, true)",
            [str(by.pk) if by else "", str(by) if by else "", current_request_id()],
        )


def record(action, *, by, subject="", object_id="", before=None, after=None):
    """Write an entry about something that is no row: a denial, an export, a sign-in."""
    from core.models import AuditEntry

    return AuditEntry.objects.create(
        actor_id=by.pk if by else None,
        actor_label=str(by) if by else "",
        action=action,
        table_name=subject,
        object_id=str(object_id),
        before=before,
        after=after,
        request_id=current_request_id(),
    )
