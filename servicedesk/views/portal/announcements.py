"""Announcements on the portal: what is told now, what was told, and “I have read it”."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.access import Gate, access
from core.paging import paginate
from servicedesk.announcements import actions, facts
from servicedesk.models import Announcement, AnnouncementReading

SHOWN = ("published", "ended", "withdrawn")


def meant(person):
    """What was published for this person, agent or not."""
    rows = Announcement.objects.visible_to(person).meant_for(person)
    return rows.filter(state__in=SHOWN, published_at__isnull=False)


@require_safe
@access(Gate.SIGNED_IN)
def index(request):
    rows = meant(request.user)
    now = [facts.decorate(row) for row in rows.running().most_urgent_first()[:50]]
    past = paginate(
        rows.exclude(pk__in=[row.pk for row in now]), order=("-published_at", "-id"), size=20,
        after=request.GET.get("after", ""), before=request.GET.get("before", ""),
    )  # fmt: skip
    for row in past:
        facts.decorate(row)
    context = {"now": now, "page": past}
    return render(request, "portal/announcements/index.html", context)


@require_safe
@access(Gate.SIGNED_IN)
def detail(request, number):
    found = get_object_or_404(meant(request.user), number=number.upper())
    reading = AnnouncementReading.objects.filter(announcement=found, person=request.user).first()
    context = {
        "announcement": facts.decorate(found), "reading": reading,
        "services": found.services.order_by("code")[:20],
        "is_running": meant(request.user).running().filter(pk=found.pk).exists(),
    }  # fmt: skip
    return render(request, "portal/announcements/detail.html", context)


@require_POST
@access(Gate.SIGNED_IN)
def read(request, number):
    actions.acknowledge(find(request, number), by=request.user)
    messages.success(request, _("Thank you. We know that you have read it."))
    return back(request)


@require_POST
@access(Gate.SIGNED_IN)
def dismiss(request, number):
    actions.dismiss(find(request, number), by=request.user)
    return back(request)


def find(request, number):
    found = meant(request.user).filter(number=number.upper()).first()
    if found is None:
        raise Http404
    return found


def back(request):
    """To the page where the banner stood."""
    url = request.POST.get("next", "")
    allowed = url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return redirect(url if allowed and url.startswith("/") else reverse("portal:announcements"))
