"""Reading the audit log of a ServiceNow instance: one row an update of an incident, as CSV.

Only reads and judges: a bad cell is a `Rejection` with line, column and reason, and its row is left
out. What is written, `incidents.actions.history` writes.
"""

import csv
import hashlib
import io
import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

UNKNOWN = {"", "?"}
DATE = "%d-%m-%Y %H:%M"
LONGEST_CELL = 300
EARLIEST = timedelta(days=1)
PERSON_COLUMNS = (
    "caller_id", "opened_by", "sys_created_by", "sys_updated_by", "assigned_to", "resolved_by",
)  # fmt: skip
DATE_COLUMNS = ("opened_at", "sys_created_at", "sys_updated_at", "resolved_at", "closed_at")
COUNT_COLUMNS = ("reassignment_count", "reopen_count", "sys_mod_count")
LEVEL_COLUMNS = ("impact", "urgency", "priority")
REQUIRED = ("number", "incident_state", "opened_at", "sys_updated_at")
COLUMNS = (
    *REQUIRED, *COUNT_COLUMNS, "caller_id", "opened_by", "sys_created_by", "sys_created_at",
    "sys_updated_by", "contact_type", "location", "category", "subcategory", "u_symptom",
    "cmdb_ci", *LEVEL_COLUMNS, "assignment_group", "assigned_to", "made_sla", "closed_code",
    "resolved_by", "resolved_at", "closed_at",
)  # fmt: skip
STATES = {
    "new": ("new", ""),
    "active": ("in_progress", ""),
    "in progress": ("in_progress", ""),
    "awaiting user info": ("pending", "wait_customer"),
    "awaiting evidence": ("pending", "wait_customer"),
    "awaiting vendor": ("pending", "wait_supplier"),
    "awaiting problem": ("pending", "wait_change"),
    "awaiting change": ("pending", "wait_change"),
    "on hold": ("pending", "wait_customer"),
    "resolved": ("resolved", ""),
    "closed": ("closed", ""),
    "canceled": ("cancelled", ""),
    "cancelled": ("cancelled", ""),
}
CHANNELS = {
    "phone": "phone", "ivr": "phone", "email": "email", "self service": "portal",
    "self-service": "portal", "direct opening": "walk_in", "walk-in": "walk_in", "chat": "chat",
}  # fmt: skip
NUMBER = re.compile(r"^[A-Za-z]{2,8}\d{3,12}$")


@dataclass(frozen=True)
class Rejection:
    line: int
    column: str
    reason: str


@dataclass(frozen=True)
class Row:
    """One update, with its cells read: instants aware, counts and levels as numbers."""

    line: int
    digest: str
    number: str
    state: str
    reason: str
    at: datetime
    cells: dict

    def __getitem__(self, name):
        return self.cells.get(name)


@dataclass
class Log:
    """What a file holds: the good rows of each incident in the order of time, and the bad ones."""

    incidents: dict = field(default_factory=dict)
    rejections: list = field(default_factory=list)
    row_count: int = 0
    latest_opening: datetime | None = None
    left_out: int = 0  # rows that lie ahead after a shift

    @property
    def rows(self):
        return [row for rows in self.incidents.values() for row in rows]

    @property
    def pauses(self):
        """Entries into an awaiting state from another one, or from nothing."""
        count = 0
        for rows in self.incidents.values():
            before = None
            for row in rows:
                count += row.state == "pending" and before != "pending"
                before = row.state
        return count

    @property
    def reopenings(self):
        return sum(
            max((row["reopen_count"] or 0 for row in rows), default=0)
            for rows in self.incidents.values()
        )

    @property
    def people(self):
        labels = {row[name] for row in self.rows for name in PERSON_COLUMNS}
        return sorted(labels - {None})

    @property
    def groups(self):
        return sorted({row["assignment_group"] for row in self.rows} - {None})


class NotALog(Exception):
    """The file as a whole cannot be read: no header, wrong columns, no text."""


