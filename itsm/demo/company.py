"""Lanting: organisations, sites, desks and people. Central desk in Shanghai, local desks in Suzhou
and Rotterdam."""

from datetime import date
from types import SimpleNamespace

from calendars import actions as calendars
from itsm.demo import PASSWORD
from people import actions as people
from people.models import GroupMembership, Organization, Site, SupportGroup
from people.roles import Role
from records.models import Category

SINCE = date(2020, 1, 1)
OFFICE = [["09:00", "12:00"], ["13:00", "18:00"]]
LONG = [["08:00", "20:00"]]
Part = GroupMembership.Part

# code, name, Latin name, job, organisation, site, language, groups, roles, extra
PEOPLE = [
    ("L1001", "王强", "Wang Qiang", "Service desk agent", "IT", "SHA", "zh-hans", ["DESK"], ["AG1"]),
    ("L1002", "Jonas Weber", "", "Service desk agent", "IT", "SHA", "en", ["DESK"], ["AG1"]),
    ("L1003", "李华", "Li Hua", "Service desk agent", "IT", "SHA", "zh-hans", ["DESK"], ["AG1"]),
    ("L1004", "赵燕", "Zhao Yan", "Desk agent Suzhou", "IT", "SZV", "zh-hans", ["DESK-SZV"], ["AG1"]),
    ("L1005", "Ruben de Vries", "", "Desk agent Rotterdam", "IT", "RTM", "en", ["DESK-RTM"], ["AG1"]),
    ("L1006", "Sofia Okafor", "", "Network engineer", "IT", "SHA", "en", ["NET"], ["SP2"]),
    ("L1007", "陈曦", "Chen Xi", "Database administrator", "IT", "SHA", "zh-hans", ["APP"], ["SP2"]),
    ("L1008", "Daniel Novak", "", "Payment specialist", "IT", "SHA", "en", ["PAY"], ["SP2"]),
    ("L1009", "Priya Kapoor", "", "Lead of networks", "IT", "SHA", "en", ["NET"], ["LEAD"]),
    ("L1010", "周敏", "Zhou Min", "Service desk manager", "IT", "SHA", "zh-hans", ["DESK"], ["SDM"]),
    ("L1011", "Grace Rossi", "", "Service level manager", "IT", "SHA", "en", [], ["SLM"]),
    ("L1012", "Tom Becker", "", "Incident manager", "IT", "SHA", "en", ["DESK"], ["INCM"]),
    ("L1013", "Hannah Köhler", "", "Service owner ERP", "FIN", "RTM", "en", [], ["SVO"]),
    ("L1014", "孙伟", "Sun Wei", "Auditor", "HEAD", "SHA", "zh-hans", [], ["AUD"]),
    ("L1015", "吴晓", "Wu Xiao", "Administrator", "IT", "SHA", "zh-hans", [], ["ADM", "CFGM"]),
    ("L1016", "Marta Silva", "", "Security manager", "IT", "RTM", "en", [], ["SECM"]),
    ("L2001", "林玫", "Lin Mei", "Operations lead", "RETAIL", "SHA", "zh-hans", [], ["CUS"]),
    ("L2002", "张三", "Zhang San", "Accountant", "FIN", "SHA", "zh-hans", [], []),
    ("L2003", "王丽", "Wang Li", "Sales", "RETAIL", "SZV", "zh-hans", [], []),
    ("L2004", "Erik Nilsen", "", "Warehouse planner", "LOG", "RTM", "en", [], []),
    ("L2005", "Chloé Martin", "", "Designer", "RETAIL", "RTM", "en", [], []),
    ("L2006", "Oliver Grant", "", "Tender team", "FIN", "RTM", "en", [], []),
    ("L2007", "Aisha Rahman", "", "Human resources", "HEAD", "SHA", "en", [], []),
    ("L2008", "Yuki Tanaka", "", "Office manager", "HEAD", "SHA", "en", [], []),
    ("L2009", "刘洋", "Liu Yang", "Store manager", "RETAIL", "SZV", "zh-hans", [], []),
    ("L2010", "Lena Fischer", "", "Team lead", "LOG", "RTM", "en", [], []),
    ("L2011", "高飞", "Gao Fei", "Warehouse", "LOG", "SZV", "zh-hans", [], []),
    ("L2012", "许静", "Xu Jing", "Chief financial officer", "FIN", "SHA", "zh-hans", [], []),
]  # fmt: skip
VIPS = {"L2001", "L2012"}
# The sign-ins that are printed: one a role.
SIGN_INS = [
    ("L1002", "agent (English)"), ("L1001", "agent (Chinese)"), ("L1005", "local desk"),
    ("L1006", "second line"), ("L2002", "end user (Chinese)"), ("L2004", "end user (English)"),
    ("L1010", "service desk manager"), ("L1011", "service level manager"),
    ("L1014", "auditor"), ("L1015", "administrator"),
]  # fmt: skip

CATEGORIES = [
    # code, en, zh, parent, group, security
    ("hardware", "Hardware", "硬件", None, None, False),
    ("laptop", "Laptop or PC", "电脑", "hardware", None, False),
    ("printer", "Printer", "打印机", "hardware", None, False),
    ("network", "Network", "网络", None, "NET", False),
    ("vpn", "Remote access (VPN)", "远程接入（VPN）", "network", "NET", False),
    ("wifi", "Wi-Fi", "无线网络", "network", "NET", False),
    ("application", "Application", "应用", None, None, False),
    ("erp", "ERP", "ERP 系统", "application", "APP", False),
    ("payment", "Payment", "支付", "application", "PAY", False),
    ("mail", "E-mail and calendar", "邮件与日历", "application", None, False),
    ("account", "Account and password", "账号与密码", None, None, False),
    ("howto", "How to", "使用咨询", None, None, False),
    ("security", "Security", "安全", None, None, True),
]


