"""A record by its number, its story as it grows, words and files on it. Shared by every kind."""

from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from core import time
from core.access import Gate, access
from core.errors import Refused
from core.forms import once
from core.pages import wants_partial
from records import policies, searching
from records.files import safe_name
from records.models import Document, PendingReason, Record, TimelineEntry
from slm import policies as own
from slm import workspace_clocks as clocks
from slm import workspace_feed as feeds
from slm import workspace_table as tables
from slm.actions.redaction import redact as remove_words
from slm.forms_work import RedactForm, workers
from slm.workspace import agent_page, build, find, find_for_notes, find_readable, to_portal
from slm.workspace_answers import answer
from slm.workspace_say import say as say_it

SHOWN_INLINE = {"image/png", "image/jpeg", "image/gif", "image/webp"}
SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
MOST_CHOICES = 12


@require_GET
@access(Gate.SIGNED_IN)
def find_page(request, number):
    """From a number to the page of the record, the one that is meant for the reader."""
    person = request.user
    record = get_object_or_404(Record.objects.visible_to(person), number=number.upper())
    if not person.access.is_agent:
        return to_portal(record)
    href = record.get_absolute_url()
    if href != reverse("work:find", args=[record.number]):
        return redirect(href)
    record = find(request, record.number)
    if record is None:
        return to_portal(get_object_or_404(Record.objects.visible_to(person), number=number))
    return render(request, "records/workspace.html", {"page": build(request, record, base=href)})


@require_GET
@agent_page
def feed(request, number):
    """What is new since `after`, with a new end; 204 where nothing is."""
    record = find_readable(request, number)
    after = _number(request.GET.get("after"))
    return tail(request, record, after, request.GET.get("show", "all"))


def tail(request, record, after, show="all"):
    """The entries after `after` and the new end; head and clocks come along, for they may have moved."""
    can_read = policies.can_read_notes(record, request.user)
    if feeds.last_seq(record) <= after:
        return HttpResponse(status=204)
    page = build(request, record, base=record.get_absolute_url())
    found = feeds.feed_of(record, request.user, can_read_notes=can_read, show=show, after=after)
    page.feed.show = found.show
    context = {"page": page, "feed": found, "token": get_random_string(24), "is_oob": True}
    return render(request, "records/_news.html", context)


def _number(text):
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


@require_POST
@agent_page
def say(request, number):
    """A public reply or an internal note. The button and the field must agree on who will read it."""
    record = find_readable(request, number)
    visibility = request.POST.get("visibility", "")
    as_what = request.POST.get("as") or visibility
    then = request.POST.get("then", "")
    if (
        visibility not in {"reply", "note"}
        or as_what != visibility
        or (then and as_what != "reply")
    ):
        raise Refused(_("It is not clear who may read this. Choose reply or note again."))
    body, uploads = request.POST.get("body", ""), request.FILES.getlist("files")
    if then == "resolve" and not body.strip() and not uploads:
        return trigger_client_event(HttpResponse(status=204), "ask-resolve", {})
    hold_for = _reason(then)
    home = record.get_absolute_url()

    def act():
        found = say_it(
            record, by=request.user, body=body, is_public=as_what == "reply", uploads=uploads,
            hold_for=hold_for,
        )  # fmt: skip
        return found.get_absolute_url()

    try:
        href = once(request.user, request.POST.get("submit_token", "")[:64], act)
    except ValidationError as error:
        return _not_sent(request, record, error)
    if not wants_partial(request):
        return redirect(href)
    if href != home:
        return _sent(HttpResponseClientRedirect(href), record)
    fresh = find_readable(request, number)
    response = tail(
        request, fresh, _number(request.POST.get("after")), request.POST.get("show", "")
    )
    if then == "resolve":
        response = trigger_client_event(response, "ask-resolve", {}, after="settle")
    return _sent(response, record)


def _reason(then):
    if not then.startswith("hold:"):
        return None
    found = PendingReason.objects.active().filter(code=then.removeprefix("hold:")).first()
    if found is None or found.needs_date:
        raise Refused(_("This reason cannot be chosen here."))
    return found


def _sent(response, record):
    return trigger_client_event(response, "draft-saved", {"value": record.number})


