"""Reports and articles: what was suggested and read before a report was sent all the same, and the
figures that the desk sees (features SD-10, KB-05)."""

from datetime import timedelta

from django.db.models import Count, Max, Q

from core import time
from knowledge import finding
from knowledge.actions import reading, using
from knowledge.models import Deflection, Reading, SearchNote

LOOKED_BACK = timedelta(days=90)
PERIOD = timedelta(days=30)


def reported(record, *, by, words, service=None, number=""):
    """After a report: note what its words found, and tell the desk what was read before it.
    `number`: the article from whose page the reporter came."""
    shown = [one.article for one in finding.suggestions(by, words, service)]
    reading.searched(
        words, by=by, place=SearchNote.Place.REPORT, found=len(shown),
        articles=[article.pk for article in shown],
    )  # fmt: skip
    since = time.now() - reading.REMEMBERED
    opened = Reading.objects.filter(person=by, at__gte=since).values("article_id")
    known = Q(pk__in=opened) & (Q(pk__in=[article.pk for article in shown]) | Q(number=number))
    for article in finding.readable_by(by).filter(known):
        using.read_before(article, record, by=by)


def gaps(kind, at):
    """SearchNote groups as a QuerySet, the most frequent first. `kind`: "nothing" found, or
    something found but "unopened"."""
    notes = SearchNote.objects.filter(at__gte=at - LOOKED_BACK)
    notes = notes.filter(found=0) if kind == "nothing" else notes.filter(found__gt=0)
    grouped = notes.values("folded").annotate(
        times=Count("pk", filter=Q(is_opened=False)), people=Count("person", distinct=True),
        last_at=Max("at"), opened=Count("pk", filter=Q(is_opened=True)),
    )  # fmt: skip
    if kind != "nothing":
        grouped = grouped.filter(opened=0)
    return grouped.order_by("-times", "-last_at", "folded")


def figures(at):
    """What articles spared the desk in the last thirty days."""
    since = at - PERIOD
    solved = Deflection.objects.filter(at__gte=since).count()
    notes = SearchNote.objects.filter(at__gte=since).aggregate(
        all=Count("pk"), nothing=Count("pk", filter=Q(found=0))
    )
    reports = SearchNote.objects.filter(at__gte=since, place=SearchNote.Place.REPORT).count()
    share = round(100 * solved / (solved + reports)) if solved + reports else None
    return {
        "solved": solved, "searches": notes["all"], "nothing": notes["nothing"],
        "reports": reports, "share": share,
    }  # fmt: skip
