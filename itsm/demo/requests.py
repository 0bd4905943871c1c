"""The catalogue of the demo world, and orders in every state, each played through the actions."""

from datetime import date, timedelta
from decimal import Decimal

from core import time
from itsm.demo.catalogue import CATEGORIES, MANAGERS, OFFERINGS
from itsm.demo.estate import HOUR, _agree, _row
from people import actions as people
from people.models import Person
from people.roles import Role
from records import approvals
from records.models import Approval, Category, PendingReason
from servicedesk.catalogue import actions as catalogue
from servicedesk.catalogue import schema
from servicedesk.requests.actions import approving, fulfilling, messages, ordering
from slm import work

SINCE = date(2015, 1, 1)

# minutes ago, requester, offering, answers, quantity, what happened
STORIES = [
    (40, "L2002", "LAPTOP", {"model": "strong", "why": "月结报表要同时打开许多大表", "dock": "yes"}, 1, "awaiting"),
    (190, "L2004", "SOFTWARE", {"product": "visio", "until": "project", "project": "Dock plan"}, 1, "awaiting"),
    (300, "L2010", "MONITOR", {"size": "27"}, 2, "approved_now"),
    (1400, "L2003", "VPN", {"why": "每周在家办公两天", "device": "own"}, 1, "working"),
    (2900, "L2005", "MAILBOX", {"address": "design-team", "name": "Design team"}, 1, "working"),
    (1500, "L2007", "NEWCOMER", {"name": "Wu Fang", "kind": "permanent", "laptop": "yes", "model": "light"}, 1, "begun"),
    (4300, "L2008", "MEETING", {"room": "4F-Jade", "what": ["camera", "speaker"]}, 1, "asked"),
    (5800, "L2002", "ERPROLE", {"role": "approve", "why": "代替休假的同事审批"}, 1, "rejected"),
    (7300, "L2009", "PHONE", {"model": "standard"}, 1, "fulfilled"),
    (8800, "L2004", "LAPTOP", {"model": "light", "dock": "no"}, 1, "closed"),
    (9500, "L2011", "PHONE", {"model": "rugged"}, 1, "closed"),
    (11000, "L2005", "SOFTWARE", {"product": "adobe", "until": "always"}, 1, "disputed"),
    (30, "L2008", "WIFI", {"guest": "Mr. Yamada", "days": "2"}, 1, "new"),
    (10100, "L2006", "WIFI", {"guest": "Auditors", "days": "3"}, 1, "auto"),
    (600, "L2012", "MONITOR", {"size": "34"}, 1, "cancelled"),
]  # fmt: skip


def build(world):
    """Line managers, a financial manager, promises, and the catalogue."""
    for code, manager in MANAGERS.items():
        Person.objects.filter(code=code).update(manager=world.people[manager])
    people.grant(world.people["L2012"], Role.FINM, by=None, since=SINCE)
    for code, english, chinese in CATEGORIES:
        world.categories[code] = Category.objects.create(
            code=code, name_en=english, name_zh=chinese, kinds=["service_request"]
        )
    kind = {"record_kind": "service_request"}
    rows = [
        _row("response", 4 * HOUR, **kind),
        _row("fulfilment", 40 * HOUR, attainment_goal_pct=90, pause_on_approval=True, **kind),
        _row("fulfilment", 16 * HOUR, category=world.categories["order-access"],
             attainment_goal_pct=95, pause_on_approval=True, **kind),
    ]  # fmt: skip
    head = world.organizations["HEAD"]
    _agree(world, "Service catalogue", rows, world.china, SINCE, customer=head, organization=head)
    world.offerings = {}
    for code, fields in OFFERINGS.items():
        world.offerings[code] = catalogue.create_offering(
            by=None, code=code, **placed(world, fields), at=time.now() - timedelta(days=90)
        )


def placed(world, fields):
    """An offering's fields with the codes of groups, services and categories looked up."""
    found = dict(fields)
    found["service"] = world.services[found["service"]]
    found["category"] = world.categories[found["category"]]
    found["default_group"] = world.groups[found.pop("group", "DESK")]
    if price := found.get("price"):
        found["price"] = Decimal(price)
    found["form"] = schema.write(found.get("form", []))
    found["fulfilment"] = [
        {**task, "group": world.groups[task["group"]].pk if task.get("group") else None}
        for task in found.get("fulfilment", [])
    ]
    return found


