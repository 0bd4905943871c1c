"""Addresses without a domain: health, and the answer to a forged form."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.access import Gate, access

SILENT_FOR = 60


@require_safe
@access(Gate.ANYONE)
def live(request):
    """This process answers. Says nothing about the others."""
    return JsonResponse({"status": "ok"})


@require_safe
@access(Gate.ANYONE)
def ready(request):
    """Every part that the desk needs: the database, and the processes that must have spoken."""
    problems = {}
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT process, extract(epoch FROM clock_timestamp() - at)::int"
                " FROM core_heartbeat WHERE process = ANY(%s)",
                [list(settings.WATCHED_PROCESSES)],
            )
            ages = dict(cursor.fetchall())
    except DatabaseError:
        problems["database"] = "unreachable"
        ages = {}
    else:
        for process in settings.WATCHED_PROCESSES:
            if ages.get(process, SILENT_FOR + 1) > SILENT_FOR:
                problems[process] = "silent"
    status = 503 if problems else 200
    body = {"status": "ok" if not problems else "failing", "problems": problems, "ages": ages}
    return JsonResponse(body, status=status)


def csrf_failure(request, reason=""):
    return render(request, "errors/csrf.html", status=403)


csrf_failure.gate = Gate.ANYONE
