"""Changing the catalogue: the draft of an offering, and putting it in use as a new version."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, time
from core.errors import Refused, Stale
from servicedesk.catalogue import plans, schema, soundness
from servicedesk.models import OfferingVersion, RequestOffering
from servicedesk.requests import policies

PARTS = ("form", "approval", "fulfilment")


def _hold(offering, by):
    offering = RequestOffering.objects.lock(offering)
    if by is not None and not policies.can_manage_offerings(offering, by):
        raise PermissionDenied
    return offering


@transaction.atomic
def create_offering(*, by, form=(), approval=(), fulfilment=(), organizations=(), sites=(),
                    at=None, **fields):  # fmt: skip
    """A new offering with its first version in use. The parts are JSON, as schema and plans say."""
    if by is not None and not policies.can_manage_offerings(None, by):
        raise PermissionDenied
    audit.acting(by)
    offering = RequestOffering(
        draft={"form": list(form), "approval": list(approval), "fulfilment": list(fulfilment)},
        **fields,
    )  # fmt: skip
    offering.full_clean(exclude=["current"])
    offering.save()
    offering.organizations.set(organizations)
    offering.sites.set(sites)
    return publish(offering, by=by, at=at)


def draft_of(offering, part):
    """What is written of a part: the draft's, else that of the version in use."""
    if part in offering.draft:
        return offering.draft[part]
    return getattr(offering.current, part) if offering.current else []


@transaction.atomic
def save_draft(offering, part, rows, *, by, seen=None):
    """Keep a part of the next version, whole or half done. The version in use is not touched.

    `seen`: the number of the draft that the writer saw. Raises Stale where another has written.
    """
    offering = _hold(offering, by)
    if seen is not None and seen != offering.draft_version:
        raise Stale(seen=seen, present=offering.draft_version)
    if draft_of(offering, part) == rows:
        return offering
    offering.draft = offering.draft | {part: rows}
    offering.draft_version += 1
    offering.save(update_fields=["draft", "draft_version"])
    return offering


@transaction.atomic
def discard_draft(offering, *, by):
    """Forget what was written; the version in use is what there is."""
    offering = _hold(offering, by)
    if offering.current is None:
        raise Refused(_("There is no version in use to go back to."))
    offering.draft = {}
    offering.draft_version += 1
    offering.save(update_fields=["draft", "draft_version"])
    return offering


def problems_of(offering):
    """{part: [Problem]}: what keeps the draft from being put in use."""
    found = {
        "form": soundness.check(schema.read(draft_of(offering, "form"))),
        "approval": plans.check_stages(plans.read_stages(draft_of(offering, "approval"))),
        "fulfilment": plans.check_tasks(plans.read_tasks(draft_of(offering, "fulfilment"))),
    }
    return {part: problems for part, problems in found.items() if problems}


@transaction.atomic
def publish(offering, *, by, note="", at=None, seen=None):
    """Put the draft in use as a new version; requests made before keep theirs."""
    offering = _hold(offering, by)
    if seen is not None and seen != offering.draft_version:
        raise Stale(seen=seen, present=offering.draft_version)
    if problems := problems_of(offering):
        words = [problem.text for rows in problems.values() for problem in rows]
        raise Refused(*dict.fromkeys(words))
    last = offering.versions.order_by("-number").first()
    parts = {part: draft_of(offering, part) for part in PARTS}
    now = {"price": offering.price, "currency": offering.currency}
    if last is not None and all(getattr(last, key) == value for key, value in
                                (parts | now).items()):  # fmt: skip
        raise Refused(_("Nothing differs from the version in use."))
    audit.acting(by)
    made = OfferingVersion.objects.create(
        offering=offering, number=last.number + 1 if last else 1, note=note.strip(),
        published_by=by, published_at=at or time.now(), **parts, **now,
    )  # fmt: skip
    offering.current, offering.draft = made, {}
    offering.draft_version += 1
    offering.save()
    return offering