def _not_sent(request, record, error):
    """Nothing was written; the text is still in the composer, and a sentence says why."""
    words = error.messages
    if not wants_partial(request):
        context = {"reasons": words, "back": record.get_absolute_url()}
        return render(request, "errors/409.html", context, status=422)
    response = HttpResponse(status=422)
    response["HX-Reswap"] = "none"
    return trigger_client_event(response, "toast", {"text": " ".join(words), "tone": "danger"})


# --- files ------------------------------------------------------------------------------------


@require_GET
@access(Gate.SIGNED_IN)
def document(request, public_id):
    """A file, for whoever sees its record. Never run, never guessed at, named safely."""
    found = get_object_or_404(Document.objects.select_related("record"), public_id=public_id)
    seen = Record.objects.visible_to(request.user).filter(pk=found.record_id).exists()
    if not seen or (found.is_internal and not policies.can_read_notes(found.record, request.user)):
        raise Http404
    is_shown = found.mime in SHOWN_INLINE and request.GET.get("show") == "1"
    mime = found.mime if found.mime in SHOWN_INLINE else "application/octet-stream"
    try:
        handle = found.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(handle, content_type=mime)
    response["Content-Disposition"] = content_disposition_header(
        not is_shown, safe_name(found.title)
    )
    response["Content-Length"] = found.size
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


# --- clocks -----------------------------------------------------------------------------------


@require_GET
@agent_page
def clock_table(request, number):
    """Every clock with every segment and event: the figures add up to the second (SL-11, SL-15)."""
    record = find_for_notes(request, number)
    now = time.now()
    context = {
        "record": record, "now": now,
        "tables": tables.tables_of(record, clocks.cards_of(record, now, every=True), now),
        "wanted": tables.rules_of(record, now),
        "back": record.get_absolute_url(),
    }  # fmt: skip
    return render(request, "records/clocks.html", context)


# --- removing words ---------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@access(Gate.ADMIN)
def redact(request, number, seq):
    record = find_for_notes(request, number)
    entry = get_object_or_404(TimelineEntry, record=record, seq=seq)
    if not own.can_redact(entry, request.user):
        raise Http404

    def act(cleaned):
        remove_words(record, seq, by=request.user, reason=cleaned["reason"])

    return answer(
        request, RedactForm(request.POST if request.method == "POST" else None), act,
        back=record.get_absolute_url(), done=_("The text was removed."),
        title=_("Remove the text of entry %(seq)d?") % {"seq": seq},
        submit=_("Remove the text for good"), is_danger=True,
        lead=_("Its words leave the story and the search. That cannot be undone; it is audited."),
    )  # fmt: skip


# --- choosing ---------------------------------------------------------------------------------


@require_GET
@access(Gate.AGENT)
def pick(request):
    """Records that a number or the words of a title mean, of those that the reader may see."""
    words = request.GET.get("q", "").strip()[:100]
    rows = Record.objects.visible_to(request.user)
    if kind := request.GET.get("kind"):
        rows = rows.filter(kind=kind)
    if request.GET.get("open") == "1":
        rows = rows.active()
    if without := request.GET.get("without"):
        rows = rows.exclude(number=without)
    if "-" in words and words.partition("-")[2].isdigit():
        rows = rows.filter(number__istartswith=words)
    elif words:
        rows = searching.matching(rows, request.user, searching.folded_query(words))
    rows = rows.order_by("-updated_at", "-pk")[:MOST_CHOICES]
    options = [
        {"value": row.number, "text": row.number, "words": row.title, "sub": row.state_label}
        for row in rows
    ]
    return render(request, "records/_options.html", {"options": options})


@require_GET
@access(Gate.AGENT)
def pick_members(request):
    """Who may work on a ticket: members of groups, with their groups."""
    rows = workers().matching(request.GET.get("q", "")[:100])
    if (group := request.GET.get("group", "")).isdecimal() and len(group) < 10:
        rows = rows.filter(memberships__group_id=group)
    options = []
    for row in rows.order_by("name").prefetch_related("memberships__group")[:MOST_CHOICES]:
        groups = ", ".join(sorted({m.group.name for m in row.memberships.all()}))
        options.append({"value": row.pk, "text": row.name, "words": row.name, "sub": groups})
    return render(request, "records/_options.html", {"options": options})
