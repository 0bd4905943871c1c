"""How states look: tone and icon for each, in one place. Words come from the models."""

from django.utils.translation import gettext as _

from cmdb.models import CI, OperationalStatus, Service

CI_STATES = {
    CI.State.PLANNED: ("plum", "circle-dashed"),
    CI.State.ORDERED: ("info", "truck"),
    CI.State.IN_STOCK: ("", "package"),
    CI.State.IN_BUILD: ("info", "hammer"),
    CI.State.IN_TEST: ("info", "flask-conical"),
    CI.State.LIVE: ("ok", "circle-check"),
    CI.State.IN_MAINTENANCE: ("warn", "wrench"),
    CI.State.RETIRED: ("", "archive"),
    CI.State.DISPOSED: ("", "trash-2"),
}
STATUSES = {
    OperationalStatus.UP: ("ok", "circle-check"),
    OperationalStatus.AT_RISK: ("warn", "triangle-alert"),
    OperationalStatus.DEGRADED: ("warn", "triangle-alert"),
    OperationalStatus.DOWN: ("danger", "octagon-alert"),
    OperationalStatus.UNKNOWN: ("", "circle-dashed"),
}
SERVICE_STATES = {
    Service.State.PIPELINE: ("plum", "circle-dashed"),
    Service.State.DESIGNED: ("info", "pencil-ruler"),
    Service.State.LIVE: ("ok", "circle-check"),
    Service.State.RETIRING: ("warn", "hourglass"),
    Service.State.RETIRED: ("", "archive"),
}


def ci_state(ci):
    """(words, tone, icon) for state_chip."""
    return (ci.state_label, *CI_STATES[ci.state])


def ci_status(ci):
    return (ci.get_operational_status_display(), *STATUSES[ci.operational_status])


def service_state(service):
    return (service.state_label, *SERVICE_STATES[service.state])


def criticality_word(level):
    return {
        1: _("Vital"), 2: _("High criticality"), 3: _("Medium criticality"),
        4: _("Low criticality"), 5: _("Minor"),
    }[level]  # fmt: skip
