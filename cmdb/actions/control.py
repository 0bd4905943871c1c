"""Who may change a record of the configuration, and by what right. ITSM domain rules 3.3."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from cmdb import policies
from cmdb.models import CIVersion
from core.errors import Refused, Stale

Source = CIVersion.Source


def ask(policy, obj, by):
    """Enforce the policy again where a person acts; None is the system."""
    if by is not None and not policy(obj, by):
        raise PermissionDenied


def right_to_change(ci, *, by, authority="", reason="", source=""):
    """The source under which a change of this CI is recorded. Raises where there is no right.

    `authority` is the number of an approved change, which its caller has checked; it stands in
    for the policy. Without one, a controlled CI is only corrected by the configuration manager,
    who says why.
    """
    if authority:
        return source or Source.CHANGE
    ask(policies.can_edit, ci, by)
    if by is None or not ci.is_controlled:
        return source or Source.MANUAL
    if not policies.is_manager(ci, by):
        raise Refused(
            _("This CI runs in production and its class is changed by an approved change only.")
        )
    if not (reason or "").strip():
        raise Refused(
            _("Say why the record is corrected without a change: this CI runs in production.")
        )
    return Source.AUDIT_CORRECTION


def refuse_stale(ci, seen):
    """Refuse to write over what the writer has not seen. None skips the check: the system knows."""
    if seen is None or seen == ci.version_no:
        return
    last = ci.versions.select_related("actor").order_by("-version_no").first()
    raise Stale(
        seen=seen,
        present=ci.version_no,
        by=last.actor.name if last and last.actor else None,
    )
