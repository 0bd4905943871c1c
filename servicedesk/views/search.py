"""The palette and the page of search. Both ask the same sources; nothing is found twice."""

from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from core.access import Gate, access
from records.searching import folded_query
from servicedesk.search.sources import sources

IN_PALETTE = 8
IN_OVERVIEW = 5


@require_GET
@access(Gate.AGENT)
def palette(request):
    """Rows for the palette: at most eight a source."""
    words = folded_query(request.GET.get("q"))
    groups = [
        (source, found)
        for source in (sources() if words else ())
        if (found := source.find(request.user, words, IN_PALETTE))
    ]
    everything = f"{reverse('servicedesk:search')}?{urlencode({'q': words})}"
    context = {"groups": groups, "everything": everything if groups else ""}
    return render(request, "servicedesk/search/_palette.html", context)


@require_GET
@access(Gate.AGENT)
def search(request):
    """All sources at a glance, or one of them page by page."""
    typed = request.GET.get("q", "")
    words = folded_query(typed)
    by_key = {source.key: source for source in sources()}
    chosen = by_key.get(request.GET.get("in", ""))
    context = {
        "words": typed[:200], "asked": bool(words), "tabs": tabs(typed, chosen), "chosen": chosen,
    }  # fmt: skip
    if words and chosen:
        context["page"] = chosen.page(
            request.user, words,
            after=request.GET.get("after", ""), before=request.GET.get("before", ""),
        )  # fmt: skip
    elif words:
        context["groups"] = [
            (source, found, tab_href(typed, source))
            for source in by_key.values()
            if (found := source.find(request.user, words, IN_OVERVIEW))
        ]
    return render(request, "servicedesk/search/search.html", context)


def tabs(typed, chosen):
    """[(label, icon, address, is current)], all sources first."""
    return [
        (source.label if source else "", source.icon if source else "search",
         tab_href(typed, source), source is chosen)
        for source in (None, *sources())
    ]  # fmt: skip


def tab_href(typed, source):
    words = {"q": typed[:200]} | ({"in": source.key} if source else {})
    return f"{reverse('servicedesk:search')}?{urlencode(words)}"
