"""Priority from impact and urgency (ITSM domain rules 5.1): which matrix, and what it says."""

from dataclasses import dataclass

from django.db.models import F, Q

from records.models import PriorityCell, PriorityMatrix


@dataclass(frozen=True)
class Proposal:
    """The priority and the rule that gave it, so that the screen can say why."""

    priority: int | None
    matrix: PriorityMatrix | None
    through: str = ""  # "service", "organization" or "default"


def default_priority(impact, urgency):
    """The 3 × 3 rule: min(5, impact + urgency − 1)."""
    return min(5, impact + urgency - 1)


def propose(*, impact, urgency, service=None, organization=None):
    """Service's matrix first, then the nearest organisation's, then the default one."""
    if not (impact and urgency):
        return Proposal(None, None)
    best = None
    for cell in _cells(service, organization).filter(impact=impact, urgency=urgency):
        rank = _rank(cell, service, organization)
        if best is None or rank < best[0]:
            best = (rank, cell)
    if best is None:
        return Proposal(default_priority(impact, urgency), None, "default")
    (level, _), cell = best
    return Proposal(cell.priority, cell.matrix, ("service", "organization", "default")[level])


def _cells(service, organization):
    """The cells of every matrix in question, with what the matrix is used for."""
    above = ancestors(organization)
    wanted = Q(matrix__is_default=True) | Q(matrix__uses__organization_id__in=above)
    if service is not None:
        wanted |= Q(matrix__uses__service_id=service.pk)
    return (
        PriorityCell.objects.filter(wanted, matrix__is_active=True)
        .annotate(for_service=F("matrix__uses__service_id"))
        .annotate(for_organization=F("matrix__uses__organization_id"))
        .select_related("matrix")
    )  # fmt: skip


def _rank(cell, service, organization):
    """Lower is nearer: the service, the organisations from the nearest up, the default."""
    if service is not None and cell.for_service == service.pk:
        return 0, 0
    above = ancestors(organization)
    if cell.for_organization in above:
        return 1, above[::-1].index(cell.for_organization)
    return 2, 0


def ancestors(organization):
    """Ids from the root down to the organisation itself."""
    if organization is None:
        return []
    return [int(pk) for pk in organization.path.strip("/").split("/") if pk]


def matrix_for(service, organization):
    """The matrix that applies, and through what: "service", "organization" or "default"."""
    found = min(
        _cells(service, organization),
        key=lambda cell: _rank(cell, service, organization),
        default=None,
    )
    if found is None:
        return None, "default"
    level, _ = _rank(found, service, organization)
    return found.matrix, ("service", "organization", "default")[level]


def levels(service=None, organization=None):
    """The impacts and urgencies that the matrix in question knows."""
    matrix, _ = matrix_for(service, organization)
    if matrix is None:
        return [1, 2, 3], [1, 2, 3]
    cells = PriorityCell.objects.filter(matrix=matrix).values_list("impact", "urgency")
    return sorted({impact for impact, _ in cells}), sorted({urgency for _, urgency in cells})
