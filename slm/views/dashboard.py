"""The dashboard of service levels and the clocks behind its figures. Every figure is a link."""

from datetime import timedelta
from hashlib import sha256

from django import forms
from django.contrib import messages
from django.core.cache import cache
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET

from core import formats, time
from core.access import Gate, access
from core.exports import csv_response
from core.paging import paginate
from core.templatetags import ui
from people.pickers import organization_field
from slm import charts, drawn, drill, figures, periods
from slm.drill import clocks_href
from slm.workspace_words import address

SERVICES_SHOWN = 8
GROUPS_SHOWN = 15  # the worst ones; all of them where the address says so
PARTS_SHOWN = 200  # of services and of groups; who has more asks for one customer


class CustomerForm(forms.Form):
    c = organization_field(label=gettext_lazy("Customer"), required=False)


@require_GET
@access(Gate.AGENT)
def index(request):
    person = request.user
    zone, instant = timezone.get_current_timezone(), time.now()
    now = instant.astimezone(zone)
    if "c_text" in request.GET:
        return chosen_customer(request)
    customer = drill.customer_of(request.GET, person)
    span = periods.span_of(request.GET.get("p", ""), now)
    found = figures.figures_of(person, span, customer, at=instant)
    weeks = figures.trend_of(person, now, customer)
    soon = instant + timedelta(seconds=figures.AT_RISK_SECONDS)
    at_present = figures.now_of(person, instant, soon, customer)
    queue = queue_href(customer)
    context = {
        "span": span, "customer": customer, "at": found.at,
        "customer_form": CustomerForm(initial={"c": customer.pk if customer else None}),
        "spans": [(label, span_href(key, customer), key == span.key)
                  for key, label in periods.KEYS.items()],
        "stats": stats_of(found, span, customer, at_present, queue, instant),
        "now": at_present,
        "risks": risk_rows(person, instant, at_present["first"]) if at_present["first"] else [],
        "queue": queue,
        "sections": sections_of(request, found, weeks, span, customer),
        "zone": formats.offset_text(now), "zone_name": getattr(zone, "key", ""),
        "is_restricted": not person.access.reads_everything,
    }  # fmt: skip
    return render(request, "slm/index.html", context)


def sections_of(request, found, weeks, span, customer):
    """What ended in the period, as text. It stands as long as the figures in it are the same."""
    shows_all = request.GET.get("groups") == "all"
    zone = timezone.get_current_timezone()
    about = (
        request.user.pk, ui.language(), zone, span, customer and customer.pk, shows_all, found.at,
        [(week.start, tallies) for week, tallies in weeks],
    )  # fmt: skip
    key = f"dashboard:{sha256(repr(about).encode()).hexdigest()}"
    text = cache.get(key)
    if text is None:
        context = {
            **services_of(found, span, customer),
            **groups_of(found, span, customer, shows_all=shows_all),
            "breaches": breaches_of(found, span, customer),
            "trend": trend_of(weeks, found, customer),
            "has_ended": any(tally.total for tally in found.now.values()),
        }
        text = render_to_string("slm/_figures.html", context, request)
        cache.set(key, text, figures.SECONDS_KEPT * 4)
    return text


def chosen_customer(request):
    """The form of the filter: on to an address that says the customer and nothing else."""
    form = CustomerForm(request.GET)
    customer = form.cleaned_data["c"] if form.is_valid() else None
    params = {"p": request.GET["p"]} if request.GET.get("p") in periods.KEYS else {}
    if customer is None and request.GET.get("c_text", "").strip():
        messages.error(request, " ".join(form.errors.get("c", [])))
    return redirect(span_href(params.get("p", periods.USUAL), customer))


def span_href(key, customer):
    found = f"{reverse('slm:index')}?p={key}"
    return f"{found}&c={customer.pk}" if customer else found


def queue_href(customer):
    """The queue of what is at risk; "" where no queue is served."""
    base = address("servicedesk:queue")
    if not base:
        return ""
    return f"{base}?sla=risk" + (f"&organization={customer.pk}" if customer else "")


# --- parts ------------------------------------------------------------------------------------


