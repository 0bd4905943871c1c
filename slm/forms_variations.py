"""What is asked about a short-term change: its time, the promised times that change, why."""

from django import forms
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from core import formats
from core.forms import OnceForm
from core.templatetags.ui import language
from people.models import Person
from people.pickers import matching_person
from records.kinds import KINDS
from slm.forms_targets import LONGEST_HOURS
from slm.forms_work import KeyedPicker, MomentField
from slm.models import ServiceLevelTarget

PREFIX = "target_"


class VariationForm(OnceForm):
    """Besides the fields below, hours and minutes for each promised time: empty leaves it."""

    starts_at = MomentField(label=_("From"))
    ends_at = MomentField(label=_("Until"))
    reason = forms.CharField(
        label=_("Why"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args, agreement, values=None, **kwargs):
        super().__init__(*args, **kwargs)
        rows = agreement.targets.filter(unit=ServiceLevelTarget.Unit.SEC)
        self.targets = list(rows.select_related("category"))
        for row in self.targets:
            seconds = (values or {}).get(row.pk)
            name = f"{PREFIX}{row.pk}"
            self.fields[f"{name}_hours"] = forms.IntegerField(
                label=_("Hours"), min_value=0, max_value=LONGEST_HOURS, required=False,
                initial=None if seconds is None else seconds // 3600,
            )  # fmt: skip
            self.fields[f"{name}_minutes"] = forms.IntegerField(
                label=_("Minutes"), min_value=0, max_value=59, required=False,
                initial=None if seconds is None else seconds % 3600 // 60,
            )  # fmt: skip

    @property
    def rows(self):
        """[(words of the promise, usual time, hours, minutes)] for the page."""
        return [
            (words_of(row), formats.duration_text(int(row.value), language()),
             self[f"{PREFIX}{row.pk}_hours"], self[f"{PREFIX}{row.pk}_minutes"])
            for row in self.targets
        ]  # fmt: skip

    def clean(self):
        data = super().clean()
        self.values = {}
        for row in self.targets:
            hours = data.get(f"{PREFIX}{row.pk}_hours")
            minutes = data.get(f"{PREFIX}{row.pk}_minutes")
            if hours is not None or minutes is not None:
                self.values[row.pk] = (hours or 0) * 3600 + (minutes or 0) * 60
        return data

    def answers(self):
        given = {name: self.cleaned_data[name] for name in ("starts_at", "ends_at", "reason")}
        return given | {"new_values": self.values}


def words_of(row):
    """A promise in words: what, for which priority, category and kind."""
    parts = [str(row.get_metric_display())]
    parts += [f"P{row.priority}"] if row.priority else []
    parts += [str(row.category)] if row.category_id else []
    if row.record_kind:
        kind = KINDS.get(row.record_kind)
        parts.append(str(kind.label) if kind else row.record_kind)
    if not row.priority:
        parts.append(_g("any priority"))
    return " · ".join(parts)


class AgreeForm(OnceForm):
    agreed_with = KeyedPicker(
        Person.objects.active().humans(), url_name="people:pick", match=matching_person,
        label=_("Agreed with"), help_text=_("Somebody of the customer."),
    )  # fmt: skip
    urgent_reason = forms.CharField(
        label=_("Why it is urgent"), max_length=300, required=False,
        help_text=_("Needed where customers were not told in time."),
    )  # fmt: skip


class CancelForm(OnceForm):
    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class EndForm(OnceForm):
    """Nothing to say: the step alone."""
