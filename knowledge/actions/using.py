"""Articles at work: used on a ticket, made of a ticket's solution."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from core import time
from core.errors import Refused
from core.text import HAN
from knowledge import privacy
from knowledge.actions import writing
from knowledge.events import Verb
from knowledge.models import Article, ArticleUse
from records import policies as records
from records import timeline
from records.models import Record


@transaction.atomic
def use(article, record, *, by, at=None):
    """The article helps with this ticket. Counted once a ticket and article. (row, is it new)"""
    if not Article.objects.visible_to(by).readable().filter(pk=article.pk).exists():
        raise PermissionDenied
    if not records.can_work(record, by):
        raise PermissionDenied
    record = Record.objects.lock(record)
    at = at or time.now()
    row, is_new = ArticleUse.objects.get_or_create(
        article=article, record=record, way=ArticleUse.Way.ANSWER,
        defaults={"person": by, "at": at},
    )  # fmt: skip
    if is_new:
        Article.objects.filter(pk=article.pk).update(uses=F("uses") + 1)
        timeline.record(
            record, Verb.USED, by=by, at=at, kind=timeline.Kind.SYSTEM,
            visibility=timeline.Visibility.INTERNAL, number=article.number,
        )  # fmt: skip
    return row, is_new


@transaction.atomic
def read_before(article, record, *, by, at=None):
    """The requester read it and still reports: the desk sees what did not help."""
    row, _is_new = ArticleUse.objects.get_or_create(
        article=article, record=record, way=ArticleUse.Way.READ_BEFORE,
        defaults={"person": by, "at": at or time.now()},
    )  # fmt: skip
    return row


def solution_of(record):
    """The words in which a ticket was solved; nothing while it is not."""
    return (getattr(record.child(), "resolution", "") or "").strip()


def people_of(record):
    """Names and staff numbers of those who take part in the record."""
    people = [record.requester, record.reported_by, record.assignee, record.owner]
    people += [watch.person for watch in record.watches.select_related("person")]
    names, codes = set(), set()
    for person in filter(None, people):
        names |= {person.name, person.name_latin} - {""}
        codes.add(person.code)
    return names, codes


def private_in(texts, record):
    """{name of the text: [privacy.Found]} of what may tell of a person."""
    names, codes = people_of(record)
    known, numbers = privacy.directory("\n".join(texts.values()))
    return {
        name: privacy.find(text, names | known, codes | numbers) for name, text in texts.items()
    }


def proposed(record):
    """Title, problem and solution as the ticket tells them."""
    solution = solution_of(record)
    if not solution:
        raise Refused(_("It is not solved yet: there is no solution to write down."))
    return {
        "title": record.title, "problem": record.description.strip() or record.title,
        "solution": solution,
    }  # fmt: skip


@transaction.atomic
def write_from(record, *, by, texts, decided, at=None):
    """A draft from a solution. `texts`: title, problem, solution; `decided`: {key of what was
    found: new text, or None to keep it}. Refused while something found is not decided about."""
    if not records.can_read_notes(record, by):
        raise PermissionDenied
    found = private_in(texts, record)
    open_ones = {one.key for hits in found.values() for one in hits} - set(decided)
    if open_ones:
        raise ValidationError(_("Decide about everything that is marked."))
    made = {name: privacy.replaced(text, found[name], decided) for name, text in texts.items()}
    language = "zh" if HAN.search(made["title"] + made["solution"]) else "en"
    heads = ("问题", "解决方法") if language == "zh" else ("Problem", "Solution")
    body = f"## {heads[0]}\n\n{made['problem']}\n\n## {heads[1]}\n\n{made['solution']}"
    return writing.write(
        by=by, texts={f"title_{language}": made["title"][:200], f"body_{language}": body},
        details={
            "service": record.service, "category": record.category,
            "ci_class": record.ci.ci_class if record.ci_id else None,
            "source_language": language, "article_kind": Article.Kind.WORKAROUND,
        },
        sources=[record], organization=record.organization, at=at,
    )  # fmt: skip
