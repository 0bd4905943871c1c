"""The answer to a record's page that asks every few seconds who else is here."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from core.access import Gate, access
from records import policies
from records.models import Record
from servicedesk import presence


@require_POST
@access(Gate.AGENT)
def here(request, number):
    record = get_object_or_404(Record.objects.visible_to(request.user), number=number)
    if not policies.can_read_notes(record, request.user):
        raise Http404
    found = presence.seen(record, request.user, is_writing=request.POST.get("writing") == "1")
    return render(request, "records/_presence.html", {"others": found, "href": request.path})
