"""The portal's first page, and what answers while somebody types there or in its forms."""

from django.db.models import Q
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import time
from core.access import Gate, access
from core.text import without_nul
from knowledge import finding as knowledge
from people.views_pickers import answer, option, words_of
from servicedesk.catalogue import finding as catalogue
from servicedesk.forms.portal import ReportForm, matching_service
from servicedesk.models import RequestOffering
from servicedesk.portal import banners, finding, policies, rows, services, similar
from servicedesk.views.portal.common import link_if_any

SHOWN = 8
SUGGESTED = 4


@require_safe
@access(Gate.SIGNED_IN)
def home(request):
    person, now = request.user, time.now()
    mine = finding.for_rows(finding.unfinished(finding.involving(person)), person)
    found = list(finding.urgent_first(mine)[: SHOWN + 1])
    troubled, fine, more = services.statuses(person, services.disruptions(person))
    context = {
        "rows": rows.rows_of(found[:SHOWN], person, now),
        "has_more": len(found) > SHOWN,
        "troubled": troubled, "fine": fine, "more_troubled": more,
        "catalogue": link_if_any("portal:catalogue"),
        "knowledge": link_if_any("portal:knowledge"),
    }  # fmt: skip
    return render(request, "portal/home.html", context)


@require_safe
@access(Gate.SIGNED_IN)
def suggest(request):
    """While typing: large disruptions of one's services, and open requests that say the same."""
    words = without_nul(request.GET.get("subject", "")).strip()[:200]
    return render(request, "portal/_suggest.html", suggestions(request, words))


def suggestions(request, words, service=None):
    """The context of _suggest.html."""
    person, now = request.user, time.now()
    if not similar.grams(words):
        return {"words": words, "disruptions": [], "hints": [], "articles": [], "offerings": []}
    asked = finding.unfinished(finding.shown_to(person))
    mine = Q(requester=person) | Q(reported_by=person)
    hints = similar.similar(
        asked, text=words, at=now, service=service, limit=SUGGESTED, always=mine
    )
    shown = []
    for hint in hints:
        child = hint.record.child()
        shown.append(
            {
                "row": rows.row_of(hint.record, person, now),
                "parts": similar.marked(hint.record.title, words),
                "is_mine": policies.takes_part(child, person),
                "can_join": policies.can_join(child, person),
            }
        )
    said = similar.grams(words)
    running = [
        one
        for one in banners.for_person(person)
        if one.affects
        and (
            (service is not None and one.service_id == service.pk)
            or said & similar.grams(f"{one.title} {one.text} {one.matches}")
        )
    ]
    articles = knowledge.suggestions(person, words, service)
    offerings = catalogue.suggested(RequestOffering.objects.visible_to(person), words)
    return {
        "words": words, "disruptions": running, "hints": shown, "articles": articles,
        "offerings": offerings,
    }  # fmt: skip


@require_safe
@access(Gate.SIGNED_IN)
def pick_service(request):
    """Services that this person may ask about, never an empty list without a reason."""
    words = words_of(request)
    found = matching_service(services.used_by(request.user), words).by_code()
    options = [option(row, row.name, row.description_customer[:60]) for row in found[:13]]
    no_match = _("No service matches “%(words)s”. Leave it empty: we find it for you.")
    return answer(
        request, options, words, no_match % {"words": words},
        _("No service is offered to you yet. Leave it empty: we find it for you."),
    )  # fmt: skip


@require_safe
@access(Gate.SIGNED_IN)
def pick_person(request):
    words = words_of(request)
    found = policies.colleagues_of(request.user).exclude(pk=request.user.pk)
    if words:
        found = found.matching(words)
    found = found.select_related("organization").order_by("name", "pk")
    options = [option(row, row.name, row.organization, row.job_title) for row in found[:13]]
    reason = _("You may name colleagues where your organisation shares its requests.")
    return answer(request, options, words, reason, reason)


@require_safe
@access(Gate.SIGNED_IN)
def devices(request):
    """The devices to choose from, when the person was chosen for whom it is."""
    form = ReportForm(request.GET, person=request.user)
    return render(request, "portal/_devices.html", {"form": form})
