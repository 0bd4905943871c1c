"""From the rows of a ServiceNow log to people, groups, categories, CIs and incidents of this desk."""

import hashlib
import re
from dataclasses import asdict, dataclass, field

from django.db import transaction
from django.utils.text import slugify

from calendars.models import Calendar
from cmdb.actions import items
from cmdb.models import CI, CIClass
from core import audit
from incidents.actions import history
from itsm.importing.servicenow import CHANNELS
from people import actions as people
from people.models import GroupMembership, Organization, SupportGroup
from records.models import Category, ClosureCode, MatrixUse, PendingReason, PriorityMatrix

SOURCE = "servicenow"
# The matrix that the log's priorities follow: 3/3 gives 4 there.
CELLS = {
    (1, 1): 1, (1, 2): 2, (1, 3): 3, (2, 1): 2, (2, 2): 3, (2, 3): 4, (3, 1): 3, (3, 2): 4,
    (3, 3): 4,
}  # fmt: skip


@dataclass
class Summary:
    """What an import did, in numbers; `rejections` are the rows that were left out."""

    incidents: int = 0
    rows: int = 0
    people: int = 0
    groups: int = 0
    pauses: int = 0
    reopenings: int = 0
    rejected_rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    left_out: int = 0
    rejections: list = field(default_factory=list)

    def as_dict(self):
        return asdict(self)


class Desk:
    """The rows and reference data that the incidents of one log need; made once, then looked up."""

    def __init__(self, log, *, organization, calendar, by):
        self.log, self.by = log, by
        self.organization = _organization(organization, calendar, by)
        self.calendar = calendar
        self.people = self._people()
        self.groups = self._groups()
        self.reasons = {row.code: row for row in PendingReason.objects.all()}
        self.categories, self.codes, self.cis = {}, {}, {}
        self.central = SupportGroup.objects.active().filter(is_central=True).first()
        self._matrix()

    def _people(self):
        rows = [
            {
                "code": _code("SN", label, 32), "name": label, "external_ref": label,
                "organization": self.organization,
            }
            for label in self.log.people
        ]  # fmt: skip
        return people.import_people(rows, by=self.by)

    def _groups(self):
        found = {}
        for label in self.log.groups:
            code = _code("SN", label, 32)
            group = SupportGroup.objects.filter(code=code).first()
            if group is None:
                group = people.create_group(
                    by=self.by, code=code, name_en=label, kind=SupportGroup.Kind.SECOND_LINE,
                    calendar=self.calendar,
                )  # fmt: skip
            found[label] = group
        self._memberships(found)
        return found

    def _memberships(self, groups):
        """Who worked for a group is a member of it, so that work can be given to them."""
        pairs = {
            (row["assignment_group"], row["assigned_to"])
            for row in self.log.rows
            if row["assignment_group"] and row["assigned_to"]
        }
        known = set(
            GroupMembership.objects.filter(group__in=groups.values()).values_list(
                "group_id", "person_id"
            )
        )
        since = min((row.at.date() for row in self.log.rows), default=None)
        for group, label in sorted(pairs):
            person = self.people[label]
            if (groups[group].pk, person.pk) not in known:
                people.join_group(person, groups[group], by=self.by, since=since)

    def _matrix(self):
        if MatrixUse.objects.filter(organization=self.organization).exists():
            return
        audit.acting(self.by)
        matrix, is_new = PriorityMatrix.objects.get_or_create(
            code=f"{SOURCE}-{self.organization.code.lower()}"[:32],
            defaults={"name_en": f"{self.organization.name_en}", "name_zh": ""},
        )
        if is_new:
            for (impact, urgency), priority in CELLS.items():
                matrix.cells.create(impact=impact, urgency=urgency, priority=priority)
        MatrixUse.objects.create(matrix=matrix, organization=self.organization)

    def category(self, row):
        """The subcategory under its category."""
        main, sub = row["category"], row["subcategory"]
        if main is None:
            return None
        parent = self._category(main, None)
        return self._category(sub, parent) if sub else parent

    def _category(self, label, parent):
        code = _code("sn", f"{parent.code}-{label}" if parent else label, 64).lower()
        if code not in self.categories:
            audit.acting(self.by)
            self.categories[code], _ = Category.objects.get_or_create(
                code=code, defaults={"name_en": label, "parent": parent, "kinds": ["incident"]}
            )
        return self.categories[code]

    def closure_code(self, label):
        if label is None:
            return None
        code = _code("sn", label, 32).lower()
        if code not in self.codes:
            audit.acting(self.by)
            self.codes[code], _ = ClosureCode.objects.get_or_create(
                code=code, defaults={"name_en": label, "is_offered": False, "order": 99}
            )
        return self.codes[code]

    def ci(self, label, group):
        if label is None or group is None:
            return None
        if label not in self.cis:
            found = CI.objects.filter(source=SOURCE, external_ref=label).first()
            self.cis[label] = found or items.create_ci(
                by=self.by, name=label, ci_class=CIClass.objects.get(code="application"),
                organization=self.organization, owner=self._somebody(), managed_by=group,
                environment="production", criticality=3, state=CI.State.LIVE,
                external_ref=label, source=SOURCE, authority=SOURCE,
            )  # fmt: skip
        return self.cis[label]

    def _somebody(self):
        return next(iter(self.people.values()))

    def person(self, label):
        return self.people.get(label)

    def past(self, number, rows):
        """What the log knows of one incident, in this desk's terms."""
        last = rows[-1]
        first_group = next((row["assignment_group"] for row in rows if row["assignment_group"]), "")
        group = self.groups.get(first_group) or self.central
        return history.Past(
            source=SOURCE, number=number, opened_at=rows[0]["opened_at"],
            happenings=[self._happening(row, group) for row in rows],
            resolved_at=last["resolved_at"], closed_at=last["closed_at"],
            opened_by=self.person(rows[0]["opened_by"]),
            resolved_by=self.person(last["resolved_by"]),
            closure_code=self.closure_code(last["closed_code"]),
            fields={
                "title": _title(last), "description": _description(last),
                "requester": self.person(last["caller_id"]), "organization": self.organization,
                "category": self.category(last), "ci": self.ci(last["cmdb_ci"], group),
                "channel": CHANNELS.get((last["contact_type"] or "").lower(), "import"),
                "owner_group": self.central or group,
            },
        )  # fmt: skip

    def _happening(self, row, fallback):
        group = self.groups.get(row["assignment_group"])
        return history.Happening(
            digest=row.digest, at=row.at, by=self.person(row["sys_updated_by"]),
            state="in_progress" if row.state == "assigned" else row.state,
            reason=self.reasons.get(row.reason), group=group or fallback,
            assignee=self.person(row["assigned_to"]), impact=row["impact"],
            urgency=row["urgency"], priority=row["priority"],
            reopen_count=row["reopen_count"] or 0, reassign_count=row["reassignment_count"] or 0,
        )  # fmt: skip


