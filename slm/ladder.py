"""Who is told when a promise is in danger (ITSM domain rules 5.5): the narrowest ladder that fits,
its steps as plain data, and the persons behind "lead" or "process manager".

Reads only. Ladders are kept by this process for ten seconds; persons are asked each time.
"""

from dataclasses import dataclass

from django.core.cache import cache
from django.db import connection
from django.db.models import Q

from people.models import GroupMembership, Person, RoleAssignment
from people.roles import Role
from slm.models.escalation import EscalationPolicy, EscalationStep

SECONDS_CACHED = 10
CACHE_KEY = "escalation-ladders"
WHOLE = 100
On, To, Type = EscalationStep.On, EscalationStep.To, EscalationStep.Type
Part = GroupMembership.Part
# Who answers for the process of a record's kind.
PROCESS_MANAGERS = {
    "incident": Role.INCM,
    "service_request": Role.SDM,
    "feedback": Role.SDM,
    "problem": Role.PRBM,
    "known_error": Role.PRBM,
    "change": Role.CHGM,
    "release": Role.RELM,
}


@dataclass(frozen=True)
class Step:
    """One step of a ladder: when (`on`, `value`), for which promise, how, and to whom."""

    on: str
    metric: str
    clock_kind: str
    value: int
    type: str
    to: str
    group_id: int | None
    person_id: int | None
    repeat_every: int | None
    only_priority: int | None
    respects_calendar: bool

    def fits(self, record, clock=None):
        if self.only_priority is not None and self.only_priority != record.priority:
            return False
        if clock is None:
            return True
        return self.metric in {"", clock.metric} and self.clock_kind in {"", clock.clock_kind}

    def falls_on(self, percent):
        """Whether it is taken at this share of the target: at its own, and at each repetition."""
        over = percent - self.value
        return over == 0 or bool(self.repeat_every and over > 0 and over % self.repeat_every == 0)


@dataclass(frozen=True)
class Ladder:
    agreement_id: int | None
    service_id: int | None
    organization_id: int | None
    record_kind: str
    priority: int | None
    steps: tuple

    def rank(self, record, agreement_id):
        """How narrowly it fits: agreement, service, organisation, kind, priority. None: not."""
        services = _ancestors(record.service.path) if record.service_id else []
        organizations = _ancestors(record.organization.path)
        parts = (
            _exact(self.agreement_id, agreement_id),
            _near(self.service_id, services),
            _near(self.organization_id, organizations),
            _exact(self.record_kind or None, record.kind),
            _exact(self.priority, record.priority),
        )
        return None if None in parts else parts


def _ancestors(path):
    """Ids from a materialised path, nearest first."""
    return [int(part) for part in reversed((path or "").strip("/").split("/")) if part]


def _exact(wanted, found):
    return 0 if wanted is None else 1 if wanted == found else None


def _near(wanted, ancestors):
    """0 without a wish, more the nearer; None where it does not fit."""
    if wanted is None:
        return 0
    return len(ancestors) - ancestors.index(wanted) if wanted in ancestors else None


def ladders():
    """All ladders in use, as plain data; a change is seen everywhere within ten seconds."""
    found = cache.get(CACHE_KEY)
    if found is None:
        found = [_ladder(policy) for policy in _policies()]
        cache.set(CACHE_KEY, found, SECONDS_CACHED)
    return found


def _policies():
    return EscalationPolicy.objects.active().order_by("pk").prefetch_related("steps")


def _ladder(policy):
    steps = tuple(
        Step(**{name: getattr(row, name) for name in Step.__dataclass_fields__})
        for row in policy.steps.all()
    )
    return Ladder(
        policy.agreement_id, policy.service_id, policy.organization_id, policy.record_kind,
        policy.priority, steps,
    )  # fmt: skip


class Choice:
    """The ladders for the records of one sweep: read once, and chosen once for each scope."""

    def __init__(self):
        self._ladders, self._chosen = ladders(), {}

    def of(self, record, agreement_id=None):
        """The narrowest: agreement before service before organisation before kind, priority."""
        scope = (
            agreement_id, record.service_id, record.organization_id, record.kind, record.priority
        )  # fmt: skip
        if scope not in self._chosen:
            self._chosen[scope] = self._narrowest(record, agreement_id)
        return self._chosen[scope]

    def _narrowest(self, record, agreement_id):
        ranked = [
            (rank, found) for found in self._ladders if (rank := found.rank(record, agreement_id))
        ]
        return max(ranked, key=lambda pair: pair[0])[1] if ranked else None


def ladder_for(record, agreement_id=None):
    return Choice().of(record, agreement_id)


def clock_steps(record, clock, choice=None):
    """The steps on shares of this clock's target. `choice` is that of the sweep, if there is one."""
    found = (choice or Choice()).of(record, clock.agreement_id)
    steps = found.steps if found else ()
    return [step for step in steps if step.on == On.PERCENT and step.fits(record, clock)]


def percents(record, clock):
    """The shares of the target at which something happens to this clock, repetitions apart."""
    return {step.value for step in clock_steps(record, clock)}