def stats_of(found, span, customer, at_present, queue, instant):
    """The five figures at the top: (label, value, unit, words, tone, icon, address)."""
    stats = [
        share_stat(found, measure, clocks_href(span, measure, customer), span)
        for measure in figures.ON_DASHBOARD
    ]
    tally = found.now["resolve"]
    tone = "danger" if tally.is_kept is False else ""
    stats.append({
        "label": _("Breached in this period"), "value": f"{tally.missed:,}",
        "unit": _("of %(count)s") % {"count": f"{tally.total:,}"}, "words": left_words(tally),
        "tone": tone, "icon": "octagon-alert" if tone else "flame",
        "href": clocks_href(span, "resolve", customer, state="missed"),
    })  # fmt: skip
    stats.append({
        "label": _("At risk now"), "value": f"{at_present['risk']:,}",
        "unit": _("of %(count)s open") % {"count": f"{at_present['open']:,}"},
        "words": next_words(at_present, instant),
        "tone": "warn" if at_present["risk"] else "", "icon": "alarm-clock", "href": queue,
    })  # fmt: skip
    return stats


def share_stat(found, measure, href, span):
    tally, former = found.now[measure], found.former[measure]
    tone = {True: "ok", False: "danger", None: ""}[tally.is_kept]
    words = []
    if tally.share is None:
        words.append(_("nothing ended yet"))
    if tally.goal is not None:
        words.append(_("target %(goal)s %%") % {"goal": charts.goal_text(tally.goal)})
    if change := charts.change_text(tally.share, former.share):
        words.append(f"{change} {periods.former_word(span.key)}")
    return {
        "label": str(figures.MEASURES[measure].label), "value": charts.percent_text(tally.share),
        "unit": "%" if tally.share is not None else "", "words": " · ".join(words), "tone": tone,
        "icon": {"ok": "circle-check", "danger": "octagon-alert", "": ""}[tone], "href": href,
    }  # fmt: skip


def left_words(tally):
    if tally.left is None:
        return ""
    goal = {"goal": charts.goal_text(tally.goal)}
    if tally.left < 0:
        return _("below the target of %(goal)s %%") % goal
    return ngettext(
        "%(count)d more allowed before %(goal)s %%", "%(count)d more allowed before %(goal)s %%",
        tally.left,
    ) % {"count": tally.left, **goal}  # fmt: skip


def next_words(at_present, instant):
    if at_present["next_at"] is None:
        return _("no breach ahead")
    left = (at_present["next_at"] - instant).total_seconds()
    return _("next breach in %(time)s") % {"time": formats.duration_text(left, ui.language())}


def risk_rows(person, now, first):
    """The first tickets at risk as they stand, with their clocks drawn: one statement."""
    zone, lang = timezone.get_current_timezone(), ui.language()
    found = (
        figures.open_queue(person)
        .filter(pk__in=first)
        .select_related("requester", "service", "assignee", "organization")
        .order_by("due_at", "priority", "pk")
    )
    rows = list(found)
    for row in rows:
        row.drawn = drawn.drawn(row.sla, now, zone, lang)
    return rows


def services_of(found, span, customer):
    """The worst services as a chart, all of them as a table."""
    parts = parts_of(found, "service", "resolve", span, customer)
    return {
        "services": charts.dots_of(parts[:SERVICES_SHOWN]),
        "all_services": charts.dots_of(parts[:PARTS_SHOWN]).rows,
        "hidden_services": max(len(parts) - SERVICES_SHOWN, 0),
    }


def parts_of(found, part, measure, span, customer):
    """[(name, address, Tally)] of a measure by service or group, the worst first."""
    rows = [(key, tally) for (kind, key), tally in getattr(found, part).items() if kind == measure]
    rows.sort(key=lambda row: (row[1].left if row[1].left is not None else 0, row[1].share))
    return [
        (name_of(found, part, key), clocks_href(span, measure, customer, **{part: key}), tally)
        for key, tally in rows
    ]


def name_of(found, part, key):
    if key is None:
        return drill.nothing(part).capitalize()
    first, second = found.names[part, key]
    return (second or first) if ui.language() == "zh" else (first or second)


def groups_of(found, span, customer, *, shows_all=False):
    """The worst groups, or all of them, and the address of all where some are left out."""
    tallies = {
        key: {m: found.group.get((m, key), figures.Tally()) for m in figures.ON_DASHBOARD}
        for key in {key for _kind, key in found.group}
    }
    keys = sorted(tallies, key=lambda key: _how_bad(tallies[key]["resolve"]))
    shown = keys[: PARTS_SHOWN if shows_all else GROUPS_SHOWN]
    rows = [_group_row(found, key, tallies[key], span, customer) for key in shown]
    hidden = 0 if shows_all else len(keys) - len(shown)
    href = f"{span_href(span.key, customer)}&groups=all#group-h" if hidden else ""
    return {"groups": rows, "all_groups": len(keys), "all_groups_href": href}


