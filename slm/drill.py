"""The clocks behind a figure: which ones an address asks for, and how a row of them reads.

Every figure of the dashboard links here with words that `Drill.read` understands; a word that is
none is left out.
"""

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from cmdb.models import Service
from people.models import Organization, SupportGroup
from people.visibility import organizations_for
from slm import figures, periods
from slm.terms import ClockState

STATES = {
    "met": gettext_lazy("kept"),
    "missed": gettext_lazy("breached"),
}
MOST_EXPORTED = 100_000


def clocks_href(span, measure, customer=None, **narrow):
    """The address of the clocks behind a figure. A part that is None means "without"; the others
    are keys and codes, which need no quoting: a dashboard has hundreds of these addresses."""
    parts = [f"&{name}={'none' if value is None else value}" for name, value in narrow.items()]
    owner = f"&c={customer.pk}" if customer is not None else ""
    return f"{_start(**span.query)}&m={measure}{''.join(parts)}{owner}"


@lru_cache(64)
def _start(**query):
    return f"{reverse('slm:clocks')}?{urlencode(query)}"


@dataclass(frozen=True)
class Drill:
    """`narrow` holds state, service, group and priority as figures.ended takes them."""

    measure: str
    span: periods.Span
    customer: Organization | None
    narrow: dict
    tokens: tuple

    @classmethod
    def read(cls, data, person, now):
        measure = data.get("m") if data.get("m") in figures.MEASURES else "resolve"
        narrow, tokens = {}, []
        state = data.get("state")
        if state in STATES:
            narrow["state"] = ClockState(state)
            tokens.append(("state", _("Result"), str(STATES[state])))
        for name, label, found in (
            ("service", _("Service"), Service.objects.visible_to(person)),
            ("group", _("Group"), SupportGroup.objects.all()),
        ):
            if data.get(name) == "none":
                narrow[name] = None
                tokens.append((name, label, nothing(name)))
            elif row := by_key(found, data.get(name)):
                narrow[name] = row.pk
                tokens.append((name, label, row.name))
        priority = data.get("priority", "")
        if priority == "none" or priority in ("1", "2", "3", "4", "5"):
            narrow["priority"] = None if priority == "none" else int(priority)
            words = nothing("priority") if priority == "none" else f"P{priority}"
            tokens.append(("priority", _("Priority"), words))
        customer = customer_of(data, person)
        if customer is not None:
            tokens.append(("c", _("Customer"), customer.name))
        return cls(measure, periods.asked(data, now), customer, narrow, tuple(tokens))

    def rows(self, person):
        return figures.ended(person, self.span, self.measure, customer=self.customer, **self.narrow)


def customer_of(data, person):
    """The organisation that an address names, where the reader may know of it."""
    return by_key(organizations_for(person), data.get("c"))


def by_key(queryset, text):
    if not (text or "").isdecimal() or len(text) > 18:
        return None
    return queryset.filter(pk=int(text)).first()


def nothing(part):
    return {
        "service": _("without a service"),
        "group": _("without a group"),
        "priority": pgettext("priority", "none"),
    }[part]


# --- export -----------------------------------------------------------------------------------


def csv_rows(found, zone):
    """Heading and cells. Words are looked up now: the rows are read after the request is over."""
    heading = [
        _("Number"), _("Subject"), _("Customer"), _("Service"), _("Group"), _("Priority"),
        _("Promise"), _("Agreement"), _("Calendar"), _("Time zone"), _("Started"), _("Ended"),
        _("Target (seconds)"), _("Taken (seconds)"), _("Result"),
    ]  # fmt: skip
    metrics = {str(code): str(label) for code, label in found.model.metric.field.choices}
    results = {str(code): str(label) for code, label in ClockState.choices}
    reader = {
        "service": name_of_language(), "zone": zone, "metrics": metrics, "results": results,
    }  # fmt: skip
    return _csv_lines(heading, found, reader)


def name_of_language():
    """The attribute of a bilingual name that goes first for this reader."""
    from core.templatetags.ui import language

    return ("name_zh", "name_en") if language() == "zh" else ("name_en", "name_zh")


def _csv_lines(heading, found, reader):
    yield heading
    first, second = reader["service"]

    def name(prefix, row):
        return row[f"{prefix}{first}"] or row[f"{prefix}{second}"] or ""

    parts = (
        "record__organization__",
        "record__service__",
        "team__",
        "calendar_version__calendar__",
    )
    names = [f"{part}{side}" for part in parts if part != "team__" for side in (first, second)]
    rows = found.order_by("-stopped_at", "-id").values(
        *names, "record__number", "record__title", "record__priority", "metric", "clock_kind",
        "group__name_en", "group__name_zh", "record__assigned_group__name_en",
        "record__assigned_group__name_zh", "agreement__number", "zone", "started_at",
        "stopped_at", "target_seconds", "elapsed_seconds", "state",
    )[:MOST_EXPORTED]  # fmt: skip
    zone = reader["zone"]
    for row in rows.iterator(chunk_size=2000):
        team = "group__" if row["clock_kind"] == "ola" else "record__assigned_group__"
        yield [
            row["record__number"], row["record__title"], name(parts[0], row), name(parts[1], row),
            name(team, row), row["record__priority"], reader["metrics"][row["metric"]],
            row["agreement__number"], name(parts[3], row), row["zone"],
            f"{row['started_at'].astimezone(zone):%Y-%m-%d %H:%M:%S}",
            f"{row['stopped_at'].astimezone(zone):%Y-%m-%d %H:%M:%S}",
            row["target_seconds"], row["elapsed_seconds"], reader["results"][row["state"]],
        ]  # fmt: skip
