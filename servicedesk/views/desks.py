"""The page of the desks: coverage, hours, skills, people and tickets."""

from django.shortcuts import render
from django.views.decorators.http import require_GET

from core import time
from core.access import Gate, access
from servicedesk.desks import coverage


@require_GET
@access(Gate.AGENT)
def index(request):
    lines, has_skills = coverage.lines(request.user, time.now())
    context = {"lines": lines, "has_skills": has_skills, "is_cut": len(lines) == coverage.MOST}
    return render(request, "servicedesk/desks/index.html", context)
