"""The priority of an incident: from the matrix, or against it with a reason (domain rules 5.1)."""

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from incidents.actions.lifecycle import classify
from incidents.models import Incident
from records import actions as records
from records import priority as priorities


@transaction.atomic
def prioritise(
    incident, *, by, priority=None, reason="", impact=None, urgency=None, at=None,
    seen_version=None,
):  # fmt: skip
    """Set impact and urgency, and the priority that follows; another `priority` needs `reason`.

    None keeps what is there; without `priority` the matrix decides, also over an earlier exception.
    """
    incident = Incident.objects.lock(incident)
    records.check_version(incident, seen_version)
    if incident.is_major and priority not in {None, 1}:
        raise Refused(_("A major incident has priority 1."))
    levels = {"impact": impact or incident.impact, "urgency": urgency or incident.urgency}
    proposed = priorities.propose(
        **levels, service=incident.service, organization=incident.organization
    ).priority
    levels = {name: value for name, value in levels.items() if value is not None}
    return classify(incident, by=by, override=priority or proposed, reason=reason, at=at, **levels)
