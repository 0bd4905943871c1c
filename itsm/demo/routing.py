"""Lanting's own routing rules: bilingual words, a branch of categories, a channel, a safe default."""

from incidents.actions import opening
from people.models import SupportGroup
from records import triage
from records.models import Category, RoutingRule

REPORTS = (
    ("L2003", "无线网络经常断开（3 楼会议室）", "会议时无线网络每隔几分钟断开一次。", "portal"),
    (
        "L2004",
        "Tunnel to the Shanghai office is slow",
        "Copying files takes hours over VPN.",
        "email",
    ),
)


def play(world):
    """The rules, and two reports that they place: each can be asked why it stands where it stands."""
    build()
    for code, title, description, channel in REPORTS:
        person = world.people[code]
        world.incidents.append(
            opening.open_incident(
                by=person, requester=person, title=title, description=description, channel=channel
            )
        )


def build():
    groups = {group.code: group.pk for group in SupportGroup.objects.all()}
    categories = {category.code: category.pk for category in Category.objects.all()}
    rows = (
        ("Payment trouble is urgent", "支付故障优先", True,
         [("keyword", "any", ["payment", "支付", "付款"]), ("kind", "any", ["incident"])],
         {"category": categories["payment"], "group": groups["PAY"], "urgency": 1}),
        ("Tunnels and wireless to the network team", "VPN 与无线交给网络组", True,
         [("keyword", "any", ["vpn", "wifi", "无线", "隧道"]), ("vip", "any", [False])],
         {"group": groups["NET"]}),
        ("Printers wait", "打印机不急", False,
         [("keyword", "any", ["printer", "打印机"]), ("channel", "none", ["phone"])],
         {"category": categories["printer"], "urgency": 3}),
        ("Monitoring goes to the application team", "监控告警交给应用组", True,
         [("channel", "any", ["monitoring"]), ("category", "none", [categories["network"]])],
         {"group": groups["APP"]}),
    )  # fmt: skip
    for place, (english, chinese, stop, conditions, sets) in enumerate(rows, start=1):
        RoutingRule.objects.create(
            name_en=english, name_zh=chinese, order=10 * place, stop=stop, sets=sets,
            conditions=[
                {"field": name, "op": op, "values": values} for name, op, values in conditions
            ],
        )  # fmt: skip
    triage.forget()
