"""The coordination board over second line and third parties."""

from django.shortcuts import render
from django.views.decorators.http import require_GET

from core import time
from core.access import Gate, access
from servicedesk.coordination import board


@require_GET
@access(Gate.AGENT)
def index(request):
    person, now = request.user, time.now()
    rows = board.next_clocks(person)
    for clock in rows:
        clock.is_late = clock.due_at < now
        clock.who = clock.group or (clock.agreement and clock.agreement.supplier)
    context = {
        "groups": board.group_lines(person, now),
        "suppliers": board.supplier_lines(person, now),
        "rows": rows, "is_cut": len(rows) == board.MOST_ROWS, "now": now,
    }  # fmt: skip
    return render(request, "servicedesk/coordination/index.html", context)
