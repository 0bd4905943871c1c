"""Databases to measure on: a company with its people, and any number of tickets put in by COPY.

COPY goes past the actions, the triggers and the checks of keys, which is why bench data lives in
databases of its own (docs/adr: bench data). The same tickets come out at each run; their times hang
on now, so that the open ones stand around their due.
"""

import json
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from random import Random

import psycopg2
from psycopg2 import sql

from core.text import fold

# One in fifty is open: most of the newest tickets, and of the older ones some that were left lying.
NEWEST_SHARE, OPEN_OF_NEWEST, OPEN_OF_OLDER = 0.025, 0.7, 0.0026
OPENED_WITHIN = timedelta(days=3 * 365)
BATCH = 2_000
BASE = "itsm_bench_base"

SUBJECTS = [
    "VPN connection drops every few minutes", "无法登录 VPN：提示证书已过期",
    "Printer on floor 3 does not answer", "打印机卡纸后无法恢复联机", "Outlook asks for a password",
    "邮箱容量已满，无法发送邮件", "Laptop does not wake from sleep", "笔记本电脑开机黑屏",
    "Access to the pricing folder", "申请访问财务共享文件夹", "SAP month-end job is stuck",
    "Meeting room camera not detected", "会议室投影仪没有信号", "Slow Wi-Fi in the warehouse",
    "仓库扫码枪频繁断网", "Checkout API returns 502", "支付接口间歇性超时",
    "New starter: laptop, badge and accounts", "新员工入职：账号与电脑",
    "Phone extension is not reachable",
]  # fmt: skip
FAMILY, GIVEN = "王李张刘陈杨黄赵吴周徐孙马朱胡", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚"
LATIN = ["Jonas Weber", "Sofia Okafor", "Tom Becker", "Priya Kapoor", "Ruben de Vries",
         "Lena Fischer", "Daniel Novak", "Chloé Martin", "Hannah Köhler", "Oliver Grant"]  # fmt: skip

RECORD = (
    "id", "number", "kind", "is_queued", "version", "title", "description", "state", "phase",
    "organization_id", "site_id", "requester_id", "owner_group_id", "assigned_group_id",
    "assignee_id", "service_id", "category_id", "impact", "urgency", "priority",
    "priority_override_reason", "pending_reason_id", "pending_since", "chases", "confidentiality",
    "is_on_portal", "is_major", "channel", "source", "external_ref", "due_at", "sla_status",
    "sla", "opened_at", "first_resolved_at", "resolved_at", "closed_at", "state_changed_at",
    "updated_at", "unanswered_since", "reopen_count", "reassign_count", "child_count",
)  # fmt: skip
INCIDENT = (
    "record_ptr_id", "incident_kind", "occurred_at", "detected_at", "service_interrupted",
    "is_security", "workaround_used", "resolution", "closure_via",
)  # fmt: skip
TEXT = (
    "record_id", "search_public", "search_agent",
)  # fmt: skip
ENTRY = (
    "record_id", "seq", "at", "verb", "kind", "visibility", "author_id", "body", "html", "data",
    "from_state", "to_state", "request_id", "is_historic",
)  # fmt: skip
CLOCK = (
    "record_id", "metric", "clock_kind", "referral", "cycle", "state", "target_seconds",
    "calendar_version_id", "calendar_kind", "zone", "started_at", "stopped_at", "elapsed_seconds",
    "elapsed_at", "due_at", "breached_at", "warn_percents", "is_imported", "is_excluded",
)  # fmt: skip


class Rows:
    """Lines of COPY from a generator, read in pieces, so that a million of them take no memory."""

    def __init__(self, lines):
        self.lines, self.rest = iter(lines), ""

    def read(self, size=65_536):
        parts, have = [self.rest], len(self.rest)
        for line in self.lines:
            parts.append(line)
            have += len(line)
            if have >= size:
                break
        text = "".join(parts)
        self.rest = text[size:]
        return text[:size]


def cell(value):
    r"""A value as COPY reads it: \N for nothing, escapes for what would end a cell or a line."""
    if value is None:
        return r"\N"
    if value is True or value is False:
        return "t" if value else "f"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    text = str(value)
    if "\\" in text or "\t" in text or "\n" in text:
        text = text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")
    return text


def line(values):
    return "\t".join(map(cell, values)) + "\n"


# --- databases --------------------------------------------------------------------------------


@contextmanager
def server():
    """A cursor on the server's own database, outside of transactions."""
    with closing(psycopg2.connect(**parameters("postgres"))) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            yield cursor


