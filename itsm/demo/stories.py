"""The tickets of the demo world: told as stories, played through the actions at their times."""

from datetime import timedelta

from core import time
from incidents.actions import lifecycle, major, merging, messages, opening
from records.models import ClosureCode, PendingReason
from slm import work

# minutes ago, requester, title, text, service, ci, category, (impact, urgency), what happened
STORIES = [
    (215, "L2001", "上海门店银行卡付款报 502 错误", "从今天早上开始，大约一半的银行卡付款失败，支付宝和微信支付正常。", "PAYGW", "pay2", "payment", (1, 1), "major"),
    (60, "L2003", "无法登录 VPN：提示证书已过期", "在家办公时连接 VPN，提示证书已过期。", "VPN", None, "vpn", (2, 2), "new"),
    (150, "L2004", "Barcode scanners in Rotterdam drop Wi-Fi every few minutes", "All scanners in hall 2 lose the network and come back after a minute.", "WLAN", "wlc", "wifi", (1, 2), "working"),
    (400, "L2002", "SAP 月结过账作业停在“已释放”状态", "月结作业一直没有执行，财务等着结账。", "ERP", "erpapp", "erp", (2, 1), "working"),
    (95, "L2005", "Shared mailbox rejects mail from a supplier", "Mails of our print shop come back with 550.", "MAIL", None, "mail", (3, 2), "new"),
    (340, "L2009", "打印机卡纸后无法恢复联机（苏州 3 楼）", "取出卡纸后打印机仍显示脱机。", "PRINT", "printer", "printer", (3, 3), "asked"),
    (1500, "L2006", "Access to the Q4 pricing folder", "The tender team cannot open the folder since yesterday.", "COLLAB", None, "account", (3, 2), "asked"),
    (700, "L2010", "Calls drop when switching from Wi-Fi to the dock", "Every call ends when I put the laptop on the dock.", "COLLAB", "lap2", "laptop", (3, 3), "answered"),
    (2900, "L2012", "手机收不到邮件", "换了新手机之后收不到邮件。", "MAIL", None, "mail", (3, 2), "resolved"),
    (4300, "L2007", "Cannot open the applicant portal", "The page stays white in every browser.", "COLLAB", None, "application", (3, 3), "closed"),
    (5800, "L2011", "仓库扫描枪无法连接无线网络", "今天早上更新后无法连接。", "WLAN", None, "wifi", (2, 3), "closed"),
    (7300, "L2008", "Meeting room camera not detected", "The camera in 4F-Jade is gone after the update.", "COLLAB", None, "hardware", (3, 3), "reopened"),
    (8800, "L2002", "如何导出去年的费用报表？", "找不到导出按钮。", "ERP", None, "howto", (3, 3), "closed"),
    (180, "L2001", "会员积分无法查询", "门店收银台查询积分时报错。", "PAYGW", None, "payment", (2, 2), "escalated"),
    (45, "L2010", "Laptop does not charge any more", "Tried two chargers and two docks.", None, "lap2", "laptop", (3, 2), "new"),
    (30, "L2009", "收银台付款失败", "客户刷卡时提示错误 502。", "PAYGW", None, "payment", (2, 1), "child"),
    (25, "L2011", "刷卡机报错", "刷卡一直失败。", "PAYGW", None, "payment", (2, 1), "child"),
    (500, "L2005", "Somebody sent a strange invoice link from my account", "Colleagues got a mail from me that I did not write.", None, None, "security", (2, 1), "working"),
    (10200, "L2004", "Label printer prints blank labels", "After the paper change all labels are blank.", "PRINT", None, "printer", (3, 3), "auto"),
    (20, "L2007", "New screen stays black", "The second screen is not found.", None, "lap1", "hardware", (3, 3), "new"),
]  # fmt: skip


def play(world):
    now = time.now()
    codes = {row.code: row for row in ClosureCode.objects.all()}
    reasons = {row.code: row for row in PendingReason.objects.all()}
    world.incidents = []
    for ago, requester, title, text, service, ci, category, levels, what in STORIES:
        at = now - timedelta(minutes=ago)
        person = world.people[requester]
        incident = opening.open_incident(
            by=person, requester=person, title=title, description=text, at=at,
            service=world.services.get(service), ci=world.cis.get(ci),
            category=world.categories[category], impact=levels[0], urgency=levels[1],
        )  # fmt: skip
        world.incidents.append(incident)
        Tale(world, incident, at, now, codes, reasons).tell(what)
    _family(world)


