"""What is asked about one target of an agreement: a row of the form, and all rows together.

Durations are typed in hours and minutes of the agreement's support hours; stored are seconds.
"""

import re
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from calendars.models import Calendar
from records.kinds import KINDS
from records.models import Category
from slm.models import ServiceLevelTarget
from slm.promises import CLOCKED
from slm.terms import CalendarRule, Metric, ReopenRule, RetargetRule, UpdateRule

Unit = ServiceLevelTarget.Unit
PERCENT = {Metric.AVAILABILITY_PCT, Metric.CSAT, Metric.FCR_PCT}
COUNTS = {Metric.BREAKS_MAX}
USUAL_WARNINGS = "50, 75, 90"
MOST_TARGETS = 60
LONGEST_HOURS = 20_000


def unit_of(metric):
    if metric in PERCENT:
        return Unit.PCT
    return Unit.COUNT if metric in COUNTS else Unit.SEC


def kinds():
    return [("", _("any"))] + [(code, KINDS[code].label) for code in CLOCKED if code in KINDS]


class TargetForm(forms.Form):
    metric = forms.ChoiceField(
        label=_("Promise"), choices=[("", "–"), *Metric.choices], required=False
    )
    record_kind = forms.ChoiceField(label=_("Kind of record"), choices=kinds, required=False)
    priority = forms.TypedChoiceField(
        label=_("Priority"), coerce=int, empty_value=None, required=False,
        choices=[("", _("any")), *((level, f"P{level}") for level in range(1, 6))],
    )  # fmt: skip
    category = forms.ModelChoiceField(
        Category.objects.all(), label=_("Category"), required=False, empty_label=_("any")
    )
    hours = forms.IntegerField(
        label=_("Hours"), min_value=0, max_value=LONGEST_HOURS, required=False
    )
    minutes = forms.IntegerField(label=_("Minutes"), min_value=0, max_value=59, required=False)
    amount = forms.DecimalField(
        label=_("Per cent or number"), min_value=0, max_digits=10, decimal_places=4,
        required=False, help_text=_("For promises that are not a time, such as availability."),
    )  # fmt: skip
    goal = forms.DecimalField(
        label=_("Kept in at least (per cent)"), min_value=0, max_value=100, max_digits=7,
        decimal_places=4, required=False,
        help_text=_("The share of tickets that must keep it, for example 95."),
    )  # fmt: skip
    warnings = forms.CharField(
        label=_("Warn at (per cent)"), max_length=60, required=False, initial=USUAL_WARNINGS,
        help_text=_("Shares of the time at which people are told."),
    )  # fmt: skip
    calendar = forms.ModelChoiceField(
        Calendar.objects.active(), label=_("Other support hours"), required=False,
        empty_label=_("those of the agreement"),
    )  # fmt: skip
    calendar_rule = forms.ChoiceField(
        label=_("Calendar"), choices=CalendarRule.choices, initial=CalendarRule.AGREEMENT,
        required=False, help_text=_("Follow-the-sun desks count in the hours of whoever has it."),
    )  # fmt: skip
    retarget_rule = forms.ChoiceField(
        label=_("When priority or agreement change"), choices=RetargetRule.choices,
        initial=RetargetRule.OPENING, required=False,
        help_text=_("Whether time before the change counts against the new target."),
    )  # fmt: skip
    reopen_rule = forms.ChoiceField(
        label=_("When it is reopened"), choices=ReopenRule.choices,
        initial=ReopenRule.WITHOUT_CLOSED_TIME, required=False,
        help_text=_("What happens to the clock of a ticket that was solved already."),
    )  # fmt: skip
    update_rule = forms.ChoiceField(
        label=_("When updates are due"), choices=UpdateRule.choices, initial=UpdateRule.ALWAYS,
        required=False, help_text=_("For the promise to keep the requester informed."),
    )  # fmt: skip
    pause_on_approval = forms.BooleanField(
        label=_("Waits for approvals"), required=False,
        help_text=_("The clock stands while an approval is asked for."),
    )  # fmt: skip

    OPTIONS = ("warnings", "calendar", "calendar_rule", "retarget_rule", "reopen_rule",
               "update_rule", "pause_on_approval")  # fmt: skip

    def option_fields(self):
        return [self[name] for name in self.OPTIONS]

    @property
    def is_special(self):
        """Options that differ from the usual ones stay open."""
        return any(self[name].errors for name in self.OPTIONS) or any(
            str(self[name].value() or "") != str(self.fields[name].initial or "")
            for name in self.OPTIONS
            if name != "pause_on_approval"
        )

    @classmethod
    def initial_of(cls, target):
        hours, minutes, amount = None, None, None
        if target.unit == Unit.SEC:
            hours, minutes = divmod(int(target.value) // 60, 60)
        else:
            amount = _plain(target.value)
        return {
            "metric": target.metric, "record_kind": target.record_kind,
            "priority": target.priority, "category": target.category_id, "hours": hours,
            "minutes": minutes, "amount": amount, "goal": _plain(target.attainment_goal_pct),
            "warnings": ", ".join(str(percent) for percent in target.warn_percents),
            "calendar": target.calendar_id, "calendar_rule": target.calendar_rule,
            "retarget_rule": target.retarget_rule, "reopen_rule": target.reopen_rule,
            "update_rule": target.update_rule, "pause_on_approval": target.pause_on_approval,
        }  # fmt: skip

    def clean_warnings(self):
        words = [
            word for word in re.split(r"[\s,，、;；%]+", self.cleaned_data["warnings"]) if word
        ]
        if not all(word.isascii() and word.isdecimal() and 0 < int(word) < 1000 for word in words):
            raise ValidationError(_("Write whole numbers, like 50, 75, 90."))
        return sorted({int(word) for word in words})

    def clean(self):
        cleaned = super().clean()
        metric = cleaned.get("metric")
        if not metric:
            if self.has_changed() and not self.errors:
                self.add_error("metric", _("Choose what is promised."))
            return cleaned
        if unit_of(metric) == Unit.SEC:
            self._clean_time(cleaned)
        else:
            self._clean_amount(cleaned, metric)
        return cleaned

    def _clean_time(self, cleaned):
        if {"hours", "minutes"} & set(self.errors):
            return
        seconds = (cleaned.get("hours") or 0) * 3600 + (cleaned.get("minutes") or 0) * 60
        if not seconds:
            self.add_error("hours", _("Give a time above zero."))
        cleaned["value"] = Decimal(seconds)

    def _clean_amount(self, cleaned, metric):
        amount = cleaned.get("amount")
        if "amount" in self.errors:
            return
        if not amount:
            self.add_error("amount", _("Give a number above zero."))
        elif metric in PERCENT and amount > 100:
            self.add_error("amount", _("Per cent end at 100."))
        cleaned["value"] = amount

    def answers(self):
        """One target as the actions take it."""
        given = self.cleaned_data
        rules = {
            name: given[name] or self.fields[name].initial
            for name in ("calendar_rule", "retarget_rule", "reopen_rule", "update_rule")
        }
        return rules | {
            "metric": given["metric"], "record_kind": given["record_kind"],
            "priority": given["priority"], "category": given["category"],
            "value": given["value"], "unit": unit_of(given["metric"]),
            "attainment_goal_pct": given["goal"], "warn_percents": given["warnings"],
            "calendar": given["calendar"], "pause_on_approval": given["pause_on_approval"],
        }  # fmt: skip


def _plain(number):
    return None if number is None else f"{float(number):.4f}".rstrip("0").rstrip(".")


class BaseTargets(forms.BaseFormSet):
    def clean(self):
        """Each case once; the second one is told at its field."""
        seen = set()
        for form in self.forms:
            given = getattr(form, "cleaned_data", {})
            if not given.get("metric") or form in self.deleted_forms:
                continue
            case = tuple(given.get(n) for n in ("metric", "record_kind", "priority", "category"))
            if case in seen:
                form.add_error("metric", _("This case has a target above already."))
            seen.add(case)

    def answers(self):
        return [
            form.answers()
            for form in self.forms
            if form.cleaned_data.get("metric") and form not in self.deleted_forms
        ]


TargetFormSet = forms.formset_factory(
    TargetForm, formset=BaseTargets, extra=3, can_delete=True, max_num=MOST_TARGETS,
    validate_max=True,
)  # fmt: skip
