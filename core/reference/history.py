"""A row's audit entries as people read them: who, when, which column, before and after."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.apps import apps
from django.contrib.postgres.fields import DateRangeField
from django.core.exceptions import FieldDoesNotExist
from django.db.models import DateTimeField, Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from core.models import AuditEntry
from core.paging import paginate
from core.reference.words import COLUMNS, TABLES

SILENT = {
    "id", "path", "search", "password", "last_login", "created_at", "sha256", "last_used_at",
}  # fmt: skip
LONGEST = 200


@dataclass(frozen=True)
class Change:
    label: str
    before: str
    after: str


@dataclass
class Entry:
    """One audit entry, ready to be shown. `about` names the part it speaks of, or is empty."""

    pk: int
    at: object
    actor: str
    action: str
    about: str
    changes: list
    table: str = ""
    object_id: str = ""
    request_id: str = ""
    subject: str = ""


def of_row(row, children=(), *, after="", before="", size=30):
    """A page of entries, newest first, of the row and of the rows of `children` [(model, column)]."""
    wanted = Q(table_name=row._meta.db_table, object_id=str(row.pk))
    for model, column in children:
        mine = Q(**{f"after__{column}": row.pk}) | Q(**{f"before__{column}": row.pk})
        wanted |= Q(table_name=model._meta.db_table) & mine
    return page_of(
        AuditEntry.objects.filter(wanted), own=row._meta.db_table, after=after, before=before,
        size=size,
    )  # fmt: skip


def page_of(entries, *, own="", after="", before="", size=50):
    """A page of any audit entries, newest first, with the keys in them turned into names."""
    page = paginate(entries, order=("-pk",), size=size, after=after, before=before)
    names = Names(page.rows)
    shown = [read(entry, names, own) for entry in page.rows]
    return type(page)(shown, after=page.after, before=page.before)


def tables():
    """{table: model} of every model here."""
    return {model._meta.db_table: model for model in apps.get_models()}


def read(entry, names, own=""):
    model = tables().get(entry.table_name)
    before, after = as_columns(entry.before), as_columns(entry.after)
    columns = [name for name in [*before, *after] if name not in SILENT]
    changes = [
        Change(
            names.label(model, column),
            names.text(model, column, before.get(column)),
            names.text(model, column, after.get(column)),
        )
        for column in dict.fromkeys(columns)
        if before.get(column) != after.get(column)
    ]
    about = ""
    if model is not None and entry.table_name != own:
        about = str(TABLES.get(model._meta.verbose_name, model._meta.verbose_name))
    return Entry(
        pk=entry.pk, at=entry.at, actor=entry.actor_label or _("System"),
        action=action_text(entry.action), about=about, changes=changes,
        table=entry.table_name, object_id=entry.object_id, request_id=entry.request_id,
    )  # fmt: skip


def as_columns(value):
    """A row as a mapping; a single value (a setting) as one column."""
    if isinstance(value, dict):
        return value
    return {} if value is None else {"value": value}


def time_text(field, value):
    """A range as its first and last day, an instant in the reader's zone; None for anything else."""
    if isinstance(field, DateRangeField):
        first, _comma, beyond = value.strip("[)").partition(",")
        last = date.fromisoformat(beyond) - timedelta(days=1) if beyond else ""
        return f"{first} – {last}".strip()
    if isinstance(field, DateTimeField) and (at := parse_datetime(value)):
        return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}"
    return None


def action_text(action):
    return {
        "insert": _("Created"),
        "update": _("Changed"),
        "delete": _("Removed"),
        "setting.changed": _("Setting changed"),
        "person.password_changed": _("Password set"),
        "person.signed_in": _("Signed in"),
        "message.retried": _("Delivery tried again"),
    }.get(action, action)


class Names:
    """The names behind the keys of a page of entries: one query a table, not one an entry."""

    def __init__(self, entries):
        wanted = {}
        known = tables()
        for entry in entries:
            model = known.get(entry.table_name)
            for columns in (as_columns(entry.before), as_columns(entry.after)):
                for column, value in columns.items():
                    target = self.target(model, column)
                    if target is not None and isinstance(value, int):
                        wanted.setdefault(target, set()).add(value)
        self.found = {
            target: {row.pk: str(row) for row in target._default_manager.filter(pk__in=keys)}
            for target, keys in wanted.items()
        }

    @staticmethod
    def field(model, column):
        if model is None:
            return None
        for field in model._meta.concrete_fields:
            if field.column == column:
                return field
        try:
            return model._meta.get_field(column)
        except FieldDoesNotExist:
            return None

    def target(self, model, column):
        field = self.field(model, column)
        return field.related_model if field is not None and field.many_to_one else None

    def label(self, model, column):
        field = self.field(model, column)
        if column == "value" and field is None:
            return _("Value")
        if field is None:
            return column
        label = str(COLUMNS.get(field.verbose_name, field.verbose_name))
        return label[:1].upper() + label[1:]

    def text(self, model, column, value):
        if value is None or value in ("", {}, []):
            return ""
        target = self.target(model, column)
        if target is not None:
            return self.found.get(target, {}).get(value, f"#{value}")
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        if isinstance(value, list):
            return ", ".join(str(one) for one in value)[:LONGEST]
        field = self.field(model, column)
        choices = getattr(field, "flatchoices", None) or ()
        shown = dict(choices).get(value, value) if choices else time_text(field, str(value))
        return str(value if shown is None else shown)[:LONGEST]
