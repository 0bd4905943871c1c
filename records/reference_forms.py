"""What administrators are asked about categories, reasons, codes and priority matrices."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cmdb.models import Service
from core.reference import ReferenceForm
from core.reference.forms import InWords
from people import pickers
from people.forms_groups import check_depth
from people.models import SupportGroup
from records.kinds import KINDS
from records.models import (
    Category,
    ClosureCode,
    MatrixUse,
    PendingReason,
    PriorityCell,
    PriorityMatrix,
)
from records.models.reference import DEEPEST_CATEGORY

HOUR = 3600
LEVELS = range(1, 6)
IDENTIFIER_HELP = _("Short; programs refer to it. It cannot be changed later.")


def kind_choices():
    return [(code, kind.label) for code, kind in sorted(KINDS.items())]


def level_choices():
    return [("", "–"), *[(level, str(level)) for level in LEVELS]]


class HoursField(forms.FloatField):
    """Hours for people, whole seconds for the database."""

    def prepare_value(self, value):
        return f"{value / HOUR:g}" if isinstance(value, int) else value

    def to_python(self, value):
        hours = super().to_python(value)
        return None if hours is None else round(hours * HOUR)

    def validate(self, value):
        forms.Field.validate(self, value)


class CategoryForm(ReferenceForm):
    parent = forms.ModelChoiceField(Category.objects.active(), label=_("Part of"), required=False)
    kinds = forms.MultipleChoiceField(
        label=_("Kinds of record"), choices=kind_choices, required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("None chosen: every kind."),
    )  # fmt: skip
    default_group = pickers.group_field(
        label=_("Group that works on it"), required=False,
        help_text=_("New tickets of this category go there."),
    )  # fmt: skip
    default_impact = forms.TypedChoiceField(
        label=_("Impact to begin with"), choices=level_choices, coerce=int, empty_value=None,
        required=False,
    )  # fmt: skip
    skilled_groups = forms.ModelMultipleChoiceField(
        SupportGroup.objects.active().filter(kind=SupportGroup.Kind.DESK),
        label=_("Desks that can deal with it"), required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("None chosen: every desk."),
    )  # fmt: skip

    class Meta:
        model = Category
        fields = [
            "code", "name_en", "name_zh", "parent", "kinds", "default_group", "default_service",
            "default_impact", "skilled_groups", "is_security",
        ]  # fmt: skip
        help_texts = {"code": IDENTIFIER_HELP}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["default_service"].queryset = Service.objects.select_related(None)
        self.fields["parent"].label_from_instance = lambda row: f"{row.name} ({row.code})"

    def clean_parent(self):
        parent = self.cleaned_data["parent"]
        check_depth(
            self.instance, parent, DEEPEST_CATEGORY,
            _("Categories go %(deepest)s levels deep at the most."),
        )  # fmt: skip
        return parent


class PendingReasonForm(ReferenceForm):
    chase_after = HoursField(
        label=_("Remind after (hours of business time)"), required=False,
    )  # fmt: skip

    class Meta:
        model = PendingReason
        fields = [
            "code", "name_en", "name_zh", "pauses_sla", "pauses_ola", "starts_uc",
            "waits_for_requester", "needs_date", "max_days", "chase_after", "close_after_chases",
            "order",
        ]  # fmt: skip
        labels = {"order": _("Place in the list")}
        help_texts = {
            "code": IDENTIFIER_HELP,
            "pauses_sla": _("Use it only where the customer is who the work waits for."),
        }

    def clean_chase_after(self):
        seconds = self.cleaned_data["chase_after"]
        if seconds is not None and not 0 < seconds <= 24 * 365 * HOUR:
            raise ValidationError(_("Give a number of hours between 0 and 8760."))
        return seconds

    def clean(self):
        cleaned = super().clean()
        is_asked = "chase_after" not in self.errors and not cleaned.get("chase_after")
        if cleaned.get("close_after_chases") and is_asked:
            self.add_error("chase_after", _("Say after how long to remind, or leave both empty."))
        return cleaned


class ClosureCodeForm(ReferenceForm):
    kind = forms.ChoiceField(label=_("Kind of record"), choices=kind_choices)

    class Meta:
        model = ClosureCode
        fields = [
            "code", "name_en", "name_zh", "kind", "counts_as_failure", "is_offered", "order",
        ]  # fmt: skip
        labels = {"order": _("Place in the list")}
        help_texts = {
            "code": IDENTIFIER_HELP,
            "is_offered": _("Otherwise only the system sets it."),
        }


class PriorityMatrixForm(ReferenceForm):
    """The grid: impact down, urgency across. Filled cells make a full rectangle from 1 × 1."""

    template = "reference/_matrix.html"
    more_labels = {"cells": _("Priorities"), "uses": _("Used by")}

    class Meta:
        model = PriorityMatrix
        fields = ["code", "name_en", "name_zh", "is_default"]
        help_texts = {
            "code": IDENTIFIER_HELP,
            "is_default": _("It takes the place of the present default."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        cells = dict(self._cells(self.instance)) if self.instance.pk else self._three_by_three()
        for impact in LEVELS:
            for urgency in LEVELS:
                self.fields[f"cell_{impact}_{urgency}"] = forms.TypedChoiceField(
                    label=_("Impact %(impact)s, urgency %(urgency)s")
                    % {"impact": impact, "urgency": urgency},
                    choices=level_choices, coerce=int, empty_value=None, required=False,
                    initial=cells.get((impact, urgency)),
                )  # fmt: skip

    @staticmethod
    def _cells(matrix):
        rows = matrix.cells.order_by("impact", "urgency")
        return [((row.impact, row.urgency), row.priority) for row in rows]

    @staticmethod
    def _three_by_three():
        small = range(1, 4)
        return {(i, u): min(5, i + u - 1) for i in small for u in small}

    @property
    def drawn_apart(self):
        return {name for name in self.fields if name.startswith("cell_")}

    def more_marks(self, row):
        uses = row.uses.order_by("pk").values_list("service_id", "organization_id")
        return {"cells": self._cells(row), "uses": list(uses)}

    @property
    def grid(self):
        """[(impact, [bound cell, …]), …]"""
        return [
            (impact, [self[f"cell_{impact}_{urgency}"] for urgency in LEVELS]) for impact in LEVELS
        ]

    @property
    def urgencies(self):
        return LEVELS

    def clean(self):
        cleaned = super().clean()
        filled = {
            (impact, urgency): cleaned.get(f"cell_{impact}_{urgency}")
            for impact in LEVELS
            for urgency in LEVELS
            if cleaned.get(f"cell_{impact}_{urgency}")
        }
        if not filled:
            self.add_error("cell_1_1", _("Fill the grid from the upper left corner."))
            return cleaned
        deepest = max(impact for impact, _u in filled)
        widest = max(urgency for _i, urgency in filled)
        for impact in range(1, deepest + 1):
            for urgency in range(1, widest + 1):
                if (impact, urgency) not in filled:
                    self.add_error(
                        f"cell_{impact}_{urgency}",
                        _("Fill this one too: the grid must have no holes."),
                    )
        self.filled = filled
        return cleaned

    def validate_constraints(self):
        """There is one default; saving moves it, so another one is no mistake."""
        if not self.instance.is_default:
            super().validate_constraints()

    def save(self, commit=True):
        if self.instance.is_default:
            others = PriorityMatrix.objects.filter(is_default=True).exclude(pk=self.instance.pk)
            others.update(is_default=False)
        matrix = super().save(commit)
        present = {(cell.impact, cell.urgency): cell for cell in matrix.cells.all()}
        for place, cell in present.items():
            if place not in self.filled:
                cell.delete()
        for (impact, urgency), priority in self.filled.items():
            cell = present.get((impact, urgency)) or PriorityCell(
                matrix=matrix, impact=impact, urgency=urgency
            )
            if cell.priority != priority:
                cell.priority = priority
                cell.save()
        return matrix


class MatrixUseForm(InWords):
    organization = pickers.organization_field(label=_("Organisation"), required=False)

    class Meta:
        model = MatrixUse
        fields = ["service", "organization"]
        labels = {"service": _("Service")}

    def clean(self):
        cleaned = super().clean()
        if not self.errors and bool(cleaned.get("service")) == bool(cleaned.get("organization")):
            self.add_error("service", _("Name a service or an organisation, one of the two."))
        return cleaned

    def validate_constraints(self):
        """A service or organisation uses one matrix; the message names the one it uses."""
        taken = MatrixUse.objects.exclude(pk=self.instance.pk).select_related("matrix")
        for name in ("service", "organization"):
            value = self.cleaned_data.get(name)
            other = taken.filter(**{name: value}).first() if value else None
            if other is not None:
                text = _("%(name)s uses the matrix %(matrix)s already.")
                self.add_error(name, text % {"name": value, "matrix": other.matrix})


class MatrixUses(forms.BaseInlineFormSet):
    template = "reference/_rows.html"
    title = _("Used by")
    help = _("A service's matrix comes first, then that of the nearest organisation above.")


def matrix_uses(row, data):
    factory = forms.inlineformset_factory(
        PriorityMatrix, MatrixUse, form=MatrixUseForm, formset=MatrixUses, extra=1, max_num=60,
        validate_max=True,
    )  # fmt: skip
    return factory(data, instance=row, prefix="uses")