def next_repeat(steps, percent):
    """The share at which the next repetition is due after this one; None where nothing repeats."""
    following = [
        percent + step.repeat_every - (percent - step.value) % step.repeat_every
        for step in steps
        if step.repeat_every and percent >= step.value
    ]
    return min(following, default=None)


def repeats_from(steps):
    """From which share on an acknowledgement ends the repetitions; None where nothing repeats."""
    return min((step.value for step in steps if step.repeat_every), default=None)


def waiting_steps(record, on, choice=None):
    """The steps without a clock. One for the record's priority stands in for the general one."""
    found = (choice or Choice()).of(record)
    steps = [step for step in (found.steps if found else ()) if step.on == on and step.fits(record)]
    special = {(step.type, step.to) for step in steps if step.only_priority is not None}
    return [
        step
        for step in steps
        if step.only_priority is not None or (step.type, step.to) not in special
    ]


class Directory:
    """Who stands behind a step's `to`, for the records of one sweep: each question asked once.

    `day` is the database's, unless given. The members of the groups in `group_ids` are asked for
    together, where those of one are.
    """

    def __init__(self, day=None, group_ids=()):
        self._members, self._roles, self._people = {}, {}, {}
        self._group_ids = set(group_ids)
        if day is None:
            with connection.cursor() as cursor:
                cursor.execute("SELECT current_date")
                day = cursor.fetchone()[0]
        self._is_valid = Q(valid__contains=day)

    def told(self, record, steps):
        """The persons of these steps, in order and once each; somebody always, while the desk has
        a lead, a member, a manager or an administrator who is active."""
        found = self._active(
            person for step in steps for person in self.behind(record, step.to, step)
        )
        return found or self._somebody(record)

    def behind(self, record, to, step=None):
        """The persons that a word of the ladder means for this record; None among them is nobody."""
        group = record.assigned_group or record.owner_group
        meant = {
            To.ASSIGNEE: lambda: [record.assignee],
            To.GROUP_LEAD: lambda: self.leads(group),
            To.DISPATCHER: lambda: self.dispatchers(group),
            To.LEAD_MANAGER: lambda: [lead.manager for lead in self.leads(group) if lead],
            To.PROCESS_MANAGER: lambda: self.holders(
                record, PROCESS_MANAGERS.get(record.kind, Role.SDM)
            ),
            To.SLM: lambda: self.holders(record, Role.SLM),
            To.SERVICE_OWNER: lambda: [record.service.owner] if record.service_id else [],
            To.GROUP: lambda: self.team(step.group_id) if step and step.group_id else [],
            To.PERSON: lambda: [self._person(step.person_id)] if step else [],
        }
        return meant[To(to)]()

    def leads(self, group):
        if group is None:
            return []
        members = self.members(group.pk)
        return [group.lead, *(person for person, part in members if part == Part.LEAD)]

    def dispatchers(self, group):
        if group is None:
            return []
        return [person for person, part in self.members(group.pk) if part == Part.DISPATCHER]

    def team(self, group_id):
        """Who hands out a group's work: dispatchers and leads; without any, all members."""
        members = self.members(group_id)
        first = [person for person, part in members if part in {Part.DISPATCHER, Part.LEAD}]
        return first or [person for person, _part in members]

    def members(self, group_id):
        """[(person, part)] of the group today."""
        if group_id not in self._members:
            wanted = {group_id, *self._group_ids} - self._members.keys()
            rows = GroupMembership.objects.filter(
                self._is_valid, group__in=wanted, person__is_active=True
            )
            self._members |= {wanted_id: [] for wanted_id in wanted}
            for row in rows.select_related("person__manager").order_by("pk"):
                self._members[row.group_id].append((row.person, row.role))
        return self._members[group_id]

    def holders(self, record, role):
        """Holders of a role in whose scope the record lies."""
        if role not in self._roles:
            rows = RoleAssignment.objects.filter(self._is_valid, role=role, person__is_active=True)
            self._roles[role] = list(rows.select_related("person").order_by("pk"))
        organizations = {None, *_ancestors(record.organization.path)}
        groups = {None, record.assigned_group_id, record.owner_group_id}
        return [
            row.person
            for row in self._roles[role]
            if row.scope_organization_id in organizations and row.scope_group_id in groups
        ]

    def _somebody(self, record):
        """Whom to tell where the ladder names nobody: nearest to the work first."""
        groups = [group for group in (record.assigned_group, record.owner_group) if group]
        asked = [
            *(lambda group=group: self.leads(group) for group in groups),
            *(lambda group=group: self.team(group.pk) for group in groups),
            *(lambda role=role: self.holders(record, role) for role in (Role.SDM, Role.INCM)),
            lambda: self.holders(record, Role.ADM),
            lambda: Person.objects.active().filter(is_superuser=True).order_by("pk")[:1],
        ]
        for ask in asked:
            if found := self._active(ask()):
                return found
        return []

    def _person(self, pk):
        if pk not in self._people:
            self._people[pk] = Person.objects.filter(pk=pk).first()
        return self._people[pk]

    @staticmethod
    def _active(people):
        found = {person.pk: person for person in people if person is not None and person.is_active}
        return list(found.values())
