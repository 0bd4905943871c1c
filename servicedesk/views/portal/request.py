"""The page of one request: where it stands, the conversation, and its files."""

from urllib.parse import quote

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from core import preferences, time
from core.access import Gate, access
from records.models import RecordLink
from servicedesk.feedback.policies import can_withdraw as is_withdrawable
from servicedesk.forms.portal import ConfirmForm, InviteForm, RejectForm, ReplyForm, TakeBackForm
from servicedesk.portal import (
    conversation,
    feedback,
    finding,
    orders,
    policies,
    progress,
    promised,
)
from servicedesk.surveys import links as survey_links
from servicedesk.views.portal.common import nothing

# What a browser may show by itself; everything else is only saved.
SHOWN_AS_ITSELF = {"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"}


@require_safe
@access(Gate.SIGNED_IN)
def request_page(request, number):
    found = finding.find(request.user, number)
    return render(request, "portal/request.html", page_of(request, found))


def page_of(request, found, **forms):
    """The context of request.html. `forms`: those that were refused, by their name."""
    person, now = request.user, time.now()
    before = _number(request.GET.get("before"))
    items, has_earlier, earliest = conversation.items_of(found, person, before=before)
    promises, why = promised.of_page(found, now)
    takes_part = policies.takes_part(found, person)
    watches = list(found.watches.select_related("person").order_by("person__name"))
    deadline = found.rejection_deadline
    is_late = deadline is not None and deadline < now
    may_write = takes_part and not person.access.is_auditor_only
    answers = progress.needs_answer(found)
    order = orders.order_of(found, person) if found.kind == "service_request" else None
    deciding = order.deciding if order else ()
    context = {
        "record": found, "items": items, "has_earlier": has_earlier, "before": before,
        "earliest": earliest,
        "newest": conversation.newest_seq(found),
        "progress": progress.progress_of(found, is_mine=takes_part, deciding=deciding),
        "order": order,
        "promises": promises, "why": why, "takes_part": takes_part, "may_write": may_write,
        "may_reply": may_write and not found.is_final and found.phase != "resolved"
        and found.state != "draft",
        "may_confirm": may_write and found.phase == "resolved",
        "may_reject": may_write and found.phase == "resolved" and not is_late
        and not feedback.is_at_the_top(found),
        "may_report_again": may_write and found.state == "closed" and found.kind != "feedback",
        "satisfaction": survey_links.of_page(found, person, now) if found.is_final else None,
        "feedback": feedback.face_of(found, person),
        "may_complain": may_write and found.kind != "feedback" and found.state != "draft",
        "may_take_back": may_write and _may_take_back(found, person),
        "may_join": policies.can_join(found, person),
        "may_invite": policies.can_invite(found, person) and may_write,
        "question": conversation.last_question(found) if answers and takes_part else None,
        "until": progress.moment(found.pending_until),
        "partners": [watch.person for watch in watches if watch.takes_part],
        "followers": [watch.person for watch in watches if not watch.takes_part],
        "is_following": any(watch.person_id == person.pk for watch in watches),
        "can_follow": person.pk not in {found.requester_id, found.reported_by_id},
        "is_about_me": person.pk in {found.requester_id, found.reported_by_id},
        "follow_ups": _linked(found, person), "merged_into": _seen(found.merged_into, person),
        "is_late_to_reject": is_late, "megabytes": preferences.get("upload_megabytes"),
        "reply_form": forms.get("reply_form") or ReplyForm(auto_id="reply_%s"),
        "confirm_form": ConfirmForm(auto_id="confirm_%s"),
        "reject_form": forms.get("reject_form") or RejectForm(auto_id="reject_%s"),
        "take_back_form": forms.get("take_back_form") or TakeBackForm(auto_id="back_%s"),
        "invite_form": forms.get("invite_form")
        or InviteForm(person=person, auto_id="invite_%s"),
    }  # fmt: skip
    context["bad"] = next((form for form in forms.values() if form is not None), None)
    return context


def _may_take_back(found, person):
    if found.kind == "service_request":
        return orders.may_take_back(found, person)
    if found.kind == "feedback":
        return found.is_open and is_withdrawable(found, person)
    is_own = person.pk in {found.requester_id, found.reported_by_id}
    return found.state == "new" and not found.is_major and is_own


def _number(text):
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def _seen(record, person):
    """Another request, if this person may see it on the portal."""
    if record is None:
        return None
    return finding.shown_to(person).filter(pk=record.pk).first()


def _linked(found, person):
    """Requests that this one follows, and that follow it: [(request, is_newer)]."""
    links = RecordLink.objects.filter(type=RecordLink.Type.FOLLOWS)
    newer = links.filter(target=found).values("source_id")
    older = links.filter(source=found).values("target_id")
    shown = finding.shown_to(person)
    return [
        *((row, False) for row in shown.filter(pk__in=older)),
        *((row, True) for row in shown.filter(pk__in=newer)),
    ]


@require_safe
@access(Gate.SIGNED_IN)
def feed(request, number):
    """?after=: what was said since; nothing new is 204."""
    found = finding.find(request.user, number)
    after = _number(request.GET.get("after"))
    newest = conversation.newest_seq(found)
    if newest <= after:
        return nothing()
    items, *_more = conversation.items_of(found, request.user, after=after)
    context = {"record": found, "items": items, "newest": newest, "is_partial": True}
    return render(request, "portal/_feed.html", context)


@require_safe
@access(Gate.SIGNED_IN)
def file(request, number, public_id):
    """A file of the request, as its record says who may; what is internal does not exist here."""
    found = finding.find(request.user, number)
    document = get_object_or_404(found.documents.filter(is_internal=False), public_id=public_id)
    if document.entry_id and document.entry.visibility != "public":
        raise Http404
    try:
        stream = document.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    is_shown = document.mime in SHOWN_AS_ITSELF and request.GET.get("save") != "1"
    kind = document.mime if is_shown else "application/octet-stream"
    response = FileResponse(stream, content_type=kind)
    way = "inline" if is_shown else "attachment"
    response["Content-Disposition"] = f"{way}; filename*=UTF-8''{quote(document.title)}"
    response["Content-Length"] = document.size
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
