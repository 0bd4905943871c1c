"""Pages of the routing rules: the list in their order, one rule, and trying them on past tickets."""

from datetime import datetime, time, timedelta

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from core.access import access
from core.pages import check
from core.reference.pages import Pages
from records import dry_run, routing_actions, triage
from records import routing_names as names
from records import routing_words as words
from records.kinds import KINDS
from records.models import RoutingRule

SALT, PAGE = "routing-draft", 25
SPAN = 30  # days


def kind_choices():
    return [("", _("All kinds")), *[(code, KINDS[code].label) for code in triage.ROUTED_KINDS]]


class SpanForm(forms.Form):
    """Which past tickets: days of the reader's own zone."""

    day = {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
    since = forms.DateField(label=_("From"), **day)
    until = forms.DateField(label=_("Until"), **day)
    kind = forms.ChoiceField(label=_("Kind of record"), choices=kind_choices, required=False)
    every = forms.BooleanField(label=_("Also those that stay as they are"), required=False)

    def clean(self):
        cleaned = super().clean()
        if not self.errors and cleaned["since"] > cleaned["until"]:
            self.add_error("until", _g("This lies before the beginning."))
        return cleaned

    def span(self):
        """(first instant, first instant after it)"""
        zone = timezone.get_current_timezone()
        last = self.cleaned_data["until"] + timedelta(days=1)
        return tuple(
            datetime.combine(day, time.min, tzinfo=zone)
            for day in (self.cleaned_data["since"], last)
        )


class RulePages(Pages):
    def urls(self):
        gate = access(self.reference.gate)
        both = require_http_methods(["GET", "HEAD", "POST"])
        return [
            path("routing-rules/try/", both(gate(self.dry_run)), name="routing-rules_try"),
            path("routing-rules/<int:pk>/move/", require_POST(gate(self.move)),
                 name="routing-rules_move"),
            path("routing-rules/<int:pk>/delete/", require_POST(gate(self.delete)),
                 name="routing-rules_delete"),
            *super().urls(),
        ]  # fmt: skip

    def index(self, request):
        """All rules in their order: an order that is cut into pages could not be read."""
        reference = self.reference
        check(reference.can_see, None, request.user)
        with_inactive = request.GET.get("inactive") == "1"
        rules = RoutingRule.objects.in_order()
        rows = list(rules if with_inactive else rules.active())
        prepare(rows)
        active = [row for row in rows if row.is_active]
        for row in rows:
            row.href = reference.url("edit", row)
            row.is_first, row.is_last = row in active[:1], row in active[-1:]
        context = self.context(request) | {
            "rows": rows, "with_inactive": with_inactive,
            "may_edit": reference.can_edit(None, request.user), "try_url": reference.url("try"),
        }  # fmt: skip
        return render(request, "routing/index.html", context)

    def context(self, request, row=None, current=""):
        context = super().context(request, row, current) | {"try_url": self.reference.url("try")}
        if row is not None and self.reference.can_edit(row, request.user):
            context["delete_url"] = self.reference.url("delete", row)
            context["may_delete"] = not routing_actions.has_fired(row)
        return context

    def active(self, request, pk):
        response = super().active(request, pk)
        triage.forget()
        return response

    def move(self, request, pk):
        row = self.find(request, pk)
        check(self.reference.can_edit, row, request.user)
        routing_actions.move(row, by=request.user, is_up=request.POST.get("way") == "up")
        return redirect(f"{self.reference.url()}#row-{row.pk}")

    def delete(self, request, pk):
        row = self.find(request, pk)
        check(self.reference.can_edit, row, request.user)
        routing_actions.delete(row, by=request.user)
        messages.success(request, _g("%(name)s is deleted.") % {"name": row})
        return redirect(self.reference.url())

    # --- trying out -------------------------------------------------------------------------
    def dry_run(self, request):
        """The saved rules by GET; with a rule as it stands in its unsaved form by POST."""
        check(self.reference.can_see, None, request.user)
        draft, name = None, ""
        if request.method == "POST":
            check(self.reference.can_edit, None, request.user)
            draft, form = self._draft(request)
            if form is not None:
                return self._refused(request, form)
            name = names.name_of(draft["rule"])
        given = request.POST if request.method == "POST" else request.GET
        today = timezone.localdate()
        usual = {"since": today - timedelta(days=SPAN), "until": today}
        is_asked = "since" in given
        form = SpanForm(given if is_asked else {key: str(day) for key, day in usual.items()})
        context = self.context(request) | {
            "form": form, "draft": signing.dumps(draft, salt=SALT) if draft else "",
            "draft_name": name, "is_refused": not form.is_valid(),
        }  # fmt: skip
        if form.is_valid():
            context |= self._results(request, form, rules_with(draft), given)
        status = 422 if form.errors and request.method == "POST" else 200
        return render(request, "routing/try.html", context, status=status)

    def _draft(self, request):
        """({"rule", "order"}, None), or (None, the form that cannot be read)."""
        if text := request.POST.get("draft"):
            try:
                return signing.loads(text, salt=SALT, max_age=86_400), None
            except signing.BadSignature:
                pass
        pk = request.POST.get("draft_of", "")
        rows = RoutingRule.objects.filter(pk=int(pk)) if pk.isdecimal() and len(pk) < 18 else None
        row = (rows.first() if rows is not None else None) or RoutingRule()
        row.shown_name = str(row)
        form = self.reference.form(request.POST, instance=row)
        if not form.is_valid():
            return None, form
        rule = form.instance.as_data() | {"id": row.pk or 0}
        return {"rule": rule, "order": form.instance.order}, None

    def _refused(self, request, form):
        row = form.instance if form.instance.pk else None
        context = self.context(request, row, "edit") | {
            "form": form, "parts": [], "everything": form, "may_edit": True,
            "form_action": self.reference.url("edit", row) if row else self.reference.url("new"),
        }  # fmt: skip
        return render(request, "reference/form.html", context, status=422)

    def _results(self, request, form, rules, given):
        since, until = form.span()
        result = dry_run.try_out(
            request.user, rules, since=since, until=until, kind=form.cleaned_data["kind"]
        )
        rows = result.rows if form.cleaned_data["every"] else result.changed
        number = given.get("page", "")
        page = Paginator(rows, PAGE).get_page(number if number.isdecimal() else 1)
        return {
            "result": result, "page": page, "lines": lines_of(page.object_list, rules),
            "looked": len(result.rows), "changed": len(result.changed), "most": dry_run.MOST,
            "counts": [(LABELS[name], result.counts[name]) for name in dry_run.COMPARED],
        }  # fmt: skip


LABELS = {**words.SETS, "priority": _("Priority")}


def rules_with(draft):
    """The rules in force with the draft in its place: instead of its saved self, or added."""
    saved = [
        ((rule.order, rule.pk), rule.as_data()) for rule in RoutingRule.objects.active().in_order()
    ]
    if draft is not None:
        rule = draft["rule"]
        saved = [one for one in saved if one[1]["id"] != rule["id"]]
        saved.append(((draft["order"], rule["id"] or 2**62), rule))
    return [rule for _place, rule in sorted(saved, key=lambda one: one[0])]


def prepare(rows):
    """Put what the list shows on each rule: conditions, settings, and what of it is not in use."""
    data = {row.pk: row.as_data() for row in rows}
    known = names.Names.of_rules(data.values())
    for row in rows:
        rule = data[row.pk]
        row.shown_conditions = [
            names.condition_words(one, known) for one in rule["conditions"] if one["field"] in words.FIELDS
        ]  # fmt: skip
        row.shown_sets = names.set_words(rule["sets"], known)
        row.retired = names.retired_words(rule, known)


def lines_of(rows, rules):
    """[{record, has_trace, cells: [(label, was, would, is_changed)], rules}] of tried tickets."""
    pairs = [
        (name, value) for row in rows for side in (row.was, row.would)
        for name, value in side.items()
    ]  # fmt: skip
    known = names.Names(pairs)
    by_id = {rule["id"]: names.name_of(rule) for rule in rules}

    def shown(name, value):
        if name == "priority":
            return f"P{value}" if value else "–"
        return known.name(name, value)

    return [
        {
            "record": row.record, "has_trace": row.has_trace,
            "cells": [
                (LABELS[name], shown(name, row.was[name]), shown(name, row.would[name]),
                 name in row.changes)
                for name in dry_run.COMPARED
            ],
            "rules": [
                by_id[line["rule"]] for line in row.outcome["rules"] if line["result"] == "fired"
            ],
        }
        for row in rows
    ]  # fmt: skip
