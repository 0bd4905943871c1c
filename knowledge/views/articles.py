"""The list of articles, one article with all that is known about it, and two versions compared."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core import time
from core.access import Gate, access
from core.lifecycle import open_steps
from core.paging import paginate
from knowledge import comparing, faces, finding, policies
from knowledge.actions import reading
from knowledge.forms import FilterForm
from knowledge.models import Article, SearchNote
from knowledge.models.articles import Language
from knowledge.views.common import agent_page, find
from records.models import Record

ORDERS = {"review": ("updated_at", "id"), "due": ("review_due", "id")}


@require_GET
@access(Gate.AGENT)
def index(request):
    if drop := request.GET.get("drop"):
        params = request.GET.copy()
        for name in (drop, f"{drop}_text", "drop", "after", "before"):
            params.pop(name, None)
        return redirect(f"{reverse('knowledge:index')}?{params.urlencode()}")
    form = FilterForm(request.GET)
    asked = form.asked()
    show = request.GET.get("show", "all")
    now = time.now()
    tabs = tabs_of(request.user, now, show)
    rows = shown_in(tabs, show)
    found = filtered(rows, asked, request.user)
    page = paginate(
        found.for_list(), order=ORDERS.get(show, ("-updated_at", "id")),
        after=request.GET.get("after", ""), before=request.GET.get("before", ""),
    )  # fmt: skip
    for article in page:
        faces.decorate(article)
    total = found.count()
    words = asked.get("q", "")
    if words and "after" not in request.GET and "before" not in request.GET:
        reading.searched(words, by=request.user, place=SearchNote.Place.AGENT, found=total, at=now)
    context = {
        "form": form, "page": page, "total": total, "q": words, "tabs": tabs, "show": show,
        "tokens": tokens_of(form, asked), "may_write": policies.can_write(None, request.user),
        "may_see_figures": policies.can_see_figures(None, request.user), "today": now.date(),
        "is_narrowed": bool(asked),
    }  # fmt: skip
    return render(request, "knowledge/index.html", context)


def tabs_of(person, now, show):
    """[(key, words, rows, count)]: all, one's own, those to review, those that are due."""
    every = Article.objects.visible_to(person)
    rows = [
        ("all", _("All"), every.exclude(state=Article.State.RETIRED), None),
        ("mine", _("Mine"), every.written_by(person), None),
    ]
    if policies.reviews(person.access):
        waiting = every.in_review()
        rows.append(("review", _("To review"), waiting, waiting.count()))
    due = every.to_bring_up_to_date(now.date())
    rows.append(("due", _("To bring up to date"), due, due.count()))
    rows.append(("retired", _("Retired"), every.filter(state=Article.State.RETIRED), None))
    return rows


def shown_in(tabs, show):
    return next((rows for key, _words, rows, _count in tabs if key == show), tabs[0][2])


LANGUAGES = {
    "en": lambda rows: rows.with_language("en"),
    "zh": lambda rows: rows.with_language("zh"),
    "only_en": lambda rows: rows.filter(title_zh=""),
    "only_zh": lambda rows: rows.filter(title_en=""),
    "old": lambda rows: rows.with_old_translation(),
}


def filtered(rows, asked, person):
    if words := asked.get("q"):
        rows = finding.search(person, words, rows)
    if state := asked.get("state"):
        rows = rows.filter(state=state)
    if audience := asked.get("audience"):
        rows = rows.filter(audience=audience)
    if kind := asked.get("kind"):
        rows = rows.filter(article_kind=kind)
    if service := asked.get("service"):
        rows = rows.filter(service=service)
    if language := asked.get("language"):
        rows = LANGUAGES[language](rows)
    return rows


def tokens_of(form, asked):
    """[(name, label, words)] of the filters in force."""
    tokens = []
    for name, value in asked.items():
        if name != "q":
            field = form.fields[name]
            words = value.name if name == "service" else str(dict(field.choices)[value])
            tokens.append((name, field.label, words))
    return tokens


# --- one article --------------------------------------------------------------------------------