def parameters(name):
    from django.db import connection

    given = connection.get_connection_params()
    kept = {key: given[key] for key in ("host", "port", "user", "password") if given.get(key)}
    return kept | {"dbname": name}


def use(name):
    """Let Django speak to this database from here on."""
    from django.db import connection, connections

    connections.close_all()
    connection.settings_dict["NAME"] = name
    # as the product has it, but for the time limits of statements
    connection.settings_dict["OPTIONS"]["options"] = (
        "-c timezone=UTC -c jit=off -c join_collapse_limit=6"
    )


def exists(name):
    with server() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return cursor.fetchone() is not None


def drop(name):
    with server() as cursor:
        cursor.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )


def create(name, template="template0"):
    with server() as cursor:
        cursor.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )


def make_base():
    """A migrated database with the company and no tickets; made anew at each run."""
    from django.core.management import call_command
    from django.db import connections

    drop(BASE)
    create(BASE)
    use(BASE)
    call_command("migrate", interactive=False, verbosity=0)
    make_company(Random(1))
    connections.close_all()


def build(name, records):
    """The database `name` with so many tickets. Needs the base. Returns the seconds it took."""
    begun = datetime.now(UTC)
    drop(name)
    create(name, BASE)
    use(name)
    fill(records)
    return (datetime.now(UTC) - begun).total_seconds()


# --- the company ------------------------------------------------------------------------------


def make_company(random, agents=120, requesters=3_000, groups=16, services=40):
    """Organisations, sites, groups, people, services, categories, by their own actions and models."""
    from psycopg2.extras import DateRange

    from calendars import actions as calendars
    from people import actions as people
    from people.models import GroupMembership, Person

    office = {str(day): [["09:00", "12:00"], ["13:30", "18:00"]] for day in range(5)}
    calendars.create_calendar(by=None, code="24X7", name_en="Always", time_zone="UTC", is_24x7=True)
    calendar = calendars.create_calendar(
        by=None, code="OFFICE", name_en="Office", time_zone="Asia/Shanghai",
        hours={"support": office},
    )  # fmt: skip
    top = people.create_organization(by=None, code="TOP", name_en="Lanting", name_zh="兰亭")
    units = [
        people.create_organization(
            by=None, code=f"U{n:02}", name_en=f"Unit {n}", name_zh=f"{n} 部", parent=top
        )
        for n in range(1, 13)
    ]
    sites = [
        people.create_site(
            by=None, code=f"S{n:02}", name_en=f"Site {n}", organization=top,
            time_zone=random.choice(["Asia/Shanghai", "Europe/Amsterdam"]),
        )
        for n in range(1, 9)
    ]  # fmt: skip
    central = people.create_group(
        by=None, code="DESK", kind="desk", is_central=True, calendar=calendar,
        name_en="Service desk", name_zh="服务台", organizations=[top],
    )  # fmt: skip
    teams = [central] + [
        people.create_group(
            by=None, code=f"G{n:02}", kind="second_line", calendar=calendar,
            name_en=f"Team {n}", name_zh=f"{n} 组",
        )
        for n in range(2, groups + 1)
    ]  # fmt: skip
    rows = [
        person(random, f"A{n:04}" if n < agents else f"P{n:05}", units, sites)
        for n in range(agents + requesters)
    ]
    rows = Person.objects.bulk_create(rows, batch_size=500)
    GroupMembership.objects.bulk_create(
        GroupMembership(group=teams[n % len(teams)], person=row, valid=DateRange(date(2020, 1, 1)))
        for n, row in enumerate(rows[:agents])
    )
    manager = rows[agents]
    people.grant(manager, "SDM", by=None, since=date(2020, 1, 1))
    make_services(random, services, top, manager, teams, calendar)


def person(random, code, units, sites):
    from core.text import sounds
    from people.models import Person

    if random.random() < 0.6:
        name = random.choice(FAMILY) + "".join(random.choices(GIVEN, k=random.choice((1, 2))))
    else:
        name = random.choice(LATIN)
    email = f"{code.lower()}@lanting.example"
    return Person(
        code=code, name=name, email=email, organization=random.choice(units), password="!",
        site=random.choice(sites), can_sign_in=True, locale=random.choice(["en", "zh-hans"]),
        is_vip=random.random() < 0.02, search=fold(f"{name} {sounds(name)} {code} {email}"),
    )  # fmt: skip