def _how_bad(solved):
    return (solved.share is None, solved.share or 0, -solved.total)


def _group_row(found, key, tallies, span, customer):
    """What a group solved, answered and kept among teams, each with its address."""
    solved = tallies["resolve"]
    cells = [
        (charts.percent_text(tally.share), charts.tone_of(tally),
         clocks_href(span, m, customer, group=key), tally.total)
        for m, tally in tallies.items()
    ]  # fmt: skip
    kept = float(solved.share) if solved.share is not None else 0
    return {
        "name": name_of(found, "group", key), "solved": solved, "cells": cells,
        "kept_width": f"{max(kept - 0.3, 0):.1f}%", "missed_x": f"{min(kept + 0.3, 100):.1f}%",
        "missed_width": f"{max(100 - kept - 0.3, 0):.1f}%",
        "missed_href": clocks_href(span, "resolve", customer, group=key, state="missed"),
    }  # fmt: skip


def breaches_of(found, span, customer):
    """Bars of what was breached, by priority."""
    rows = [
        (key, tally.missed)
        for (measure, key), tally in found.priority.items()
        if measure == "resolve" and tally.missed
    ]
    rows.sort(key=lambda row: row[0] or 9)
    return charts.bars_of([
        (f"P{key} {ui.priority_word(key)}" if key else _("No priority"),
         clocks_href(span, "resolve", customer, priority=key, state="missed"), count)
        for key, count in rows
    ])  # fmt: skip


def trend_of(weeks, found, customer):
    total = sum((tallies["resolve"] for _week, tallies in weeks), figures.Tally())
    return charts.trend_of(
        weeks, total.goal, [figures.MEASURES[m].label for m in ("resolve", "answer")],
        lambda week: _("W%(week)02d") % {"week": week.start.isocalendar().week},
        lambda week, measure: clocks_href(week, measure, customer),
    )  # fmt: skip


# --- the clocks behind a figure ---------------------------------------------------------------


@require_GET
@access(Gate.AGENT)
def clocks(request):
    if drop := request.GET.get("drop"):
        params = request.GET.copy()
        for name in (drop, "drop", "after", "before"):
            params.pop(name, None)
        return redirect(f"{reverse('slm:clocks')}?{params.urlencode()}")
    zone = timezone.get_current_timezone()
    asked = drill.Drill.read(request.GET, request.user, time.now().astimezone(zone))
    found = asked.rows(request.user)
    if request.GET.get("as") == "csv":
        return csv_response("clocks.csv", drill.csv_rows(found, zone))
    page = paginate(
        found.select_related(
            "record", "record__service", "record__organization", "record__assigned_group",
            "group", "agreement", "calendar_version__calendar",
        ),
        order=("-stopped_at", "-id"),
        after=request.GET.get("after", ""), before=request.GET.get("before", ""),
    )  # fmt: skip
    for clock in page:
        clock.team = clock.group if clock.clock_kind == "ola" else clock.record.assigned_group
        clock.over = max(clock.elapsed_seconds - clock.target_seconds, 0)
    total = found.count()
    context = {
        "asked": asked, "page": page, "total": total,
        "measure": figures.MEASURES[asked.measure].label,
        "measures": [(m.label, with_words(request, m=key), key == asked.measure)
                     for key, m in figures.MEASURES.items()],
        "spans": [(label, with_words(request, p=key, **{"from": None, "to": None}),
                   key == asked.span.key) for key, label in periods.KEYS.items()],
        "csv": with_words(request, **{"as": "csv"}),
        "last_day": asked.span.end - timedelta(days=1),
        "back": span_href(asked.span.key or periods.USUAL, asked.customer),
        "most_exported": drill.MOST_EXPORTED if total > drill.MOST_EXPORTED else 0,
    }  # fmt: skip
    return render(request, "slm/clocks.html", context)


def with_words(request, **changes):
    """This address with other words, from the first page on."""
    params = request.GET.copy()
    for name, value in {"after": None, "before": None, **changes}.items():
        params.pop(name, None)
        if value is not None:
            params[name] = value
    return f"?{params.urlencode()}"
