"""Mailboxes for administrators: which there are, how they stand, added, changed, tried out."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import time
from core.access import Gate, access
from servicedesk.forms.mailboxes import MailboxForm
from servicedesk.mail import boxes
from servicedesk.models import Mailbox


@require_GET
@access(Gate.ADMIN)
def index(request):
    today = time.now().date()
    found = list(Mailbox.objects.select_related("organization", "deliverer"))
    for box in found:
        box.warning = boxes.warning_of(box, today)
    return render(request, "servicedesk/mail/boxes.html", {"boxes": found})


@require_http_methods(["GET", "POST"])
@access(Gate.ADMIN)
def new(request):
    return _form(request, None)


@require_http_methods(["GET", "POST"])
@access(Gate.ADMIN)
def edit(request, pk):
    return _form(request, get_object_or_404(Mailbox, pk=pk))


@require_POST
@access(Gate.ADMIN)
def test(request, pk):
    """The web talks to no mail server: the fetcher does, within a minute, and notes what it heard."""
    boxes.ask_for_check(get_object_or_404(Mailbox, pk=pk), by=request.user)
    messages.success(request, _("The connection is tried out within a minute. Reload to see how."))
    return redirect("servicedesk:mailboxes")


def _form(request, box):
    form = MailboxForm(request.POST or None, instance=box)
    if request.method == "POST" and form.is_valid():
        saved = boxes.save(form, by=request.user)
        messages.success(request, _("The mailbox “%(name)s” is saved.") % {"name": saved.name})
        return redirect("servicedesk:mailboxes")
    warning = boxes.warning_of(box, time.now().date()) if box else ""
    status = 422 if form.errors else 200
    context = {"form": form, "box": box, "warning": warning}
    return render(request, "servicedesk/mail/box.html", context, status=status)
