"""My requests: what one asked for, follows, or may see of colleagues."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from core import time
from core.access import Gate, access
from core.pages import wants_partial
from core.paging import paginate
from core.text import without_nul
from servicedesk.portal import finding, rows

PER_PAGE = 25
SHOW = {"open", "all"}
WHOSE = {"mine": finding.involving, "shared": finding.shared_with, "every": finding.shown_to}


@require_safe
@access(Gate.SIGNED_IN)
def requests(request):
    person, now = request.user, time.now()
    words = without_nul(request.GET.get("q", "")).strip()[:120]
    show = request.GET.get("show", "")
    show = show if show in SHOW else ("all" if words else "open")
    whose = request.GET.get("whose", "")
    may_share = bool(person.access.shared_organization_ids)
    whose = whose if whose in WHOSE and may_share else "mine"
    found = WHOSE[whose](person)
    if show == "open":
        found = finding.unfinished(found)
    if words:
        found = finding.matching(found, words)
    page = paginate(
        finding.for_rows(found, person), order=("-updated_at", "id"), size=PER_PAGE,
        after=request.GET.get("after", ""), before=request.GET.get("before", ""),
    )  # fmt: skip
    context = {
        "page": page, "rows": rows.rows_of(page.rows, person, now), "words": words, "show": show,
        "whose": whose, "may_share": may_share,
    }  # fmt: skip
    partial = wants_partial(request)
    response = render(request, "portal/_list.html" if partial else "portal/requests.html", context)
    response.headers["Vary"] = "HX-Request, Cookie"
    return response