def decode(raw):
    """UTF-8 with or without a mark, else GB18030: what exports in practice are."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotALog("the file is neither UTF-8 nor GB18030 text")


def read(raw, *, zone):
    """Parse the bytes of a log. Dates are read in `zone` (the log names none)."""
    text = decode(raw).replace("\x00", "")
    reader = csv.reader(io.StringIO(text, newline=""), strict=False)
    try:
        header = [name.strip() for name in next(reader)]
    except (StopIteration, csv.Error) as error:
        raise NotALog("the file is empty") from error
    missing = [name for name in REQUIRED if name not in header]
    if missing:
        raise NotALog("columns are missing: " + ", ".join(missing))
    doubled = sorted({name for name in header if header.count(name) > 1})
    if doubled:
        raise NotALog("columns stand twice: " + ", ".join(doubled))
    log, seen, zone = Log(), set(), ZoneInfo(zone)
    found = defaultdict(list)
    for line, cells in _lines(reader, log):
        if not any(cell.strip() for cell in cells):
            continue
        log.row_count += 1
        if len(cells) != len(header):
            reason = f"{len(cells)} cells where the header has {len(header)}"
            log.rejections.append(Rejection(line, "", reason))
            continue
        row = _row(line, dict(zip(header, cells, strict=True)), zone, log)
        if row is None:
            continue
        if row.digest in seen:
            log.rejections.append(Rejection(line, "", "the same row stands in the file already"))
            continue
        seen.add(row.digest)
        found[row.number].append(row)
    for number, rows in found.items():
        rows.sort(key=lambda row: (row.at, row["sys_mod_count"] or 0, row.line))
        log.incidents[number] = rows
    openings = [rows[0]["opened_at"] for rows in log.incidents.values()]
    log.latest_opening = max(openings, default=None)
    return log


def _lines(reader, log):
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            log.row_count += 1
            log.rejections.append(Rejection(reader.line_num, "", str(error)))
            continue
        yield reader.line_num, cells


def _row(line, raw, zone, log):
    cells = {}
    for name in COLUMNS:
        value = raw.get(name, "").strip()
        try:
            cells[name] = _read(name, value, zone)
        except ValueError as error:
            log.rejections.append(Rejection(line, name, str(error)))
            return None
    for column, reason in _contradictions(cells):
        log.rejections.append(Rejection(line, column, reason))
        return None
    state, reason = STATES[cells["incident_state"].lower()]
    digest = hashlib.sha256(
        "\x1f".join(f"{name}={raw.get(name, '').strip()}" for name in sorted(raw)).encode()
    ).hexdigest()
    return Row(line, digest, cells["number"], state, reason, cells["sys_updated_at"], cells)


def _read(name, value, zone):
    if value in UNKNOWN:
        if name in REQUIRED:
            raise ValueError("must not be empty")
        return None
    if len(value) > LONGEST_CELL:
        raise ValueError(f"longer than {LONGEST_CELL} characters")
    if name in DATE_COLUMNS:
        return _instant(value, zone)
    if name in COUNT_COLUMNS:
        if not re.fullmatch(r"[0-9]{1,5}", value):
            raise ValueError(f"“{value}” is not a count")
        if int(value) > 32_000:
            raise ValueError(f"“{value}” is too large")
        return int(value)
    if name in LEVEL_COLUMNS:
        found = re.fullmatch(r"([1-5])(?: ?- ?.{1,40})?", value)
        if not found:
            raise ValueError(f"“{value}” is not a level from 1 to 5")
        return int(found[1])
    if name == "incident_state" and value.lower() not in STATES:
        raise ValueError(f"“{value}” is not a state of an incident")
    if name == "number" and not NUMBER.match(value):
        raise ValueError(f"“{value}” is not a number")
    return value


def _instant(value, zone):
    try:
        found = datetime.strptime(value, DATE)  # noqa: DTZ007 - the zone follows
    except ValueError as error:
        raise ValueError(f"“{value}” is not a date like 29-02-2016 04:40") from error
    if not 1990 <= found.year <= 2100:
        raise ValueError(f"the year {found.year} cannot be right")
    return found.replace(tzinfo=zone).astimezone(ZoneInfo("UTC"))


def _contradictions(cells):
    # Real logs have updates minutes before the opening that somebody corrected by hand.
    if cells["sys_updated_at"] < cells["opened_at"] - EARLIEST:
        yield "sys_updated_at", "lies before the opening"
    if cells["resolved_at"] and cells["resolved_at"] < cells["opened_at"]:
        yield "resolved_at", "lies before the opening"
    if cells["closed_at"] and cells["resolved_at"] and cells["closed_at"] < cells["resolved_at"]:
        yield "closed_at", "lies before the solution"


def shift_to(log, now):
    """Move everything by whole weeks so that the last opening is as near before `now` as possible,
    and leave out what would then lie ahead. Whole weeks keep weekdays and office hours."""
    if log.latest_opening is None:
        return log
    weeks = (now - log.latest_opening) // timedelta(weeks=1)
    by = timedelta(weeks=weeks)
    shifted = Log(
        rejections=log.rejections, row_count=log.row_count,
        latest_opening=log.latest_opening + by,
    )  # fmt: skip
    for number, rows in log.incidents.items():
        kept = [_moved(row, by, now) for row in rows if row.at + by <= now]
        shifted.left_out += len(rows) - len(kept)
        if kept:
            shifted.incidents[number] = kept
    return shifted


def _moved(row, by, now):
    cells = dict(row.cells)
    for name in DATE_COLUMNS:
        if cells[name] is not None:
            cells[name] += by
            if cells[name] > now:
                cells[name] = None  # not known yet
    return Row(row.line, row.digest, row.number, row.state, row.reason, row.at + by, cells)
