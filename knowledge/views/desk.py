"""Articles beside a ticket: likely ones, those in use, and an article made of its solution."""

from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from core.access import Gate, access
from core.errors import Refused
from core.pages import check, wants_partial
from core.text import without_nul
from knowledge import finding, policies, privacy
from knowledge.actions import reading, using
from knowledge.forms import SolutionForm
from knowledge.models import Article, ArticleUse
from knowledge.models.articles import reading_language
from knowledge.views.common import gone_to, try_once
from records import policies as records
from records.models import Record

RELATED = ("requester", "reported_by", "assignee", "owner", "service", "category", "ci__ci_class",
           "organization")  # fmt: skip


def find_record(request, number):
    """The ticket, for those who read its internal notes; else it is not there."""
    rows = Record.objects.visible_to(request.user).select_related(*RELATED)
    record = get_object_or_404(rows, number=number.upper())
    if not records.can_read_notes(record, request.user):
        raise Http404
    return record


@require_GET
@access(Gate.AGENT)
def for_record(request, ticket):
    return section(request, find_record(request, ticket))


def section(request, record):
    person = request.user
    used = list(
        record.articles_used.filter(article__in=Article.objects.visible_to(person).values("pk"))
        .select_related("article").order_by("-at")
    )  # fmt: skip
    in_use = {row.article_id for row in used if row.way == ArticleUse.Way.ANSWER}
    hints = finding.suggestions(person, record.title, record.service, limit=6)
    context = {
        "record": record, "hints": [one for one in hints if one.article.pk not in in_use][:4],
        "used": [row.article for row in used if row.way == ArticleUse.Way.ANSWER],
        "read_before": [row.article for row in used if row.way == ArticleUse.Way.READ_BEFORE],
        "may_use": records.can_work(record, person), "may_write": may_write(record, person),
        "words": record.title,
    }  # fmt: skip
    template = "knowledge/_for_record.html" if wants_partial(request) else "records/section.html"
    if not wants_partial(request):
        context |= {
            "back": record.get_absolute_url(), "title": _("Knowledge"),
            "part": "knowledge/_for_record.html",
        }  # fmt: skip
    return render(request, template, context)


def may_write(record, person):
    return policies.can_write(None, person) and bool(using.solution_of(record))


@require_POST
@access(Gate.AGENT)
def use(request, ticket):
    """Count the use; `insert` puts the article's link or its text into the reply."""
    record = find_record(request, ticket)
    article = finding.find_readable(request.user, request.POST.get("article", "")[:20])
    check(records.can_work, record, request.user)
    using.use(article, record, by=request.user)
    reading.read(article, by=request.user)
    if not wants_partial(request):
        return gone_to(request, record.get_absolute_url(), _("The use is counted."))
    response = section(request, record)
    if text := words_for(article, record, request.POST.get("insert", "")):
        trigger_client_event(response, "text-insert", {"value": text, "into": "#msg"})
    return response


def words_for(article, record, how):
    """What goes into the reply, in the requester's language. Only what they may read themselves."""
    if how not in ("link", "text") or article.audience != Article.Audience.PORTAL:
        return ""
    asker = record.requester
    language = article.public.shown_in(reading_language(asker.locale if asker else None))
    title = article.public.title_in(language)
    address = settings.SITE_BASE_URL + reverse("portal:article", args=[article.number])
    if how == "link":
        return f"{title}\n{address}"
    return f"{title}\n\n{article.public.body_in(language)}\n\n{address}"


# --- an article from a solution -----------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@access(Gate.AGENT)
def write_from(request, ticket):
    """One step: the ticket's words as a draft, after a decision about all that may be private."""
    record = find_record(request, ticket)
    check(policies.can_write, None, request.user)
    home = record.get_absolute_url()
    posted = request.POST if request.method == "POST" else None
    conflict, initial = [], {}
    try:
        initial = using.proposed(record)
    except Refused as refusal:
        conflict = refusal.reasons
    form = SolutionForm(posted, initial=initial)
    texts = initial
    if posted is not None:
        form.is_valid()
        texts = {name: form.cleaned_data.get(name, "") for name in form.TEXTS}
    found = using.private_in(texts, record) if texts else {}
    marks = marks_of(found, posted or {})
    if posted is not None and form.is_valid() and not conflict:
        decided = decisions(marks, posted)

        def make():
            made = using.write_from(record, by=request.user, texts=form.texts(), decided=decided)
            return reverse("knowledge:edit", args=[made.number])

        url, conflict = try_once(request, form, make)
        if url:
            return gone_to(request, url, _("The draft is made. Look it over and submit it."))
    status = 409 if conflict else 422 if form.is_bound and form.errors else 200
    context = {
        "form": form, "record": record, "back": home, "conflict": conflict, "marks": marks,
        "shown": {name: cut(texts[name], found.get(name, [])) for name in texts},
    }  # fmt: skip
    return render(request, "knowledge/from_record.html", context, status=status)


def marks_of(found, posted):
    """Each thing that was found once: {key, sort, text, times, choice, words}."""
    marks = {}
    for hits in found.values():
        for one in hits:
            mark = marks.setdefault(
                one.key,
                {"key": one.key, "sort": privacy.Sort(one.sort).label, "text": one.text,
                 "times": 0, "code": one.sort},
            )  # fmt: skip
            mark["times"] += 1
    for at, mark in enumerate(marks.values()):
        mark["field"] = f"mark_{at}"
        mark["choice"] = choice_of(mark, posted)
        mark["words"] = words_of(mark, posted)
        mark["is_open"] = bool(posted) and not mark["choice"]
    return list(marks.values())


def _sent(mark, posted):
    """The decision that was sent about this very text, wherever it stood in the form."""
    for name, value in posted.items():
        if name.endswith("_key") and value == mark["key"]:
            return name.removesuffix("_key")
    return ""


def choice_of(mark, posted):
    sent = _sent(mark, posted)
    choice = posted.get(f"{sent}_choice", "") if sent else ""
    return choice if choice in ("keep", "replace") else ""


def words_of(mark, posted):
    """What stands in its place: what was typed, else what it is, in brackets."""
    sent = _sent(mark, posted)
    if sent and f"{sent}_words" in posted:
        return without_nul(posted[f"{sent}_words"])[:200]
    return f"[{mark['sort']}]"


def decisions(marks, posted):
    """{key: new text, or None to keep it} of what was decided about."""
    return {
        mark["key"]: None if mark["choice"] == "keep" else mark["words"]
        for mark in marks
        if mark["choice"]
    }


def cut(text, found):
    """The text as [(piece, sort or "")], so that the page can mark what was found."""
    pieces, at = [], 0
    for one in found:
        pieces += [(text[at : one.start], ""), (one.text, privacy.Sort(one.sort).label)]
        at = one.end
    return [piece for piece in [*pieces, (text[at:], "")] if piece[0]]
