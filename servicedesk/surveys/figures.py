"""Satisfaction in figures: ITSM domain rules 5.15 D2, always with the response rate.

CSAT % = scores of 4 and 5 / answers × 100; mean = sum of scores / answers; response rate =
answers / surveys sent × 100. All three count the surveys that were sent in the period, so that
numerator and denominator speak of the same ones. Every function takes rows that are narrowed by
`visible_to` already; percentages have two places, and are None where nothing was asked.
"""

from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import TruncWeek
from django.utils import timezone

from servicedesk.models import SurveyResponse
from servicedesk.models.surveys import GOOD, LOW

CENT = Decimal("0.01")
BY = {"service": "service", "desk": "desk", "group": "group"}
SUMS = {
    "sent": Count("pk"),
    "answered": Count("score"),
    "content": Count("pk", filter=Q(score__gte=GOOD)),
    "low": Count("pk", filter=Q(score__lte=LOW)),
    "total": Sum("score"),
}


@dataclass(frozen=True)
class Figures:
    """Counts of a set of surveys, and the rates drawn from them."""

    sent: int = 0
    answered: int = 0
    content: int = 0
    low: int = 0
    total: int = 0

    @property
    def csat(self):
        """Of those who answered, how many of a hundred were content (D2)."""
        return share(self.content, self.answered)

    @property
    def mean(self):
        """The mean score to three places."""
        if not self.answered:
            return None
        mean = Decimal(self.total) / self.answered
        return mean.quantize(Decimal("0.001"), ROUND_HALF_UP)

    @property
    def response_rate(self):
        return share(self.answered, self.sent)


def share(part, whole):
    """A percentage with two places, halves up; None of nothing."""
    if not whole:
        return None
    return (Decimal(part) * 100 / whole).quantize(CENT, ROUND_HALF_UP)


def of_scores(scores, sent=None):
    """Figures of plain scores. `sent`: how many were asked, by default as many as answered."""
    scores = list(scores)
    return Figures(
        sent=len(scores) if sent is None else sent, answered=len(scores),
        content=sum(score >= GOOD for score in scores), low=sum(score <= LOW for score in scores),
        total=sum(scores),
    )  # fmt: skip


def sent_between(person, since, until):
    """The surveys that this person may see, sent from `since` up to before `until`."""
    rows = SurveyResponse.objects.visible_to(person)
    return rows.filter(sent_at__gte=since, sent_at__lt=until)


def figures_of(rows):
    """Figures of all rows, in one statement."""
    return _figures(rows.aggregate(**SUMS))


def by(rows, what):
    """[(object, Figures)] for each service, desk or group, the least content first.

    The object is None where the ticket had none.
    """
    column = BY[what]
    found = list(rows.order_by().values(column).annotate(**SUMS))
    model = SurveyResponse._meta.get_field(column).related_model
    names = model.objects.in_bulk([row[column] for row in found if row[column]])
    pairs = [(names.get(row[column]), _figures(row)) for row in found]
    return sorted(
        pairs,
        key=lambda pair: (
            pair[1].csat is None, pair[1].csat or 0, -pair[1].sent, str(pair[0] or ""),
        ),
    )  # fmt: skip


def by_week(rows, since, until):
    """[(the Monday as a date, Figures)] of every week of the period, empty ones too, in the
    reader's time zone."""
    week = TruncWeek("sent_at", tzinfo=timezone.get_current_timezone())
    found = {
        row["week"].date(): _figures(row)
        for row in rows.order_by().annotate(week=week).values("week").annotate(**SUMS)
    }
    first = timezone.localtime(since).date()
    monday = first - timedelta(days=first.weekday())
    last = timezone.localtime(until - timedelta(microseconds=1)).date()
    weeks = []
    while monday <= last:
        weeks.append((monday, found.get(monday, Figures())))
        monday += timedelta(days=7)
    return weeks


def _figures(row):
    return Figures(**{name: row[name] or 0 for name in SUMS})


def answers(rows):
    """The answered ones with all that a list shows, the latest first."""
    rows = rows.answered().select_related("record", "person", "service", "group", "desk")
    return rows.order_by(F("answered_at").desc(), "-pk")
