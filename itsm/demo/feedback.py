"""Complaints, praise and ideas in every state, and surveys answered, all played through the actions."""

from datetime import timedelta

from core import time
from records.models import Record
from servicedesk.feedback.actions import ending, filing, handling
from servicedesk.models import SurveyResponse
from servicedesk.surveys import actions as surveys

# minutes ago, who, kind, severity, subject, words, what it is about, what happened
STORIES = [
    (55, "L2002", "complaint", 2, "报修三天没有人回电", "打了两次电话，都说会回电，一直没有消息。",
     {"service": "ERP"}, "new"),
    (1500, "L2004", "complaint", 1, "Contractor laptop went out with my data on it",
     "It was handed on without being wiped. I found my files on a colleague's desk.",
     {"group": "DESK"}, "reviewed"),
    (4400, "L2005", "complaint", 3, "Two surveys for one ticket", "", {}, "answered"),
    (7200, "L2008", "complaint", 2, "网络变更没有提前通知", "会议开到一半断网十分钟，没有人通知我们。",
     {"service": "WLAN"}, "escalated"),
    (9900, "L2003", "complaint", 2, "VPN 申请拖了两周", "", {"service": "VPN"}, "closed"),
    (2900, "L2010", "compliment", None, "Thank you for the quick help before the audit",
     "The laptop was back within the hour.", {}, "thanked"),
    (5800, "L2007", "suggestion", None, "新员工入职当天就应该有账号", "", {"service": "MAIL"}, "wished"),
    (8700, "L2011", "opportunity", None, "Offer the warehouse scanners to our carriers",
     "Three carriers asked whether they could use the same system.", {"service": "ERP"}, "reviewed"),
]  # fmt: skip
COMMENTS = {
    5: ("又快又专业，谢谢！", "Fast and friendly, thank you."),
    3: ("最后解决了，但等得有点久。", "Solved in the end, but it took a while."),
    2: ("同一个问题要讲三遍。", "I had to explain the same thing three times."),
}
SCORES = (5, 2, 4, 5, 3, 5, 4, None, 5, 2, 4, None)
MOST_SURVEYS = 60
MANAGER = "L1010"


def play(world):
    now = time.now()
    for row in STORIES:
        Tale(world, now).tell(*row)
    answer_surveys(now)


class Tale:
    """What happened to one piece of feedback, each step at its time."""

    def __init__(self, world, now):
        self.world, self.now = world, now

    def tell(self, ago, who, kind, severity, title, words, about, what):
        self.at, self.person = self.now - timedelta(minutes=ago), self.world.people[who]
        self.feedback = filing.give(
            by=self.person, feedback_kind=kind, severity=severity, title=title, description=words,
            service=self.world.services.get(about.get("service")),
            about_group=self.world.groups.get(about.get("group")), at=self.at,
        )  # fmt: skip
        getattr(self, what)()

    def later(self, part):
        return self.at + (self.now - self.at) * part

    def words(self, chinese, english):
        return chinese if self.person.locale == "zh-hans" else english

    def new(self):
        pass

    def reviewed(self):
        owner = self.world.people[MANAGER]
        self.feedback = handling.review(self.feedback, by=owner, at=self.later(0.1))

    def answered(self, outcome="justified", part=0.3):
        self.reviewed()
        answer = self.words(
            "非常抱歉。我们已与相关同事谈过，并改了流程：承诺的回电会出现在当天的清单上。",
            "We are sorry. We spoke with the colleagues, and promised calls now stand on a list.",
        )
        self.feedback = handling.give_answer(
            self.feedback, by=self.feedback.owner, answer=answer, at=self.later(part),
            outcome=outcome if self.feedback.is_complaint else "",
        )  # fmt: skip

    def escalated(self):
        self.answered("partly")
        reason = self.words("这不是第一次了，我想知道具体怎么改。", "This is not the first time.")
        self.feedback = ending.escalate(
            self.feedback, by=self.person, reason=reason, at=self.later(0.5)
        )

    def closed(self):
        self.answered()
        self.feedback = ending.close(self.feedback, by=self.person, at=self.later(0.5))

    def thanked(self):
        self.reviewed()
        words = self.words("谢谢！已转告同事。", "Thank you! We passed it on to the colleagues.")
        self.feedback = handling.give_answer(
            self.feedback, by=self.feedback.owner, answer=words, at=self.later(0.3)
        )
        self.feedback = ending.close(self.feedback, by=self.person, at=self.later(0.4))

    def wished(self):
        self.reviewed()
        wish = self.words("入职当天账号可用", "Accounts ready on the first day")
        handling.raise_improvement(
            self.feedback, by=self.feedback.owner, wish=wish, at=self.later(0.3)
        )


def answer_surveys(now):
    """As the closings of the other stories asked; more of them than the sample, for the figures."""
    closings = Record.objects.filter(kind__in=surveys.KINDS, state="closed", closed_at__lt=now)
    for record in closings.order_by("-closed_at")[:MOST_SURVEYS]:
        surveys.ask(record, at=record.closed_at)
    found = SurveyResponse.objects.filter(answered_at=None).select_related("person").order_by("pk")
    for place, survey in enumerate(found):
        score = SCORES[place % len(SCORES)]
        at = min(survey.sent_at + timedelta(hours=3), now)
        if score is None or survey.closes_at < at:
            continue
        chinese, english = COMMENTS.get(score, ("", ""))
        comment = chinese if survey.person.locale == "zh-hans" else english
        surveys.answer(survey, score=score, comment=comment if place % 2 == 0 else "", at=at)