class Tale:
    """What happened to one incident after it was reported, each step at its time."""

    def __init__(self, world, incident, at, now, codes, reasons):
        self.world, self.incident, self.at, self.now = world, incident, at, now
        self.codes, self.reasons = codes, reasons
        groups = {"NET": "L1006", "APP": "L1007", "PAY": "L1008"}
        self.worker = world.people[groups.get(incident.assigned_group.code, "L1002")]
        if incident.owner_group.code == "DESK-RTM" and incident.assigned_group.code == "DESK-RTM":
            self.worker = world.people["L1005"]
        if incident.owner_group.code == "DESK-SZV" and incident.assigned_group.code == "DESK-SZV":
            self.worker = world.people["L1004"]
        if incident.is_security:
            self.worker = world.people["L1016"]
        self.requester = incident.requester
        self.is_chinese = self.requester.locale == "zh-hans"

    def later(self, part):
        """A moment between the report and now."""
        return self.at + (self.now - self.at) * part

    def words(self, chinese, english):
        return chinese if self.is_chinese else english

    def tell(self, what):
        getattr(self, what)()

    def new(self):
        pass

    def child(self):
        pass

    def working(self):
        by = None if self.incident.is_security else self.worker
        self.incident = lifecycle.start(self.incident, by=by, at=self.later(0.1))
        if by is not None:
            self.say(
                0.2, "我们正在处理，稍后给您答复。", "We are looking into it and will be back soon."
            )

    def say(self, part, chinese, english):
        self.incident, _ = messages.reply(
            self.incident, by=self.worker, body=self.words(chinese, english), at=self.later(part)
        )

    def asked(self):
        self.working()
        self.incident = lifecycle.hold(
            self.incident, by=self.worker, reason=self.reasons["wait_customer"],
            at=self.later(0.4),
            message=self.words("请问重启后是否仍有问题？", "Does it still happen after a restart?"),
        )  # fmt: skip

    def answered(self):
        self.asked()
        self.incident, _ = messages.reply(
            self.incident, by=self.requester, at=self.later(0.8),
            body=self.words("重启后还是一样。", "Yes, the same after a restart."),
        )  # fmt: skip

    def resolved(self, part=0.5):
        self.working()
        self.incident = lifecycle.resolve(
            self.incident, by=self.worker, at=self.later(part),
            closure_code=self.codes["solved_permanently"],
            resolution=self.words("已重新配置，请确认是否恢复。", "Set up anew; please confirm that it works."),
        )  # fmt: skip

    def closed(self):
        self.resolved(0.3)
        self.incident = lifecycle.confirm(self.incident, by=self.requester, at=self.later(0.5))

    def auto(self):
        self.resolved(0.1)
        if self.incident.rejection_deadline < self.now:
            lifecycle.auto_close(self.incident, at=self.incident.rejection_deadline)

    def reopened(self):
        self.resolved(0.6)
        self.incident = lifecycle.reject_resolution(
            self.incident, by=self.requester, at=self.later(0.7),
            reason=self.words("今天又出现了。", "It is back today."),
        )  # fmt: skip

    def escalated(self):
        self.working()
        lifecycle.escalate(
            self.incident, by=self.worker, group=self.world.groups["APP"], at=self.later(0.5),
            note="The gateway is fine; the points service times out.",
        )  # fmt: skip

    def major(self):
        self.incident = lifecycle.start(self.incident, by=self.worker, at=self.later(0.03))
        self.incident = major.declare(
            self.incident, by=self.world.people["L1012"], manager=self.world.people["L1012"],
            reason="Card payments fail in all shops", at=self.later(0.1),
            bridge_info="Room 12A, +86 21 5550 9000",
        )  # fmt: skip
        major.broadcast(
            self.incident,
            by=self.world.people["L1012"],
            at=self.later(0.5),
            body="支付节点 02 已退出轮转，成功率正在恢复。/ Node 02 is out of rotation; payments recover.",
        )
        work.note(
            self.incident,
            by=self.worker,
            at=self.later(0.6),
            body="Intermediate CA missing in the trust store of node 02.",
        )
        work.add_task(
            self.incident, by=self.world.people["L1012"], title="Import the intermediate CA on 01–03",
            assignee=self.worker, at=self.later(0.6),
        )  # fmt: skip


def _family(world):
    """The two late reports are children of the major incident."""
    parent = next(incident for incident in world.incidents if incident.title.startswith("上海门店"))
    children = [
        incident
        for incident, story in zip(world.incidents, STORIES, strict=True)
        if story[-1] == "child"
    ]
    merging.adopt(parent, children, by=world.people["L1012"])