def build():
    world = SimpleNamespace(people={}, groups={}, organizations={}, sites={}, categories={})
    _calendars(world)
    _organizations(world)
    _groups(world)
    _sites(world)
    _people(world)
    _categories(world)
    return world


def _calendars(world):
    week = {"support": dict.fromkeys(range(5), OFFICE)}
    world.china = calendars.create_calendar(
        by=None, code="CN-OFFICE", name_en="China, office hours", name_zh="中国工作时间",
        time_zone="Asia/Shanghai", uses_cn_holidays=True, hours=week,
    )  # fmt: skip
    world.long_hours = calendars.create_calendar(
        by=None, code="CN-LONG", name_en="China, long hours", name_zh="中国延长服务时间",
        time_zone="Asia/Shanghai", hours={"support": dict.fromkeys(range(7), LONG)},
    )  # fmt: skip
    world.europe = calendars.create_calendar(
        by=None, code="NL-OFFICE", name_en="Netherlands, office hours", name_zh="荷兰工作时间",
        time_zone="Europe/Amsterdam",
        hours={"support": {day: [["08:30", "17:30"]] for day in range(5)}},
    )  # fmt: skip
    world.always = calendars.create_calendar(
        by=None, code="ALWAYS", name_en="Round the clock", name_zh="全天候", time_zone="UTC",
        is_24x7=True,
    )  # fmt: skip


def _organizations(world):
    rows = [
        ("HEAD", "Lanting Group", "兰亭集团", None), ("IT", "IT services", "信息技术部", "HEAD"),
        ("RETAIL", "Retail APAC", "亚太零售", "HEAD"), ("FIN", "Finance", "财务部", "HEAD"),
        ("LOG", "Logistics", "物流部", "HEAD"),
    ]  # fmt: skip
    for code, english, chinese, parent in rows:
        world.organizations[code] = people.create_organization(
            by=None, code=code, name_en=english, name_zh=chinese,
            parent=world.organizations.get(parent), default_calendar=world.china,
        )  # fmt: skip
    world.cloudpay = people.create_organization(
        by=None, code="CLOUDPAY", name_en="CloudPay", name_zh="云付科技",
        kind=Organization.Kind.SUPPLIER,
    )  # fmt: skip


def _groups(world):
    Kind = SupportGroup.Kind
    rows = [
        ("DESK", "Central service desk", "中央服务台", Kind.DESK, None, world.long_hours),
        ("DESK-SZV", "Suzhou service desk", "苏州服务台", Kind.DESK, "DESK", world.china),
        ("DESK-RTM", "Rotterdam service desk", "鹿特丹服务台", Kind.DESK, "DESK", world.europe),
        ("NET", "Networks", "网络组", Kind.SECOND_LINE, None, world.china),
        ("APP", "Applications", "应用组", Kind.SECOND_LINE, None, world.china),
        ("PAY", "Payments", "支付组", Kind.SECOND_LINE, None, world.always),
    ]  # fmt: skip
    for code, english, chinese, kind, parent, calendar in rows:
        world.groups[code] = people.create_group(
            by=None, code=code, name_en=english, name_zh=chinese, kind=kind, calendar=calendar,
            parent=world.groups.get(parent), is_central=code == "DESK",
        )  # fmt: skip


def _sites(world):
    rows = [
        ("SHA", "Shanghai head office", "上海总部", "Asia/Shanghai", "DESK"),
        ("SZV", "Suzhou distribution centre", "苏州配送中心", "Asia/Shanghai", "DESK-SZV"),
        ("RTM", "Rotterdam distribution centre", "鹿特丹配送中心", "Europe/Amsterdam", "DESK-RTM"),
    ]
    for code, english, chinese, zone, desk in rows:
        world.sites[code] = people.create_site(
            by=None, code=code, name_en=english, name_zh=chinese, time_zone=zone,
            organization=world.organizations["HEAD"], desk=world.groups[desk],
        )  # fmt: skip


def _people(world):
    for code, name, latin, job, organization, site, locale, groups, roles in PEOPLE:
        is_signed_in = code in dict(SIGN_INS)
        address = (latin or name).lower().replace("é", "e").replace("ö", "o").replace(" ", ".")
        person = people.create_person(
            by=None, code=code, name=name, name_latin=latin, job_title=job,
            email=f"{address}@lanting.example", phone=f"+86 21 5550 {code[1:]}",
            organization=world.organizations[organization], site=world.sites[site],
            locale=locale, is_vip=code in VIPS, can_sign_in=True,
            password=PASSWORD if is_signed_in else None,
        )  # fmt: skip
        world.people[code] = person
        for group in groups:
            part = Part.LEAD if "LEAD" in roles or "SDM" in roles else Part.MEMBER
            part = Part.DISPATCHER if code == "L1003" else part
            people.join_group(person, world.groups[group], by=None, role=part, since=SINCE)
        for role in roles:
            people.grant(person, Role[role], by=None, since=SINCE)
    leads = {"DESK": "L1010", "DESK-SZV": "L1004", "DESK-RTM": "L1005", "NET": "L1009"}
    leads |= {"APP": "L1007", "PAY": "L1008"}
    for group, code in leads.items():
        people.name_lead(world.groups[group], world.people[code], by=None)


def _categories(world):
    for code, english, chinese, parent, group, is_security in CATEGORIES:
        world.categories[code] = Category.objects.create(
            code=code, name_en=english, name_zh=chinese, parent=world.categories.get(parent),
            default_group=world.groups.get(group), is_security=is_security, kinds=["incident"],
        )  # fmt: skip
    assert Site.objects.count() == len(world.sites)
