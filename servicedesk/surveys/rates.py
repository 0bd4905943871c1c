"""How often people are asked about one service, where it differs from all others."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core import audit
from servicedesk.models import SurveyRate
from servicedesk.surveys import policies


@transaction.atomic
def set_rate(service, percent, *, by):
    """`percent` 0 to 100; None: as all others."""
    if by is not None and not policies.can_set_rates(None, by):
        raise PermissionDenied
    row = SurveyRate.objects.select_for_update().filter(service=service).first()
    before = row.percent if row else None
    if before == percent:
        return
    if percent is None:
        row.delete()
    else:
        SurveyRate.objects.update_or_create(service=service, defaults={"percent": percent})
    audit.record(
        "survey.rate_changed", by=by, subject="cmdb_service", object_id=service.pk,
        before=before, after=percent,
    )  # fmt: skip
