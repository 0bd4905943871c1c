"""Lanting's services and what they stand on, and the promises made for them."""

from datetime import date

from django.contrib.postgres.fields.ranges import DateRange

from cmdb.actions import items, relations, services
from cmdb.models import CI, CIClass, CIRelationType, RedundancyGroup, Service
from slm.actions import agreements
from slm.models import Agreement

HOUR, MINUTE = 3600, 60

SERVICES = [
    # code, en, zh, owner, group, criticality, calendar
    ("PAYGW", "Payment gateway", "支付网关", "L2001", "PAY", 1, "always"),
    ("ERP", "ERP – Finance", "ERP 财务系统", "L1013", "APP", 1, "china"),
    ("MAIL", "E-mail and calendar", "邮件与日历", "L1010", "APP", 2, "china"),
    ("VPN", "Remote access", "远程接入", "L1009", "NET", 2, "china"),
    ("WLAN", "Warehouse network", "仓库网络", "L1009", "NET", 2, "long_hours"),
    ("PRINT", "Printing", "打印服务", "L1010", "DESK", 4, "china"),
    ("COLLAB", "Collaboration", "协作平台", "L1010", "APP", 3, "china"),
]

CIS = [
    # key, class, name, group, site, criticality, attributes
    ("pay1", "server_virtual", "pay-gw-sh-01", "PAY", "SHA", 1, "10.24.8.11"),
    ("pay2", "server_virtual", "pay-gw-sh-02", "PAY", "SHA", 1, "10.24.8.12"),
    ("pay3", "server_virtual", "pay-gw-sh-03", "PAY", "SHA", 1, "10.24.8.13"),
    ("paydb", "database", "pay-db-01", "APP", "SHA", 1, ""),
    ("erpapp", "application", "erp-app", "APP", "SHA", 1, ""),
    ("erpdb", "database", "erp-db-01", "APP", "SHA", 1, ""),
    ("mail1", "application", "mail-cluster", "APP", "SHA", 2, ""),
    ("vpn1", "network_device", "vpn-sh-01", "NET", "SHA", 2, "10.24.0.5"),
    ("vpn2", "network_device", "vpn-sh-02", "NET", "SHA", 2, "10.24.0.6"),
    ("core1", "network_device", "core-sh-01", "NET", "SHA", 1, "10.24.0.1"),
    ("wlc", "network_device", "wlan-controller-rtm", "NET", "RTM", 2, "10.31.0.2"),
    ("host1", "server_physical", "vm-host-14", "NET", "SHA", 2, "10.24.4.14"),
    ("host2", "server_physical", "vm-host-15", "NET", "SHA", 2, "10.24.4.15"),
    ("print", "server_virtual", "print-szv-01", "DESK", "SZV", 4, "10.28.2.9"),
    ("printer", "printer", "szv-3f-printer", "DESK", "SZV", 5, "10.28.3.21"),
    ("lap1", "client_device", "LT-20417", "DESK", "SHA", 4, ""),
    ("lap2", "client_device", "LT-20522", "DESK", "RTM", 4, ""),
    ("lap3", "client_device", "LT-20688", "DESK", "SZV", 4, ""),
]
# source, type, target
LINKS = [
    ("PAYGW", "depends_on", "pay1"), ("PAYGW", "depends_on", "pay2"),
    ("PAYGW", "depends_on", "pay3"), ("PAYGW", "depends_on", "paydb"),
    ("pay1", "runs_on", "host1"), ("pay2", "runs_on", "host2"), ("pay3", "runs_on", "host1"),
    ("paydb", "runs_on", "host2"), ("host1", "connects_to", "core1"),
    ("host2", "connects_to", "core1"), ("ERP", "depends_on", "erpapp"),
    ("erpapp", "depends_on", "erpdb"), ("erpdb", "runs_on", "host1"),
    ("MAIL", "depends_on", "mail1"), ("mail1", "runs_on", "host2"),
    ("VPN", "depends_on", "vpn1"), ("VPN", "depends_on", "vpn2"),
    ("vpn1", "connects_to", "core1"), ("vpn2", "connects_to", "core1"),
    ("WLAN", "depends_on", "wlc"), ("PRINT", "depends_on", "print"),
    ("printer", "depends_on", "print"), ("COLLAB", "uses", "mail1"), ("ERP", "uses", "MAIL"),
]  # fmt: skip
GROUPS = [("PAYGW", "Payment nodes", 2, ["pay1", "pay2", "pay3"]),
          ("VPN", "VPN pair", 1, ["vpn1", "vpn2"])]  # fmt: skip


