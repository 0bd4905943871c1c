"""The words of an announcement that is proposed: for an outage, or a short-term change of a service
level. Facts only, in both languages; who publishes it reads it first (E-05, E-54)."""

from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from core import formats
from servicedesk.models import Announcement

LANGUAGES = (("en", "en"), ("zh", "zh-hans"))


def proposed(about, variation):
    """The initial values of the form."""
    if variation is not None:
        return of_variation(variation)
    if about is not None:
        return of_record(about)
    return {"severity": Announcement.Severity.INFO}


def of_record(record):
    """An outage of the record's service, shown at once to who uses it."""
    found = {
        "announcement_kind": Announcement.Kind.OUTAGE,
        "severity": Announcement.Severity.CRITICAL if record.is_major
        else Announcement.Severity.WARNING,
        "services": [record.service_id] if record.service_id else [],
        "is_by_mail": record.is_major,
    }  # fmt: skip
    for code, locale in LANGUAGES:
        with override(locale):
            service = record.service.name if record.service_id else _("A service")
            words = {"service": service, "since": moment(record.opened_at, code)}
            found[f"title_{code}"] = _("%(service)s is disturbed.") % words
            found[f"body_{code}"] = (
                _(
                    "%(service)s has been disturbed since %(since)s. We are working on it before"
                    " everything else and will tell you when it works again."
                )
                % words
            )
    return found


def of_variation(variation):
    """Which times change, from when until when; shown in time, and to be acknowledged."""
    agreement = variation.agreement
    rows = {row.pk: row for row in agreement.targets.all()}
    found = {
        "announcement_kind": Announcement.Kind.LEVEL_CHANGE,
        "severity": Announcement.Severity.WARNING, "requires_ack": True, "is_by_mail": True,
        "starts_at": None, "ends_at": variation.ends_at, "is_for_all": agreement.customer_id is None,
        "organizations": [agreement.customer_id] if agreement.customer_id else [],
    }  # fmt: skip
    for code, locale in LANGUAGES:
        with override(locale):
            words = {"from": moment(variation.starts_at, code),
                     "until": moment(variation.ends_at, code)}  # fmt: skip
            found[f"title_{code}"] = _("Service times change for a short time")
            lines = [_("From %(from)s until %(until)s these times are promised:") % words]
            for pk, seconds in variation.seconds.items():
                lines.append("– " + _line(rows[pk], seconds, code))
            found[f"body_{code}"] = "\n".join([*lines, variation.reason])
    return found


def _line(row, seconds, code):
    name = str(row.get_metric_display())
    if row.priority:
        name = f"{name} P{row.priority}"
    return _("%(promise)s: %(new)s instead of %(usual)s") % {
        "promise": name, "new": formats.duration_text(seconds, code),
        "usual": formats.duration_text(int(row.value), code),
    }  # fmt: skip


def moment(at, code):
    zone = timezone.get_current_timezone() or ZoneInfo("UTC")
    return formats.moment_full(at.astimezone(zone), code)