def play(world):
    build(world)
    now = time.now()
    reasons = {row.code: row for row in PendingReason.objects.all()}
    world.requests = []
    for ago, requester, code, answers, quantity, what in STORIES:
        tale = Tale(world, world.people[requester], now - timedelta(minutes=ago), now, reasons)
        tale.order(world.offerings[code], answers, quantity)
        getattr(tale, what)()
        world.requests.append(tale.request)


class Tale:
    """What happened to one order, each step at its time."""

    def __init__(self, world, person, at, now, reasons):
        self.world, self.at, self.now, self.reasons = world, at, now, reasons
        self.person = Person.objects.get(pk=person.pk)  # with the manager of today
        self.is_chinese = person.locale == "zh-hans"

    def order(self, offering, answers, quantity):
        questions = {one.key: one for one in schema.read(offering.current.form)}
        self.request = ordering.order(
            by=self.person, offering=offering, quantity=quantity, at=self.at,
            answers={
                key: schema.kept(questions[key], value) for key, value in answers.items()
                if key in questions
            },
            cost_centre="CC-4100" if offering.asks_cost_centre else "",
        )  # fmt: skip
        group = self.request.assigned_group
        people = {"NET": "L1006", "APP": "L1007"}
        self.worker = self.world.people[people.get(group.code, "L1002")]

    def later(self, part):
        return self.at + (self.now - self.at) * part

    def words(self, chinese, english):
        return chinese if self.is_chinese else english

    def decide(self, vote="approve", comment="", part=0.1):
        """Every stage in its turn, by the first who is asked."""
        while (question := Approval.objects.filter(
            record=self.request, state=Approval.State.PENDING
        ).first()) is not None:  # fmt: skip
            approver = question.approvers.first()
            approvals.answer(question, by=approver, vote=vote, comment=comment, at=self.later(part))
            part += 0.05
        self.request = type(self.request).objects.get(pk=self.request.pk)

    def new(self):
        pass

    def awaiting(self):
        pass

    def approved_now(self):
        self.decide()

    def begun(self):
        self.decide()
        if self.request.state == "approved":
            self.request = fulfilling.start(self.request, by=self.worker, at=self.later(0.2))
        else:
            self.request = fulfilling.take_in_hand(self.request, by=self.worker, at=self.later(0.2))

    def working(self):
        self.begun()
        first = self.request.tasks.order_by("seq").first()
        if first is not None:
            work.move_task(first, "complete", by=self.worker, at=self.later(0.4))
        self.request, _entry = messages.reply(
            self.request, by=self.worker, at=self.later(0.5),
            body=self.words("正在为您办理，很快就好。", "We are preparing it; it will not take long."),
        )  # fmt: skip

    def asked(self):
        self.begun()
        self.request = fulfilling.hold(
            self.request, by=self.worker, reason=self.reasons["wait_customer"],
            at=self.later(0.5),
            message=self.words("请问哪一天方便安装？", "Which day suits you for the installation?"),
        )  # fmt: skip

    def fulfilled(self, part=0.6):
        self.begun()
        for task in self.request.tasks.order_by("seq"):
            work.move_task(task, "complete", by=None, at=self.later(part - 0.1))
        self.request = fulfilling.fulfil(
            self.request, by=self.worker, at=self.later(part),
            resolution=self.words("已准备好，请到服务台领取。", "It is ready: please collect it at the desk."),
        )  # fmt: skip

    def closed(self):
        self.fulfilled(0.4)
        self.request = fulfilling.confirm(self.request, by=self.person, at=self.later(0.5))

    def auto(self):
        self.fulfilled(0.3)
        if self.request.rejection_deadline < self.now:
            fulfilling.auto_close(self.request, at=self.request.rejection_deadline)

    def disputed(self):
        self.fulfilled(0.9)
        self.request = fulfilling.dispute(
            self.request, by=self.person, at=self.later(0.95),
            reason=self.words("还缺许可证密钥。", "The licence key is missing."),
        )  # fmt: skip

    def rejected(self):
        reason = self.words(
            "请先与服务负责人确认职责分离。", "Please clear the separation of duties first."
        )
        if self.request.state == "awaiting_approval":
            self.decide("reject", reason)
        else:
            approving.reject(self.request, by=self.worker, reason=reason, at=self.later(0.2))

    def cancelled(self):
        self.request = fulfilling.cancel(
            self.request, by=self.person, at=self.later(0.3),
            reason=self.words("已从同事处借到。", "I got one from a colleague."),
        )  # fmt: skip
