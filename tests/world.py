"""A small company for tests, made through actions: two desks, a second line, customers, promises.

`build()` returns a namespace; times are fixed in October 2026, in the calendar of the vectors
(Shanghai, Monday to Friday 09:00-12:00 and 13:30-18:00, official holidays of 2026).
"""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields.ranges import DateRange

from calendars import actions as calendars
from cmdb.actions import services
from cmdb.models import Service
from people import actions as people
from people.models import SupportGroup
from people.roles import Role
from records.models import Category
from slm.actions import agreements

SHANGHAI = ZoneInfo("Asia/Shanghai")
PASSWORD = "correct horse battery staple"
WEEK = [["09:00", "12:00"], ["13:30", "18:00"]]
LONG_AGO = datetime(2026, 1, 5, 1, tzinfo=UTC)
SINCE = date(2026, 1, 1)
HOUR = 3600


def sh(month, day, hour, minute=0, second=0, year=2026):
    """An instant on the wall clock of Shanghai."""
    return datetime(year, month, day, hour, minute, second, tzinfo=SHANGHAI)


def person(world, code, name, organization=None, *, groups=(), roles=(), **fields):
    fields.setdefault("email", f"{code.lower()}@lanting.example")
    made = people.create_person(
        by=None, code=code, name=name, organization=organization or world.head,
        can_sign_in=fields.pop("can_sign_in", True), **fields,
    )  # fmt: skip
    for group in groups:
        people.join_group(made, group, by=None, since=SINCE)
    for role in roles:
        people.grant(made, role, by=None, since=SINCE)
    return made


def group(world, code, name, kind, **fields):
    return people.create_group(
        by=None, code=code, name_en=name, kind=kind, calendar=world.calendar, **fields
    )


def service(world, code, name, owner, **fields):
    made = services.create_service(
        by=None, code=code, name_en=name, name_zh=f"{name}服务", owner=owner,
        support_group=world.second_line, service_hours=world.calendar, organization=world.head,
        catalogue_visible=True, business_case="test", at=LONG_AGO, **fields,
    )  # fmt: skip
    Service.objects.filter(pk=made.pk).update(state="live")
    return Service.objects.get(pk=made.pk)


def build():
    world = SimpleNamespace()
    world.calendar = calendars.create_calendar(
        by=None, code="CN", name_en="China", name_zh="中国", time_zone="Asia/Shanghai",
        uses_cn_holidays=True, at=LONG_AGO,
        hours={"support": dict.fromkeys(range(5), WEEK)},
    )  # fmt: skip
    world.always = calendars.create_calendar(
        by=None, code="ALWAYS", name_en="Always", time_zone="UTC", is_24x7=True, at=LONG_AGO
    )
    world.head = people.create_organization(
        by=None, code="HEAD", name_en="Lanting", name_zh="兰亭", default_calendar=world.calendar
    )
    world.sales = people.create_organization(
        by=None, code="SALES", name_en="Sales", name_zh="销售部", parent=world.head
    )
    world.other = people.create_organization(
        by=None, code="OTHER", name_en="Other customer", kind="external_customer"
    )
    world.central = group(world, "DESK", "Central desk", SupportGroup.Kind.DESK, is_central=True)
    world.local = group(
        world, "DESK-SZ", "Suzhou desk", SupportGroup.Kind.DESK, parent=world.central
    )
    world.second_line = group(world, "NET", "Network", SupportGroup.Kind.SECOND_LINE)
    world.site = people.create_site(
        by=None, code="SZ", name_en="Suzhou", name_zh="苏州", organization=world.head,
        time_zone="Asia/Shanghai", desk=world.local,
    )  # fmt: skip
    _people(world)
    world.erp = service(world, "ERP", "ERP", world.owner)
    world.mail = service(world, "MAIL", "Mail", world.owner)
    world.category = Category.objects.create(code="network", name_en="Network", name_zh="网络")
    world.vpn = Category.objects.create(
        code="vpn", name_en="VPN", parent=world.category, default_service=world.mail,
        default_group=world.second_line,
    )  # fmt: skip
    return world


def _people(world):
    world.agent = person(world, "A1", "Jonas Weber", groups=[world.central])
    world.agent2 = person(world, "A2", "王强", groups=[world.central], locale="zh-hans")
    world.local_agent = person(world, "A3", "Zhao Yan", groups=[world.local], site=world.site)
    world.specialist = person(world, "S1", "Sofia Okafor", groups=[world.second_line])
    world.lead = person(world, "L1", "Li Hua", groups=[world.second_line], roles=[Role.LEAD])
    SupportGroup.objects.filter(pk=world.second_line.pk).update(lead=world.lead)
    SupportGroup.objects.filter(pk=world.central.pk).update(lead=world.agent2)
    world.requester = person(world, "R1", "张三", world.sales, locale="zh-hans", site=world.site)
    world.colleague = person(world, "R2", "Mei Lin", world.sales)
    world.stranger = person(world, "R3", "Erik Nilsen", world.other)
    world.manager = person(world, "M1", "Grace Rossi", roles=[Role.SLM])
    world.desk_manager = person(world, "M2", "Tom Becker", roles=[Role.SDM])
    world.incident_manager = person(world, "M3", "Priya Kapoor", roles=[Role.INCM])
    world.admin = person(world, "ADM", "Admin", roles=[Role.ADM])
    world.auditor = person(world, "AUD", "Auditor", roles=[Role.AUD])
    world.security = person(world, "SEC", "Security", roles=[Role.SECM])
    world.owner = person(world, "O1", "Service Owner", roles=[Role.SVO])


def promise(world, *targets, kind="sla", title="Standard", **fields):
    """An agreement in force since the beginning of the year. `targets`: (metric, hours, options)."""
    rows = []
    for metric, hours, *options in targets:
        rows.append(
            {"metric": metric, "value": int(hours * HOUR), **(options[0] if options else {})}
        )
    agreement = agreements.create(
        by=None, agreement_kind=kind, title=title, organization=world.head,
        calendar=fields.pop("calendar", world.calendar), valid=DateRange(SINCE, None),
        targets=rows, at=LONG_AGO, **fields,
    )  # fmt: skip
    return agreements.put_in_force(agreement, by=None, at=LONG_AGO)