@require_GET
@agent_page
def detail(request, number):
    article = find(request, number)
    person = request.user
    reads_drafts = policies.can_read_drafts(article, person)
    versions = list(article.versions.select_related("author"))
    if not reads_drafts:
        versions = [one for one in versions if one.number == article.published_no]
    version = chosen(request, article, versions)
    if article.is_readable and version.number == article.published_no:
        reading.read(article, by=person)
    context = {
        "article": faces.decorate(article), "version": version, "versions": versions[:30],
        "more_versions": max(len(versions) - 30, 0),
        "shown": faces.shown(article, version, request.GET.get("lang"), with_drafts=reads_drafts),
        "steps": steps_of(article, person), "may_edit": policies.can_edit(article, person),
        "why_not_publish": why_not_publish(article, person),
        "story": faces.story_of(article) if reads_drafts else [],
        "votes": votes_of(article), "used_on": used_on(article, person),
        "sources": sources_of(article, person), "reads_drafts": reads_drafts,
        "documents": [
            (row, faces.address_of(article, row))
            for row in article.documents.all()
            if reads_drafts or not row.is_internal
        ],
        "groups": list(article.groups.all()), "today": time.now().date(),
    }  # fmt: skip
    return render(request, "knowledge/detail.html", context)


def chosen(request, article, versions):
    """The version that is asked for; else the latest for those who see it, else the public one."""
    wanted = request.GET.get("v", "")
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 9:
        found = next((one for one in versions if one.number == int(wanted)), None)
        if found is None:
            raise Http404
        return found
    public = next((one for one in versions if one.number == article.published_no), None)
    latest = versions[0] if versions else None
    if latest is None:
        raise Http404
    return public if public is not None and article.state in Article.SHOWN else latest


def steps_of(article, person):
    """[(name, label, address, reasons)] in the order of the lifecycle."""
    return [
        (one.name, one.label, reverse("knowledge:step", args=[article.number, one.name]),
         one.reasons)
        for one in open_steps(article, person)
    ]  # fmt: skip


def why_not_publish(article, person):
    """Why a reviewer does not see the button."""
    mine = article.state == Article.State.IN_REVIEW and policies.can_review(article, person)
    if mine and not policies.can_publish(article, person):
        return _("You wrote a part of it: somebody else publishes it.")
    return ""


def votes_of(article):
    """What readers said, the latest first; votes without a word are only counted."""
    return article.votes.exclude(comment="").select_related("person").order_by("-at")[:10]


def used_on(article, person):
    """Tickets on which it was used that this person may see."""
    seen = Record.objects.visible_to(person).values("pk")
    rows = article.used_on.filter(record__in=seen).select_related("record")
    return [(row.record, row.way) for row in rows.order_by("-at")[:8]]


def sources_of(article, person):
    """What it was made of, as far as the reader may see it."""
    seen = Record.objects.visible_to(person)
    return list(seen.filter(links_in__source=article).order_by("-pk")[:8])


# --- two versions -------------------------------------------------------------------------------


@require_GET
@agent_page
def compare(request, number):
    article = find(request, number)
    if not policies.can_read_drafts(article, request.user):
        raise Http404
    versions = list(article.versions.select_related("author"))
    known = {one.number: one for one in versions}
    new = known.get(_number(request.GET.get("new")), versions[0])
    before = next((one for one in versions if one.number < new.number), new)
    old = known.get(_number(request.GET.get("old")), before)
    parts = []
    for language in Language.values:
        title = comparing.compare(old.title_in(language), new.title_in(language))
        body = comparing.compare(old.body_in(language), new.body_in(language))
        if old.title_in(language) or new.title_in(language):
            parts.append(
                {
                    "language": Language(language).label, "locale": faces.LOCALES[language],
                    "title": comparing.folded(title), "body": comparing.folded(body),
                }
            )  # fmt: skip
    context = {
        "article": faces.decorate(article), "old": old, "new": new, "versions": versions,
        "parts": parts,
    }  # fmt: skip
    return render(request, "knowledge/compare.html", context)


def _number(text):
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else None
