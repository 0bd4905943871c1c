"""How a request comes to be: an order out of the catalogue, and one that was revised."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import time
from core.errors import Refused, Stale
from core.lifecycle import take
from records import actions as records
from records import files, numbers, priority, timeline, triage
from records.models import TimelineEntry
from servicedesk.catalogue import schema
from servicedesk.events import RequestVerb as Verb
from servicedesk.models import RequestOffering, ServiceRequest
from servicedesk.requests import policies
from servicedesk.requests.actions import approving
from slm import effects, work

INTERNAL = {"visibility": TimelineEntry.Visibility.INTERNAL}


@transaction.atomic
def order(
    *, by, offering, answers, requester=None, uploads=(), quantity=1, cost_centre="", note="",
    channel="portal", seen=None, at=None,
):  # fmt: skip
    """Order something for `requester`, by default oneself, and hand it in.

    `answers` are stored answers of catalogue.asking; `seen` the number of the version whose form
    was filled in. Raises Stale where the form was changed meanwhile, Refused where it cannot be
    had, or nobody can approve it.
    """
    requester = requester or by
    offering = _ordered(offering, requester, by)
    version = offering.current
    if seen is not None and seen != version.number:
        raise Stale(seen=seen, present=version.number)
    work.check_uploads(uploads)
    request = paper(offering, requester, by=by, channel=channel)
    request.title, request.description = _title(offering, quantity, requester), note
    request.number, now = numbers.take("SRQ")
    at = at or now
    _fill(request, version, answers, quantity, cost_centre)
    placed = _place(request, offering, at)
    request.opened_at = at
    records.file_record(request, at=at)
    triage.keep(request, placed, at=at)
    return _hand_in(request, by=by, at=at, uploads=uploads, verb=Verb.OPENED, why=request.route_why)


def paper(offering, requester, *, by, channel="portal"):
    """An order that nobody has written down yet: to ask what would become of it."""
    return ServiceRequest(
        kind="service_request", state=ServiceRequest.State.DRAFT, requester=requester,
        organization=requester.organization, site=requester.site,
        reported_by=by if by is not None and by.pk != requester.pk else None,
        service=offering.service, category=offering.category, channel=channel,
        impact=offering.default_impact, urgency=offering.default_urgency, offering=offering,
        offering_version=offering.current,
    )  # fmt: skip


def foresee(offering, requester, *, by, at):
    """As `paper`, with its price, priority, desk and group: what is promised, and who is asked."""
    request = paper(offering, requester, by=by)
    request.opened_at = at
    _price(request)
    _place(request, offering, at)
    return request


def _ordered(offering, requester, by):
    """The offering as it is now, if this person may have it."""
    if by is not None and not policies.can_order(None, by):
        raise PermissionDenied
    if not requester.organization.is_active:
        raise Refused(_("The organisation is not active any more."))
    rows = RequestOffering.objects.select_related("service", "category", "default_group")
    offering = rows.select_related("current").get(pk=offering.pk)
    if not RequestOffering.objects.offered().filter(pk=offering.pk).exists():
        raise Refused(_("“%(name)s” cannot be ordered any more.") % {"name": offering.name})
    if not RequestOffering.objects.offered_to(requester).filter(pk=offering.pk).exists():
        raise Refused(
            _("“%(name)s” is not offered to %(person)s.")
            % {"name": offering.name, "person": requester.name}
        )
    return offering


def _title(offering, quantity, requester):
    name = offering.name_in(requester.locale)
    return f"{name} × {quantity}"[:200] if quantity > 1 else name


def _fill(request, version, answers, quantity, cost_centre):
    """What was ordered, and what it costs as the catalogue says it now."""
    most = request.offering.most
    if not 1 <= quantity <= most:
        raise ValidationError({"quantity": _("At most %(most)d at once.") % {"most": most}})
    if request.offering.asks_cost_centre and not cost_centre.strip():
        raise ValidationError({"cost_centre": _("Say which cost centre pays for it.")})
    request.offering_version, request.form_data = version, answers
    request.quantity, request.cost_centre = quantity, cost_centre.strip()
    _price(request)


def _price(request):
    version = request.offering_version
    request.unit_price, request.total_price, request.currency = None, None, ""
    values = {key: one["value"] for key, one in request.form_data.items()}
    extra = schema.surcharge(schema.read(version.form), values)
    if version.price is not None or extra:
        request.unit_price = (version.price or 0) + extra
        request.total_price = request.unit_price * request.quantity
        request.currency = version.currency


def _place(request, offering, at):
    """Desk, group and priority. A rule of the desk comes before the offering's group; what the
    catalogue says of category and levels is not for rules to change. Returns the decision."""
    placed = triage.decide(request, at=at, chosen=("category", "impact", "urgency"))
    request.owner_group = placed.desk
    request.assigned_group = offering.default_group or placed.group
    request.route_why = placed.why
    if placed.by_rule("group"):
        request.assigned_group, request.assignee = placed.group, placed.assignee
    elif offering.default_group_id:
        kept = [pair for pair in placed.why if pair[0] != "group"]
        request.route_why = [*kept, ["group", "offering"]]
    request.priority = priority.propose(
        impact=request.impact, urgency=request.urgency, service=request.service,
        organization=request.organization,
    ).priority  # fmt: skip
    return placed


@transaction.atomic
def resubmit(
    request, *, by, answers, uploads=(), quantity=1, cost_centre="", note="", seen=None, at=None
):
    """Hand in a revised order: same number, the catalogue as it is now, and the clocks anew."""
    request = ServiceRequest.objects.lock(request)
    offering = _ordered(request.offering, request.requester, by)
    if seen is not None and seen != offering.current.number:
        raise Stale(seen=seen, present=offering.current.number)
    work.check_uploads(uploads)
    request.offering = offering
    request.title = _title(offering, quantity, request.requester)
    request.description = note
    _fill(request, offering.current, answers, quantity, cost_centre)
    records.refresh_text(request)
    return _hand_in(
        request, by=by, at=at or time.now(), uploads=uploads, verb=Verb.SUBMITTED, is_first=False
    )


def _hand_in(request, *, by, at, uploads, verb, is_first=True, why=()):
    before = request.state
    take(request, "submit", by=by)
    records.save(request, at=at, from_state=before)
    start = effects.opened if is_first else effects.begun_again
    start(request, at=at, by=by)
    entry = timeline.record(
        request, verb, by=by, at=at, from_state=before, channel=request.channel,
        priority=request.priority, group_id=request.assigned_group_id,
        version=request.offering_version.number, why=list(why),
    )  # fmt: skip
    for upload in uploads:
        files.keep(upload, record=request, entry=entry, by=by, is_internal=False)
    said = [one[language] for one in request.form_data.values() for language in ("en", "zh")]
    records.find_again(request, bits=[(text, True) for text in dict.fromkeys(said)])
    return approving.ask_or_go_on(request, by=by, at=at)


@transaction.atomic
def revise(request, *, by, at=None, seen_version=None):
    """Take a rejected order back to paper, to change it and hand it in again."""
    request = ServiceRequest.objects.lock(request)
    records.check_version(request, seen_version)
    before = request.state
    take(request, "revise", by=by)
    at = at or time.now()
    records.save(request, at=at, from_state=before)
    timeline.record(request, Verb.REVISED, by=by, at=at, from_state=before)
    return request
