"""Priority from impact and urgency (ITSM domain rules 5.1): which matrix, and what it says."""

from dataclasses import dataclass

from records.models import MatrixUse, PriorityCell, PriorityMatrix


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
    matrix, through = matrix_for(service, organization)
    if matrix is None:
        return Proposal(default_priority(impact, urgency), None, "default")
    cell = PriorityCell.objects.filter(matrix=matrix, impact=impact, urgency=urgency).first()
    return Proposal(cell.priority if cell else None, matrix, through)


def matrix_for(service, organization):
    ancestors = [int(pk) for pk in organization.path.strip("/").split("/")] if organization else []
    uses = MatrixUse.objects.select_related("matrix").filter(matrix__is_active=True)
    found = {}
    wanted = uses.filter(organization_id__in=ancestors)
    if service is not None:
        wanted |= uses.filter(service_id=service.pk)
    for use in wanted:
        found[use.service_id and "service", use.organization_id] = use.matrix
    for key, matrix in found.items():
        if key[0] == "service":
            return matrix, "service"
    for pk in reversed(ancestors):
        if (None, pk) in found:
            return found[None, pk], "organization"
    return PriorityMatrix.objects.filter(is_default=True, is_active=True).first(), "default"


def levels(service=None, organization=None):
    """The impacts and urgencies that the matrix in question knows."""
    matrix, _ = matrix_for(service, organization)
    if matrix is None:
        return [1, 2, 3], [1, 2, 3]
    cells = PriorityCell.objects.filter(matrix=matrix).values_list("impact", "urgency")
    return sorted({impact for impact, _ in cells}), sorted({urgency for _, urgency in cells})