def bring_in(log, *, organization, calendar, by=None, dry_run=False):
    """Write a log. Each incident is a transaction of its own; with `dry_run` nothing is written."""
    summary = Summary(
        incidents=len(log.incidents), rows=len(log.rows), people=len(log.people),
        groups=len(log.groups), pauses=log.pauses, reopenings=log.reopenings,
        rejected_rows=len(log.rejections), left_out=log.left_out,
        rejections=[asdict(rejection) for rejection in log.rejections],
    )  # fmt: skip
    if dry_run or not log.incidents:
        return summary
    with transaction.atomic():
        desk = Desk(log, organization=organization, calendar=calendar, by=by)
    for number, rows in log.incidents.items():
        with transaction.atomic():
            outcome = history.write(desk.past(number, rows), by=by)
        setattr(summary, outcome, getattr(summary, outcome) + 1)
    return summary


def _organization(code, calendar, by):
    found = Organization.objects.filter(code=code).first()
    return found or people.create_organization(
        by=by, code=code, name_en=code.replace("-", " ").title(), default_calendar=calendar,
        kind=Organization.Kind.EXTERNAL_CUSTOMER,
    )  # fmt: skip


def _code(prefix, label, longest):
    """A code from a label: readable where it fits, else with a digest of the whole."""
    slug = slugify(label).upper() or "X"
    code = f"{prefix}-{slug}"
    if len(code) <= longest and re.sub(r"\s+", " ", label).lower() == label.lower():
        return code
    digest = hashlib.sha256(label.encode()).hexdigest()[:8].upper()
    return f"{code[: longest - 9]}-{digest}"


def _title(row):
    parts = [row["category"], row["subcategory"], row["u_symptom"]]
    return " · ".join(part for part in parts if part) or row.number


def _description(row):
    parts = [row["u_symptom"], row["location"], row["contact_type"]]
    return " · ".join(part for part in parts if part)


def calendar_by_code(code):
    """The calendar to work in: the named one, or the only sensible default."""
    if code:
        return Calendar.objects.filter(code=code, is_active=True).first()
    desk = SupportGroup.objects.active().filter(is_central=True).first()
    return desk.calendar if desk else Calendar.objects.filter(is_active=True).first()
