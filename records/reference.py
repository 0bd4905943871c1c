"""Categories, pending reasons, closure codes and priority matrices as reference data."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.access import Gate
from core.reference import Column, Reference, register
from records import policies
from records import reference_forms as forms
from records.kinds import KINDS
from records.models import (
    Category,
    ClosureCode,
    MatrixUse,
    PendingReason,
    PriorityCell,
    PriorityMatrix,
    RoutingRule,
)
from records.routing_forms import RoutingRuleForm
from records.routing_pages import RulePages

SECTION = _("Records")


def category_holds(category):
    below = category.children.active().count()
    return [gettext("Categories below it are in use.")] if below else []


def matrix_holds(matrix):
    reasons = []
    if matrix.is_default:
        reasons.append(gettext("It is the default. Make another one the default first."))
    if matrix.uses.exists():
        reasons.append(gettext("Services or organisations use it."))
    return reasons


def kind_label(code):
    return KINDS[code].label if code in KINDS else code


def size_of(matrix):
    """The grid as "3 × 3", of prefetched cells."""
    cells = matrix.cells.all()
    if not cells:
        return ""
    return f"{max(cell.impact for cell in cells)} × {max(cell.urgency for cell in cells)}"


def users_of(matrix):
    names = [str(use.service or use.organization) for use in matrix.uses.all()]
    return ", ".join(names[:4]) + (" …" if len(names) > 4 else "")


register(
    Reference(
        slug="categories", model=Category, form=forms.CategoryForm,
        label=_("Categories"), one=_("category"), new=_("New category"),
        icon="tags", section=SECTION, is_tree=True, holds=category_holds,
        help=_("What tickets are about. Moving a category never rewrites old tickets."),
        rows=lambda rows: rows.select_related("default_group"),
        columns=(
            Column(
                _("Kinds of record"),
                lambda row: ", ".join(str(kind_label(kind)) for kind in row.kinds),
                "c-opt",
            ),
            Column(_("Group"), lambda row: row.default_group),
            Column(_("Security"), lambda row: row.is_security or "", "c-opt"),
        ),
    )
)  # fmt: skip
register(
    Reference(
        slug="pending-reasons", model=PendingReason, form=forms.PendingReasonForm,
        label=_("Pending reasons"), one=_("pending reason"), new=_("New pending reason"),
        icon="circle-pause", section=SECTION, order=("order", "code"),
        help=_("Why work waits, and which clocks wait with it."),
        columns=(
            Column(_("Agreement's clocks wait"), lambda row: row.pauses_sla),
            Column(_("Group's clock waits"), lambda row: row.pauses_ola),
            Column(_("Supplier's clock runs"), lambda row: row.starts_uc, "c-opt"),
            Column(_("Longest, in days"), lambda row: row.max_days, "num c-opt"),
        ),
    )
)  # fmt: skip
register(
    Reference(
        slug="closure-codes", model=ClosureCode, form=forms.ClosureCodeForm,
        label=_("Closure codes"), one=_("closure code"), new=_("New closure code"),
        icon="circle-check-big", section=SECTION, order=("order", "code"),
        help=_("How work ended, for reports."),
        columns=(
            Column(_("Kind of record"), lambda row: kind_label(row.kind)),
            Column(_("Counts as a failure"), lambda row: row.counts_as_failure),
            Column(_("Offered to agents"), lambda row: row.is_offered, "c-opt"),
        ),
    )
)  # fmt: skip
register(
    Reference(
        slug="priority-matrices", model=PriorityMatrix, form=forms.PriorityMatrixForm,
        label=_("Priority matrices"), one=_("matrix"), new=_("New matrix"),
        icon="grid-3x3", section=SECTION, holds=matrix_holds, parts=(forms.matrix_uses,),
        children=((PriorityCell, "matrix_id"), (MatrixUse, "matrix_id")),
        help=_("Which priority follows from impact and urgency."),
        rows=lambda rows: rows.prefetch_related(
            "cells", "uses__service", "uses__organization"
        ),
        columns=(
            Column(_("Default"), lambda row: row.is_default or ""),
            Column(_("Size"), size_of),
            Column(_("Used by"), users_of, "c-opt"),
        ),
    )
)  # fmt: skip
register(
    Reference(
        slug="routing-rules", model=RoutingRule, form=RoutingRuleForm, pages=RulePages,
        label=_("Routing rules"), one=_("routing rule"), new=_("New routing rule"),
        icon="route", section=SECTION, order=("order",), search=("name_en", "name_zh"),
        gate=Gate.MANAGER, can_see=policies.can_read_rules, can_edit=policies.can_manage_rules,
        help=_("Which desk and group a new ticket goes to, and what else is set; tried on past tickets."),
    )
)  # fmt: skip