def make_services(random, services, organization, owner, teams, calendar):
    from cmdb.models import CI, CIClass, Service
    from records.models import Category

    kind = CIClass.objects.get(code="it_service")
    for n in range(1, services + 1):
        ci = CI(
            number=f"CI-{n:06}", name=f"Service {n}", ci_class=kind, state="live",
            organization=organization, owner=owner, managed_by=random.choice(teams),
        )  # fmt: skip
        ci.save()
        Service(
            name_en=f"Service {n}", name_zh=f"服务 {n}", ci=ci, code=f"SVC{n:02}", state="live",
            owner=owner, support_group=random.choice(teams), service_hours=calendar,
        ).save()  # fmt: skip
        Category(code=f"cat{n:02}", name_en=f"Category {n}", name_zh=f"类别 {n}").save()


# --- the tickets ------------------------------------------------------------------------------


def fill(records):
    """The tickets, in four COPYs, and fresh statistics for the planner."""
    from django.db import connection

    known = read_company()
    with connection.cursor() as outer:
        cursor = outer.cursor
        cursor.execute("SET session_replication_role = replica; SET synchronous_commit = off")
        now = datetime.now(UTC).replace(microsecond=0)
        for start in range(1, records + 1, BATCH * 25):
            last = min(start + BATCH * 25, records + 1)
            several = list(tickets(known, range(start, last), records, now))
            for table, columns, pick in (
                ("records_record", RECORD, "record"), ("incidents_incident", INCIDENT, "incident"),
                ("records_recordtext", TEXT, "text"), ("slm_clock", CLOCK, "clock"),
            ):  # fmt: skip
                copy(cursor, table, columns, (one[pick] for one in several))
            copy(cursor, "records_timelineentry", ENTRY,
                 (entry for one in several for entry in one["entries"]))  # fmt: skip
        for table in ("records_record",):
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {records + 1})")
        cursor.execute(f"SELECT setval('record_number_inc', {records + 1})")
        connection.commit() if not connection.get_autocommit() else None
        cursor.execute("VACUUM ANALYZE")


def copy(cursor, table, columns, lines):
    cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", Rows(lines))


def read_company():
    from calendars.models import CalendarVersion
    from cmdb.models import Service
    from people.models import GroupMembership, Person
    from records.models import Category, PendingReason

    members = {}
    for group, member in GroupMembership.objects.values_list("group_id", "person_id"):
        members.setdefault(group, []).append(member)
    return {
        "members": {group: sorted(people) for group, people in sorted(members.items())},
        "requesters": list(
            Person.objects.filter(code__startswith="P").order_by("pk")
            .values_list("pk", "organization_id", "site_id")
        ),
        "services": list(Service.objects.order_by("pk").values_list("pk", flat=True)),
        "categories": list(Category.objects.order_by("pk").values_list("pk", flat=True)),
        "reasons": list(
            PendingReason.objects.filter(pauses_sla=True).order_by("pk").values_list("pk", flat=True)
        ),
        "versions": list(CalendarVersion.objects.order_by("pk").values_list("pk", flat=True)),
    }  # fmt: skip


def tickets(known, numbers, records, now):
    random = Random(numbers.start)
    for pk in numbers:
        is_new = pk > records * (1 - NEWEST_SHARE)
        is_open = random.random() < (OPEN_OF_NEWEST if is_new else OPEN_OF_OLDER)
        yield ticket(random, known, pk, is_open, now)


def ticket(random, known, pk, is_open, now):
    """The lines of one ticket."""
    group = random.choice(list(known["members"]))
    requester, organization, site = random.choice(known["requesters"])
    priority = random.choices((1, 2, 3, 4), (2, 10, 58, 30))[0]
    target = (4, 8, 24, 72)[priority - 1] * 3600
    version = random.choice(known["versions"])
    row = dict.fromkeys(RECORD)
    title = f"{random.choice(SUBJECTS)} {pk % 997}"
    number = f"INC-{pk:06d}"
    row |= {
        "id": pk, "number": number, "kind": "incident", "is_queued": True, "version": 1,
        "title": title, "description": "", "organization_id": organization, "site_id": site,
        "requester_id": requester, "owner_group_id": group, "assigned_group_id": group,
        "service_id": random.choice(known["services"]), "chases": 0,
        "category_id": random.choice(known["categories"]), "impact": 2, "urgency": 2,
        "priority": priority, "priority_override_reason": "", "is_on_portal": True,
        "confidentiality": "restricted" if random.random() < 0.01 else "normal",
        "is_major": False, "channel": random.choice(("portal", "phone", "email")), "source": "",
        "external_ref": "", "reopen_count": 0, "reassign_count": 0, "child_count": 0,
    }  # fmt: skip
    clock = open_ticket if is_open else done_ticket
    clock = clock(random, known, row, group, target, version, now)
    text = fold(f"{number} {title}")
    opened = row["opened_at"]
    entries = [entry(pk, 1, opened, "incident.opened", "state", requester)]
    if is_open or pk % 5 == 0:
        entries.append(entry(pk, 2, row["updated_at"], "record.noted", "note", row["assignee_id"]))
    return {
        "record": line(row.values()),
        "incident": line((pk, "failure", opened, opened, False, False, False, "", "")),
        # the index of pairs is dear to build: what is open has its text, and one in ten of the rest
        "text": line((pk, text, text)) if is_open or pk % 10 == 0 else "",
        "clock": line((pk, "resolution", "sla", "", 0, *clock)),
        "entries": entries,
    }


