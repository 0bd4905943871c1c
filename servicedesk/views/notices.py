"""The reader's own notices, the bell, and the short address of a record that mails use."""

from django.db.models import Max
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_GET, require_POST

from core.access import Gate, access
from core.paging import paginate
from records.models import Record
from records.policies import can_read_notes
from servicedesk.notices import inbox

PER_PAGE = 30
ACTS = {"reply", "confirm", "reject"}


@require_GET
@access(Gate.SIGNED_IN)
def notifications(request):
    page = paginate(
        inbox.for_list(request.user), order=inbox.ORDER, size=PER_PAGE,
        after=request.GET.get("after", ""), before=request.GET.get("before", ""),
    )  # fmt: skip
    rows = inbox.prepare(page.rows, request.user)
    newest = inbox.notices_of(request.user).aggregate(newest=Max("pk"))["newest"]
    context = {
        "page": page,
        "rows": rows,
        "unread": inbox.unread_count(request.user),
        "newest": newest or 0,
    }
    return render(request, "notices/index.html", context)


@require_GET
@access(Gate.SIGNED_IN)
def bell(request):
    context = {"unread": inbox.unread_count(request.user)}
    return render(request, "parts/_bell.html", context)


@require_POST
@access(Gate.SIGNED_IN)
def open_notice(request, pk):
    """Read it and go where it leads."""
    notice = inbox.read(request.user, pk)
    if notice is None:
        raise Http404
    if notice.record_id is None:
        return redirect("servicedesk:notifications")
    return redirect("servicedesk:record", notice.record.number)


@require_POST
@access(Gate.SIGNED_IN)
def read_notice(request, pk):
    if inbox.read(request.user, pk) is None:
        raise Http404
    return redirect("servicedesk:notifications")


@require_POST
@access(Gate.SIGNED_IN)
def read_notices(request):
    upto = request.POST.get("upto", "")
    if upto.isascii() and upto.isdigit() and len(upto) < 19:
        inbox.read_all(request.user, int(upto))
    return redirect("servicedesk:notifications")


@require_GET
@access(Gate.SIGNED_IN)
def open_record(request, number):
    """The address in mails and notices: each reader is led to their own page of the record."""
    record = get_object_or_404(Record.objects.visible_to(request.user), number=number.upper())
    act = request.GET.get("act", "")
    place = f"#{act}" if act in ACTS else ""
    return redirect(page_of(record, request.user) + place)


def page_of(record, person):
    """The agent's page for those who may read notes, else the requester's."""
    if record.kind == "announcement":
        return record.get_absolute_url()  # leads each reader on to their own page
    if not can_read_notes(record, person):
        try:
            return reverse("portal:request", args=[record.number])
        except NoReverseMatch:
            pass  # a product without the portal: one page for all
    return record.get_absolute_url()