def build(world):
    world.services, world.cis = {}, {}
    for code, english, chinese, owner, group, criticality, calendar in SERVICES:
        world.services[code] = services.create_service(
            by=None, code=code, name_en=english, name_zh=chinese, owner=world.people[owner],
            support_group=world.groups[group], service_hours=getattr(world, calendar),
            organization=world.organizations["IT"], catalogue_visible=True,
            state=Service.State.LIVE, criticality=criticality,
            description_customer_en=english, description_customer_zh=chinese,
        )  # fmt: skip
    for key, class_code, name, group, site, criticality, address in CIS:
        world.cis[key] = _ci(world, class_code, name, group, site, criticality, address)
    for service in world.services.values():
        world.cis[service.code] = service.ci
    _relations(world)
    _users(world)
    _agreements(world)


def _ci(world, class_code, name, group, site, criticality, address):
    ci_class = CIClass.objects.get(code=class_code)
    known = {field["name"] for field in ci_class.attribute_schema}
    attributes = {"ip_address": address} if address and "ip_address" in known else {}
    return items.create_ci(
        by=None, name=name, ci_class=ci_class, organization=world.organizations["IT"],
        owner=world.people["L1015"], managed_by=world.groups[group], site=world.sites[site],
        environment="production", criticality=criticality, attributes=attributes,
        asset_tag=name.upper(), state=CI.State.LIVE, authority="DEMO",
    )  # fmt: skip


def _relations(world):
    types = {row.code: row for row in CIRelationType.objects.all()}
    made = {}
    for source, type_, target in LINKS:
        made[source, target] = relations.relate(
            world.cis[source], types[type_], world.cis[target], by=None, authority="DEMO"
        )
    for source, name, required, members in GROUPS:
        relations.set_redundancy(
            world.cis[source], by=None, name=name, required_k=required, authority="DEMO",
            relations=[made[source, member] for member in members],
            failover=RedundancyGroup.Failover.IMMEDIATE,
        )  # fmt: skip


def _users(world):
    for key, person in (("lap1", "L2002"), ("lap2", "L2004"), ("lap3", "L2003")):
        items.set_users(world.cis[key], [world.people[person]], by=None)


def _row(metric, seconds, priority=None, **options):
    return {"metric": metric, "value": seconds, "priority": priority, **options}


def _agreements(world):
    gold = [
        _row("response", 15 * MINUTE, 1), _row("response", HOUR, 2), _row("response", 4 * HOUR),
        _row("update", HOUR, 1), _row("update", 8 * HOUR),
        _row("resolution", 4 * HOUR, 1, attainment_goal_pct=95),
        _row("resolution", 8 * HOUR, 2, attainment_goal_pct=95),
        _row("resolution", 16 * HOUR, 3, attainment_goal_pct=95),
        _row("resolution", 40 * HOUR, attainment_goal_pct=90),
    ]  # fmt: skip
    payment = [
        _row("response", 10 * MINUTE), _row("update", 30 * MINUTE, 1), _row("update", 4 * HOUR),
        _row("resolution", 3 * HOUR, 1, attainment_goal_pct=97),
        _row("resolution", 8 * HOUR, 2, attainment_goal_pct=97),
        _row("resolution", 24 * HOUR, attainment_goal_pct=95),
    ]  # fmt: skip
    since = date(2015, 1, 1)
    head = world.organizations["HEAD"]
    _agree(world, "Standard service levels", gold, world.long_hours, since, organization=head)
    _agree(
        world, "Gold – Payment gateway", payment, world.always, since,
        agreed_service=world.services["PAYGW"], organization=head,
    )  # fmt: skip
    for group, hours in (("NET", 6), ("APP", 8), ("PAY", 4)):
        _agree(
            world, f"OLA {world.groups[group].name_en}", [_row("resolution", hours * HOUR)],
            world.groups[group].calendar, since, kind="ola",
            provider_group=world.groups[group], consumer_group=world.groups["DESK"],
            organization=head,
        )  # fmt: skip


def _agree(world, title, targets, calendar, since, *, kind="sla", **fields):
    draft = agreements.create(
        by=world.people["L1011"], agreement_kind=kind, title=title, valid=DateRange(since, None),
        targets=targets, calendar=calendar, **fields,
    )  # fmt: skip
    made = agreements.put_in_force(draft, by=world.people["L1011"])
    assert made.state == Agreement.State.ACTIVE
