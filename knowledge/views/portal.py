"""Knowledge on the portal: looking for an answer, reading it, saying whether it helped."""

from urllib.parse import quote, urlencode

from django.contrib import messages
from django.db.models import Count
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from cmdb.models import Service
from core import time
from core.access import Gate, access
from core.pages import wants_partial
from core.paging import paginate
from core.text import without_nul
from knowledge import faces, finding, policies
from knowledge.actions import reading
from knowledge.forms import VoteForm
from knowledge.models import SearchNote
from records.models import Category

SHOWN_AS_ITSELF = {"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"}
PER_PAGE = 20


@require_safe
@access(Gate.SIGNED_IN)
def home(request):
    person, now = request.user, time.now()
    words = without_nul(request.GET.get("q", "")).strip()[:120]
    service = _chosen(Service.objects.all(), request.GET.get("service"))
    category = _chosen(Category.objects.all(), request.GET.get("category"))
    readable = finding.readable_by(person)
    rows = readable
    if service:
        rows = rows.filter(service=service)
    if category:
        rows = rows.filter(category__path__startswith=category.path)
    near = []
    if words:
        rows = finding.search(person, words, rows)
    page = paginate(
        rows.for_list(), order=("-views", "-id"), size=PER_PAGE,
        after=request.GET.get("after", ""), before=request.GET.get("before", ""),
    )  # fmt: skip
    if words and not page.rows:
        near = finding.suggestions(person, words, service)
    if words and request.method == "GET" and not {"after", "before"} & set(request.GET):
        found = len(page.rows) or len(near)
        reading.searched(words, by=person, place=SearchNote.Place.PORTAL, found=found, at=now)
    context = {
        "words": words, "page": page, "near": near, "service": service, "category": category,
        "rows": [card(article) for article in page],
        "services": counted(readable, "service", Service),
        "categories": counted(readable, "category", Category),
        "is_start": not (words or service or category or request.GET.get("after")),
    }  # fmt: skip
    return render(request, "portal/knowledge/home.html", context)


def _chosen(queryset, code):
    code = (code or "")[:64]
    return queryset.filter(code=code).first() if code else None


def counted(readable, name, model):
    """[(row, how many articles that this reader may open)], the fullest first."""
    counts = dict(
        readable.exclude(**{name: None}).values_list(name).annotate(n=Count("pk")).order_by()
    )
    rows = model.objects.filter(pk__in=counts)
    rows = rows.select_related("ci") if name == "service" else rows
    return sorted(
        ((row, counts[row.pk]) for row in rows), key=lambda pair: (-pair[1], pair[0].code)
    )


def card(article):
    """A row of the portal's list."""
    return {
        "article": article, "title": article.name,
        "href": reverse("portal:article", args=[article.number]),
        "kind": article.get_article_kind_display(),
    }  # fmt: skip


# --- one article --------------------------------------------------------------------------------


@require_safe
@access(Gate.SIGNED_IN)
def article(request, article):
    """The article in the reader's language; under htmx, a piece beside a form that is being filled."""
    found = finding.find_readable(request.user, article)
    if request.method == "GET":
        reading.read(found, by=request.user)
    words = without_nul(request.GET.get("words", "")).strip()[:200]
    context = page_of(request, found, words)
    template = "portal/knowledge/_peek.html" if wants_partial(request) else (
        "portal/knowledge/article.html"
    )  # fmt: skip
    return render(request, template, context)


def page_of(request, found, words="", form=None):
    vote_row = found.votes.filter(person=request.user).first()
    query = {"subject": words} if words else {}
    return {
        "article": found, "words": words, "vote": vote_row,
        "shown": faces.shown(found, found.public, request.GET.get("lang")),
        "form": form or VoteForm(initial={"comment": vote_row.comment if vote_row else ""}),
        "report": f"{reverse('portal:report')}?{urlencode(query | {'article': found.number})}",
        "is_agent": policies.is_internal(request.user),
        "documents": [
            (row, faces.address_of(found, row)) for row in found.documents.filter(is_internal=False)
        ],
    }  # fmt: skip


@require_POST
@access(Gate.SIGNED_IN)
def vote(request, article):
    """Yes at once; a no may say why. The last word counts."""
    found = finding.find_readable(request.user, article)
    form = VoteForm(request.POST)
    if form.is_valid():
        is_helpful = form.cleaned_data["is_helpful"] == "1"
        reading.vote(
            found, by=request.user, is_helpful=is_helpful,
            comment="" if is_helpful else form.cleaned_data["comment"],
        )  # fmt: skip
        if not wants_partial(request):
            messages.success(request, _("Thank you. You can change your mind at any time."))
            return redirect(f"{reverse('portal:article', args=[found.number])}#helped")
    context = page_of(request, found, form=form if form.errors else None)
    if wants_partial(request):
        status = 422 if form.errors else 200
        return render(request, "portal/knowledge/_vote.html", context, status=status)
    return render(request, "portal/knowledge/article.html", context, status=422)


@require_POST
@access(Gate.SIGNED_IN)
def solved(request, article):
    """The question is answered: no ticket is made, and the desk sees that it was spared one."""
    found = finding.find_readable(request.user, article)
    words = request.POST.get("words") or request.POST.get("subject") or ""
    reading.solved(found, by=request.user, words=words[:200])
    reading.vote(found, by=request.user, is_helpful=True)
    messages.success(request, _("Good to hear. Nothing was sent to the service desk."))
    url = reverse("portal:home")
    return HttpResponseClientRedirect(url) if wants_partial(request) else redirect(url)


@require_safe
@access(Gate.SIGNED_IN)
def file(request, article, public_id):
    """A picture or file of an article: of the public version for its readers, of a draft for those
    who may read drafts."""
    rows = finding.Article.objects.visible_to(request.user)
    found = get_object_or_404(rows, number=article.upper())
    documents = found.documents.all()
    if not policies.can_read_drafts(found, request.user):
        documents = documents.filter(is_internal=False)
    document = get_object_or_404(documents, public_id=public_id)
    try:
        stream = document.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    is_shown = document.mime in SHOWN_AS_ITSELF and request.GET.get("save") != "1"
    kind = document.mime if is_shown else "application/octet-stream"
    response = FileResponse(stream, content_type=kind)
    way = "inline" if is_shown else "attachment"
    response["Content-Disposition"] = f"{way}; filename*=UTF-8''{quote(document.title)}"
    response["Content-Length"] = document.size
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
