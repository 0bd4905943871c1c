"""What holds an agreement up: which SLAs an OLA or contract underpins, and the check before signing."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import time
from core.errors import Refused
from records import actions as records
from records import timeline
from slm import chains, policies
from slm.actions import agreements
from slm.events import Verb
from slm.models import Agreement


@transaction.atomic
def create(*, by, underpins=(), at=None, **fields):
    """A draft, with what it underpins."""
    agreement = agreements.create(by=by, at=at, **fields)
    agreement.underpins.set(underpins)
    return agreement


@transaction.atomic
def edit(agreement, *, by, underpins=None, at=None, **fields):
    """Change a draft and what it underpins."""
    agreement = agreements.edit(agreement, by=by, at=at, **fields)
    if underpins is not None:
        agreement.underpins.set(underpins)
    return agreement


@transaction.atomic
def set_underpins(agreement, underpins, *, by, at=None, seen_version=None):
    """Say anew which SLAs an OLA or contract holds up. Possible also once it is signed: what it
    promises does not change."""
    if by is not None and not policies.can_manage_agreements(agreement, by):
        raise PermissionDenied
    agreement = Agreement.objects.lock(agreement)
    records.check_version(agreement, seen_version)
    if agreement.agreement_kind == "sla":
        raise Refused(_("An SLA is underpinned; it underpins nothing."))
    at = at or time.now()
    agreement.underpins.set(underpins)
    records.save(agreement, at=at)
    timeline.record(agreement, Verb.AGREEMENT_EDITED, by=by, at=at, fields=["underpins"])
    return agreement


@transaction.atomic
def submit(agreement, *, by, reason="", at=None, seen_version=None):
    """Hand over for signature. An SLA that its OLAs and contracts cannot carry needs a reason.

    Raises ValidationError at `reason` where the chain check fails and none is given.
    """
    agreement = Agreement.objects.lock(agreement)
    if by is not None and not policies.can_manage_agreements(agreement, by):
        raise PermissionDenied
    verdict = chains.verdict_on(agreement, at or time.now())
    if not verdict.is_ok and not reason.strip():
        raise ValidationError(
            {"reason": _("The chain check fails: say why it is signed all the same.")}
        )
    return agreements.step(
        agreement, "submit_signature", by=by, at=at, seen_version=seen_version,
        comment=reason.strip(),
    )  # fmt: skip


@transaction.atomic
def revise(agreement, *, by, valid, at=None):
    """A draft of the next version that is held up by the same agreements and holds up the same."""
    draft = agreements.draft_next(agreement, by=by, valid=valid, at=at)
    draft.underpins.set(agreement.underpins.all())
    draft.underpinned_by.set(agreement.underpinned_by.all())
    return draft
