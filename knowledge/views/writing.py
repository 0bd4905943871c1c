"""Writing: an article begun or changed, with a preview in both languages."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core import time
from core.access import Gate, access
from core.pages import check
from core.text import without_nul
from knowledge import faces, policies
from knowledge.actions import writing
from knowledge.forms import ArticleForm
from knowledge.models import Article
from knowledge.models.articles import Language
from knowledge.rendering import html_of
from knowledge.views.common import agent_page, find, try_once
from records import actions as records
from records.files import safe_name


@require_http_methods(["GET", "HEAD", "POST"])
@access(Gate.AGENT)
def new(request):
    check(policies.can_write, None, request.user)
    title = without_nul(request.GET.get("title", ""))[:200]
    chinese = any("\u3400" <= char <= "\u9fff" for char in title)
    initial = {"title_zh" if chinese else "title_en": title, "service": None}
    initial["source_language"] = "zh" if chinese or faces.reading_language() == "zh" else "en"
    posted = request.POST if request.method == "POST" else None
    form = ArticleForm(posted, request.FILES or None, initial=initial)
    conflict = []
    if posted is not None and form.is_valid():

        def make():
            article = writing.write(
                by=request.user, texts=form.texts(), details=form.details(),
                groups=form.cleaned_data["groups"], note=form.cleaned_data["note"],
            )  # fmt: skip
            keep_files(article, form, request.user)
            return article.get_absolute_url()

        url, conflict = try_once(request, form, make)
        if url:
            messages.success(request, _("The draft is kept. Submit it when it is ready."))
            return redirect(url)
    return editor(request, form, conflict=conflict)


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page
def edit(request, number):
    article = find(request, number)
    check(policies.can_edit, article, request.user)
    may = policies.can_change_details(article, request.user)
    posted = request.POST if request.method == "POST" else None
    form = ArticleForm(posted, request.FILES or None, article=article, may_change_details=may)
    if not article.is_editable:
        return editor(request, form, article, conflict=[writing.not_editable(article)])
    conflict = []
    if posted is not None and form.is_valid():

        def save():
            seen = form.cleaned_data["seen"]
            changed = article
            if may:
                changed = writing.change_details(
                    article, by=request.user, groups=form.cleaned_data["groups"],
                    seen_version=seen, **form.details(),
                )  # fmt: skip
                seen = changed.version if seen is not None else None
            writing.revise(
                changed, by=request.user, texts=form.texts(), note=form.cleaned_data["note"],
                is_minor=form.cleaned_data["is_minor"], seen_version=seen,
            )  # fmt: skip
            keep_files(article, form, request.user)
            return article.get_absolute_url()

        url, conflict = try_once(request, form, save)
        if url:
            said = _("The new version is kept. Readers see it after it was published.")
            messages.success(request, said if article.is_readable else _("The draft is kept."))
            return redirect(f"{url}?v={Article.objects.get(pk=article.pk).latest_no}")
    return editor(request, form, article, conflict=conflict)


def keep_files(article, form, person):
    """Pictures of a draft are for its authors until it is published."""
    if uploads := form.cleaned_data["files"]:
        records.attach(article, uploads, by=person, at=time.now(), is_internal=True)


def editor(request, form, article=None, conflict=()):
    lost = [safe_name(one.name) for one in request.FILES.getlist("files")] if form.is_bound else []
    context = {
        "form": form, "article": article, "conflict": conflict,
        "previews": previews(form, article) if form.is_bound else [],
        "files": list(article.documents.all()) if article else [],
        "lost_files": lost,
        "key": article.number if article else "KBA-new",
        "version": article.version if article else 0,
        "details": [form[name] for name in form.DETAILS if name in form.fields],
    }  # fmt: skip
    status = 409 if conflict else 422 if form.is_bound and form.errors else 200
    return render(request, "knowledge/editor.html", context, status=status)


@require_POST
@access(Gate.AGENT)
def preview(request):
    """Both languages as readers will see them, from what stands in the form now."""
    check(policies.can_write, None, request.user)
    number = request.POST.get("number", "")[:20]
    found = Article.objects.visible_to(request.user).filter(number=number).first()
    article = found if found and policies.can_edit(found, request.user) else None
    form = ArticleForm(request.POST, article=article)
    return render(request, "knowledge/_preview.html", {"previews": previews(form, article)})


def previews(form, article):
    files = faces.files_of(article, with_drafts=True) if article else {}
    made = []
    for language in Language.values:
        title = without_nul(form.data.get(f"title_{language}", ""))[:200]
        body = without_nul(form.data.get(f"body_{language}", ""))
        if title.strip() or body.strip():
            made.append(
                {
                    "language": Language(language).label, "locale": faces.LOCALES[language],
                    "title": title, "html": html_of(body, files),
                }
            )  # fmt: skip
    return made