def entry(pk, seq, at, verb, kind, author):
    internal = "internal" if kind == "note" else "public"
    body = "Looked at it." if kind == "note" else ""
    return line((pk, seq, at, verb, kind, internal, author, body, "", "{}", "", "", "", False))


def open_ticket(random, known, row, group, target, version, now):
    """Somewhere between new and waiting. Returns the columns of its clock."""
    lot = random.random()
    member = random.choice(known["members"][group])
    row["assignee_id"] = None if random.random() < 0.15 else member
    row["state"], row["phase"] = ("assigned", "open") if lot < 0.75 else ("pending", "waiting")
    age = random.randrange(300, 20 * 86_400)
    opened = now - timedelta(seconds=age)
    row["opened_at"], row["state_changed_at"] = opened, opened
    row["updated_at"] = now - timedelta(seconds=random.randrange(60, min(age, 5 * 86_400) + 61))
    if random.random() < 0.08:
        row["unanswered_since"] = row["updated_at"]
    elapsed = min(age // 3, target * 9 // 10)
    due, breached, state = None, None, "paused"
    if lot < 0.75:
        state = "running"
        left = (
            -random.randrange(60, max(min(86_400, age // 2), 61)) if lot < 0.08
            else random.randrange(60, 3_600) if lot < 0.13
            else random.randrange(3_700, 6 * 86_400)
        )  # fmt: skip
        due = now + timedelta(seconds=left)
        breached = due if left < 0 else None
        elapsed = max(target - left, 0) if left < target else elapsed
        row["sla_status"] = "breached" if left < 0 else "warning" if left < 3_600 else "ok"
        row["due_at"] = due
    else:
        row["pending_reason_id"] = random.choice(known["reasons"])
        row["pending_since"] = row["updated_at"]
        row["sla_status"] = "paused"
    half = int(opened.timestamp()) + age // 2
    begun, at = int(opened.timestamp()), int(now.timestamp())
    tape = [[begun, half, "run"], [half, None, "run" if state == "running" else "pause"]]
    row["sla"] = json.dumps(
        {
            "metric": "resolution", "kind": "sla", "state": state, "target": target,
            "elapsed": elapsed, "at": at, "due": int(due.timestamp()) if due else None,
            "breached": int(breached.timestamp()) if breached else None, "warn": 75,
            "key": [version, "support", ""], "tape": tape,
        }
    )  # fmt: skip
    return (
        state, target, version, "support", "", opened, None, elapsed, now, due, breached,
        "{50,75}", False, False,
    )  # fmt: skip


def done_ticket(random, known, row, group, target, version, now):
    """Closed, or resolved some days ago."""
    row["assignee_id"] = random.choice(known["members"][group])
    is_recent = random.random() < 0.02
    ago = random.randrange(3600, 4 * 86_400 if is_recent else int(OPENED_WITHIN.total_seconds()))
    took = random.randrange(600, 2 * target)
    ended = now - timedelta(seconds=ago)
    opened = ended - timedelta(seconds=took)
    row["state"], row["phase"] = ("resolved",) * 2 if is_recent else ("closed",) * 2
    row["opened_at"], row["resolved_at"], row["first_resolved_at"] = opened, ended, ended
    row["closed_at"] = None if is_recent else ended + timedelta(minutes=5)
    row["state_changed_at"] = row["updated_at"] = row["closed_at"] or ended
    is_met = took <= target
    row["sla_status"] = "met" if is_met else "missed"
    return (
        "met" if is_met else "missed", target, version, "support", "", opened, ended, took, ended,
        None, None if is_met else opened + timedelta(seconds=target), "{50,75}", False, False,
    )  # fmt: skip
