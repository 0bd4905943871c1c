"""What was searched for in vain, and how many questions needed no ticket (feature KB-05)."""

from django.shortcuts import render
from django.views.decorators.http import require_GET

from core import time
from core.access import Gate, access
from core.pages import check
from knowledge import policies, reporting

SHOWN = 50


@require_GET
@access(Gate.AGENT)
def searches(request):
    check(policies.can_see_figures, None, request.user)
    now = time.now()
    kind = "unopened" if request.GET.get("show") == "unopened" else "nothing"
    page = request.GET.get("page", "1")
    page = int(page) if page.isascii() and page.isdigit() and len(page) < 5 else 1
    start = max(page - 1, 0) * SHOWN
    rows = list(reporting.gaps(kind, now)[start : start + SHOWN + 1])
    context = {
        "rows": rows[:SHOWN], "kind": kind, "page_no": max(page, 1),
        "has_more": len(rows) > SHOWN, "figures": reporting.figures(now),
        "may_write": policies.can_write(None, request.user),
        "days": reporting.LOOKED_BACK.days,
    }  # fmt: skip
    return render(request, "knowledge/searches.html", context)
