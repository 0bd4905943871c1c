"""The filtered list as rows for a spreadsheet, in the reader's language and time zone.

The words are looked up before the first row: the rows are read after the request is over.
"""

from django.utils import timezone
from django.utils.translation import gettext as _

from core.templatetags import ui
from records.kinds import KINDS
from records.models import Record

MOST = 10_000
BILINGUAL = ("service", "category", "assigned_group", "organization", "site", "pending_reason")
PLAIN = (
    "number", "title", "kind", "state", "priority", "requester__name", "assignee__name",
    "opened_at", "updated_at", "due_at", "resolved_at", "sla_status", "channel",
    "reassign_count", "reopen_count",
)  # fmt: skip


def lines_of(queryset):
    """Heading and cells of at most MOST rows of an ordered queryset of records."""
    heading = [
        _("Number"), _("Subject"), _("Kind"), _("State"), _("Waiting for"), _("Priority"),
        _("Requester"), _("Organisation"), _("Site"), _("Service"), _("Category"), _("Group"),
        _("Assignee"), _("Channel"), _("Opened"), _("Updated"), _("Resolved"), _("Next due"),
        _("SLA"), _("Changes of group"), _("Reopened"), _("Time zone"),
    ]  # fmt: skip
    first, second = ("name_zh", "name_en") if ui.language() == "zh" else ("name_en", "name_zh")
    words = {
        "kinds": {code: str(kind.label) for code, kind in KINDS.items()},
        "states": {
            code: {str(state): str(label) for state, label in kind.states.choices}
            for code, kind in KINDS.items() if kind.is_queued
        },
        "channels": {str(key): str(label) for key, label in Record.Channel.choices},
        "sla": {str(key): str(label) for key, label in Record._meta.get_field("sla_status").choices},
        "sides": (first, second), "zone": timezone.get_current_timezone(),
    }  # fmt: skip
    names = [f"{part}__{side}" for part in BILINGUAL for side in ("name_en", "name_zh")]
    return _lines(heading, queryset.values(*PLAIN, *names)[:MOST], words)


def _lines(heading, rows, words):
    yield heading
    first, second = words["sides"]
    zone = words["zone"]

    def name(row, part):
        return row[f"{part}__{first}"] or row[f"{part}__{second}"] or ""

    def moment(at):
        return f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S}" if at else ""

    for row in rows.iterator(chunk_size=1000):
        yield [
            row["number"], row["title"], words["kinds"].get(row["kind"], row["kind"]),
            words["states"].get(row["kind"], {}).get(row["state"], row["state"]),
            name(row, "pending_reason"), row["priority"], row["requester__name"],
            name(row, "organization"), name(row, "site"), name(row, "service"),
            name(row, "category"), name(row, "assigned_group"), row["assignee__name"],
            words["channels"].get(row["channel"], row["channel"]), moment(row["opened_at"]),
            moment(row["updated_at"]), moment(row["resolved_at"]), moment(row["due_at"]),
            words["sla"].get(row["sla_status"], row["sla_status"]), row["reassign_count"],
            row["reopen_count"], str(zone),
        ]  # fmt: skip
