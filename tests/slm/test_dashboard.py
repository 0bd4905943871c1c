"""The dashboard: figures equal a plain recount over visible rows, and each leads to its rows."""

import csv
import io
import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.urls import reverse

from core import time
from core.exports import defused
from people.models import Person
from records.models import Record
from slm import charts, drill, figures, periods
from slm.models import Clock
from tests.slm.stories import report
from tests.world import SHANGHAI, promise

pytestmark = [pytest.mark.django_db, pytest.mark.feature("RP-01")]
METRICS = ("response", "resolution", "fulfilment", "update")


@pytest.fixture
def estate(world):
    """A dozen tickets of every sort, with clocks that ended at random in the last weeks."""
    chance = random.Random(7)
    world.now = time.now().astimezone(SHANGHAI)
    world.promise = promise(
        world, ("response", 1, {"attainment_goal_pct": 90}),
        ("resolution", 8, {"attainment_goal_pct": 80}),
    )  # fmt: skip
    targets = {target.metric: target for target in world.promise.targets.all()}
    world.records = []
    for n in range(12):
        made = report(world, at=world.now - timedelta(days=40), title=f"Ticket {n}")
        Record.objects.filter(pk=made.pk).update(
            service=chance.choice([world.erp, world.mail, None]),
            assigned_group=chance.choice([world.central, world.local, world.second_line]),
            assignee=None, priority=chance.choice([1, 2, 3, None]),
            confidentiality=["normal", "normal", "normal", "restricted", "security"][n % 5],
            organization=chance.choice([world.sales, world.other]),
        )  # fmt: skip
        world.records.append(Record.objects.get(pk=made.pk))
    Clock.objects.all().update(is_excluded=True)
    version = world.calendar.versions.get()
    rows = []
    for record in world.records:
        for cycle in range(1, 15):
            kind = chance.choice(["sla", "sla", "ola"])
            metric = "resolution" if kind == "ola" else chance.choice(METRICS)
            state = chance.choice(["met", "met", "missed", "cancelled", "running", "paused"])
            ended = world.now - timedelta(minutes=chance.randrange(60 * 24 * 100))
            rows.append(Clock(
                record=record, metric=metric, clock_kind=kind, cycle=cycle, state=state,
                agreement=world.promise, target=targets.get(metric), target_seconds=3600,
                group=chance.choice([world.central, world.second_line]) if kind == "ola" else None,
                calendar_version=version, started_at=ended - timedelta(hours=2),
                stopped_at=ended if state in ("met", "missed", "cancelled") else None,
                elapsed_at=ended, elapsed_seconds=chance.randrange(7200),
                due_at=ended, is_excluded=chance.random() < 0.1,
            ))  # fmt: skip
    Clock.objects.bulk_create(rows)
    return world


def span_of(key, world):
    return periods.span_of(key, world.now)


def recount(world, person, span, measure, keep=lambda clock: True):
    """(total, missed, goal) by a loop over every clock."""
    visible = set(Record.objects.visible_to(person).values_list("pk", flat=True))
    metrics = {
        "resolve": ("sla", {"resolution", "fulfilment", "problem_resolve"}),
        "answer": ("sla", {"response"}),
        "ola": ("ola", {"resolution", "fulfilment", "problem_resolve"}),
    }[measure]
    total = missed = 0
    goals = []
    for clock in Clock.objects.select_related("record", "target"):
        if clock.clock_kind != metrics[0] or clock.metric not in metrics[1]:
            continue
        if clock.state not in ("met", "missed") or clock.is_excluded:
            continue
        if clock.record_id not in visible or not span.start <= clock.stopped_at < span.end:
            continue
        if not keep(clock):
            continue
        total += 1
        missed += clock.state == "missed"
        if clock.target and clock.target.attainment_goal_pct is not None:
            goals.append(clock.target.attainment_goal_pct)
    return total, missed, (sum(goals) / len(goals) if goals else None)


def brief(tally):
    goal = None if tally.goal is None else round(float(tally.goal), 6)
    return tally.total, tally.missed, goal


def rounded(counted):
    total, missed, goal = counted
    return total, missed, None if goal is None else round(float(goal), 6)


PEOPLE = ["manager", "agent", "local_agent", "specialist", "security"]


@pytest.mark.parametrize("who", PEOPLE)
def test_figures_equal_a_recount_over_visible_rows(estate, who):
    person = getattr(estate, who)

    for key in periods.KEYS:
        span = span_of(key, estate)
        found = figures.figures_of(person, span, at=estate.now)

        for measure in figures.ON_DASHBOARD:
            assert brief(found.now[measure]) == rounded(recount(estate, person, span, measure))
            former = recount(estate, person, periods.former_of(span), measure)
            assert brief(found.former[measure]) == rounded(former)


@pytest.mark.parametrize("who", ["manager", "specialist"])
def test_parts_add_up_and_equal_a_recount(estate, who):
    person, span = getattr(estate, who), span_of("quarter", estate)

    found = figures.figures_of(person, span, at=estate.now)

    columns = {
        "service": lambda clock: clock.record.service_id,
        "group": lambda clock: (
            clock.group_id if clock.clock_kind == "ola" else clock.record.assigned_group_id
        ),
        "priority": lambda clock: clock.record.priority,
    }
    for part, column in columns.items():
        tallies = getattr(found, part)
        for (measure, key), tally in tallies.items():
            counted = recount(
                estate, person, span, measure, lambda c, column=column, key=key: column(c) == key
            )
            assert brief(tally) == rounded(counted)
        for measure in figures.ON_DASHBOARD:
            total = sum(tally.total for (m, _), tally in tallies.items() if m == measure)
            assert total == found.now[measure].total


@pytest.mark.parametrize("who", ["manager", "specialist", "security"])
def test_each_week_of_the_trend_equals_a_recount(estate, who):
    person = getattr(estate, who)

    weeks = figures.trend_of(person, estate.now)

    assert len(weeks) == 13
    assert weeks[-1][0].start <= estate.now < weeks[-1][0].end
    for week, tallies in weeks:
        for measure, tally in tallies.items():
            assert brief(tally) == rounded(recount(estate, person, week, measure))


def test_a_customer_counts_with_what_belongs_to_it(estate):
    span = span_of("quarter", estate)
    inside = {estate.head.pk, estate.sales.pk}

    found = figures.figures_of(estate.manager, span, estate.head, at=estate.now)

    counted = recount(
        estate, estate.manager, span, "resolve", lambda c: c.record.organization_id in inside
    )
    assert brief(found.now["resolve"]) == rounded(counted)
    assert 0 < counted[0] < recount(estate, estate.manager, span, "resolve")[0]


def test_the_vector_of_the_rules_gives_94_per_cent():
    tally = figures.Tally(200, 12, Decimal(95) * 200, 200)

    assert (tally.share, charts.percent_text(tally.share)) == (94, "94.0")
    assert tally.is_kept is False
    assert tally.left == -2


def test_a_share_below_its_goal_is_never_shown_as_the_goal():
    tally = figures.Tally(10_000, 501, Decimal(95) * 10_000, 10_000)

    assert charts.percent_text(tally.share) == "94.9"
    assert charts.tone_of(tally) == "danger"


# --- the rows behind --------------------------------------------------------------------------


def pages_of(client, href):
    """Every clock behind an address, over all its pages, and the heading's number."""
    found, answer = [], client.get(href)
    total = answer.context["total"]
    while True:
        page = answer.context["page"]
        found += [clock.pk for clock in page]
        if not page.after:
            return found, total
        answer = client.get(f"{href}&after={page.after}")


@pytest.mark.parametrize("who", ["manager", "specialist"])
def test_every_figure_leads_to_as_many_rows(estate, who, client, monkeypatch):
    person = getattr(estate, who)
    monkeypatch.setattr(type(person), "zone_name", "Asia/Shanghai")
    client.force_login(person)
    dashboard = client.get(reverse("slm:index"), {"p": "quarter"}).context

    checked = 0
    for stat in dashboard["stats"][:3]:
        found, total = pages_of(client, stat["href"])
        assert len(set(found)) == len(found) == total
        measure = parse_qs(urlsplit(stat["href"]).query)["m"][0]
        assert total == recount(estate, person, span_of("quarter", estate), measure)[0]
    for row in dashboard["services"].rows:
        assert pages_of(client, row.href)[1] == row.total
        checked += 1
    for row in dashboard["groups"]:
        for _percent, _tone, href, total in row["cells"]:
            assert pages_of(client, href)[1] == total
        assert pages_of(client, row["missed_href"])[1] == row["solved"].missed
        checked += 1
    for _label, href, count, _width in dashboard["breaches"]:
        assert pages_of(client, href)[1] == count
        checked += 1
    for _week, cells in dashboard["trend"].rows:
        for _percent, tally, href in cells:
            assert pages_of(client, href)[1] == tally.total
    assert checked >= 3


def test_the_worst_groups_are_shown_and_the_others_are_one_click_away(estate, client, monkeypatch):
    client.force_login(estate.manager)
    address = {"p": "quarter"}
    everything = client.get(reverse("slm:index"), address).context
    monkeypatch.setattr("slm.views.dashboard.GROUPS_SHOWN", 1)
    cache.clear()  # the page keeps its text while its figures are the same

    few = client.get(reverse("slm:index"), address).context
    following = client.get(few["all_groups_href"].partition("#")[0]).context

    names = [row["name"] for row in everything["groups"]]
    assert len(names) > 1
    assert everything["all_groups_href"] == ""
    assert [row["name"] for row in few["groups"]] == names[:1]
    assert [row["name"] for row in following["groups"]] == names
    assert following["all_groups_href"] == ""


def test_paging_shows_every_clock_once(estate, client):
    client.force_login(estate.manager)
    base = Clock.objects.filter(state="met", clock_kind="sla", metric="resolution").first()
    rows = []
    for n in range(120):
        base.pk, base.cycle, base.is_excluded = None, 1000 + n, False
        rows.append(Clock(**{
            field.attname: getattr(base, field.attname)
            for field in Clock._meta.concrete_fields if field.name != "id"
        }))  # fmt: skip
        rows[-1].stopped_at = estate.now.replace(microsecond=0)
    Clock.objects.bulk_create(rows)

    found, total = pages_of(client, f"{reverse('slm:clocks')}?m=resolve&p=quarter")

    assert total >= 120
    assert len(found) == len(set(found)) == total


def test_what_is_at_risk_now_is_what_the_queue_shows(estate, client):
    from servicedesk.queue.urgency import in_lane

    now = time.now()
    soon = now + timedelta(seconds=figures.AT_RISK_SECONDS)
    ids = [record.pk for record in estate.records]
    for pk, due in zip(ids, (-90, -5, 20, 59, 61, 600), strict=False):
        Record.objects.filter(pk=pk).update(due_at=now + timedelta(minutes=due), sla_status="ok")
    Record.objects.filter(pk=ids[5]).update(sla_status="warning")
    Record.objects.filter(pk__in=ids[6:]).update(due_at=None, sla_status="paused")

    for person in (estate.manager, estate.specialist):
        found = figures.now_of(person, now, soon)
        rows = Record.objects.queue_of(person).filter(phase__in=["open", "waiting"])
        assert found["open"] == rows.count()
        assert found["risk"] == rows.filter(in_lane("risk", now)).count()
        assert found["breached"] == rows.filter(in_lane("breached", now)).count()
    client.force_login(estate.manager)
    context = client.get(reverse("slm:index")).context
    visible = Record.objects.visible_to(estate.manager).filter(pk__in=[*ids[:4], ids[5]])
    assert context["now"]["risk"] == visible.count() >= 3
    assert [row.pk for row in context["risks"]][:2] == ids[:2]


# --- pages ------------------------------------------------------------------------------------


@pytest.mark.parametrize("locale", ["en", "zh-hans"])
def test_the_page_speaks_both_languages(estate, client, locale):
    estate.manager.locale = locale
    estate.manager.save()
    client.force_login(estate.manager)

    for key in ("", "today", "week", "month", "quarter", "nonsense"):
        answer = client.get(reverse("slm:index"), {"p": key, "c": estate.head.pk})

        assert answer.status_code == 200
        assert f'lang="{"zh-Hans" if locale != "en" else "en"}"' in answer.text
        assert client.get(reverse("slm:clocks"), {"p": key, "m": "answer"}).status_code == 200


def test_an_empty_desk_says_what_is_missing(world, client):
    client.force_login(world.manager)

    answer = client.get(reverse("slm:index"))

    assert answer.status_code == 200
    assert answer.text.count('class="empty"') >= 4
    empty = client.get(reverse("slm:clocks"), {"m": "ola"})
    assert 'class="empty"' in empty.text


def test_only_those_who_work_here_see_figures(world, client):
    client.force_login(world.requester)

    assert client.get(reverse("slm:index")).status_code == 403
    assert client.get(reverse("slm:clocks")).status_code == 403


def test_the_dashboard_costs_few_statements_and_no_more_with_more_rows(
    estate, client, django_assert_max_num_queries
):
    from django.core.cache import cache

    client.force_login(estate.manager)
    client.get(reverse("slm:index"))
    cache.clear()

    with django_assert_max_num_queries(15):
        client.get(reverse("slm:index"), {"p": "quarter"})
    with django_assert_max_num_queries(15):
        client.get(reverse("slm:clocks"), {"p": "quarter"})


def test_words_that_are_none_are_left_out(estate, client):
    client.force_login(estate.manager)
    odd = {
        "m": "x", "p": "y", "from": "2026-13-45", "to": "no", "service": "9" * 30, "group": "-1",
        "priority": "7", "state": "?", "c": "1e3", "after": "%%%",
    }  # fmt: skip

    answer = client.get(reverse("slm:clocks"), odd)

    assert answer.status_code == 200
    assert answer.context["asked"].narrow == {}


def test_the_customer_is_chosen_by_name(estate, client):
    client.force_login(estate.manager)

    answer = client.get(reverse("slm:index"), {"p": "week", "c": "", "c_text": "SALES"})

    assert answer["Location"] == f"{reverse('slm:index')}?p=week&c={estate.sales.pk}"


@pytest.mark.feature("SL-15")
def test_a_row_names_its_agreement_and_calendar(estate, client):
    client.force_login(estate.manager)

    text = client.get(reverse("slm:clocks"), {"p": "quarter"}).text

    assert estate.promise.number in text
    assert "China" in text


# --- export -----------------------------------------------------------------------------------


def exported(answer):
    text = b"".join(answer.streaming_content).decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:])))


@pytest.mark.feature("RP-05")
@pytest.mark.parametrize("who", ["manager", "specialist"])
def test_the_download_holds_the_visible_rows_with_chinese_and_without_formulas(estate, client, who):
    person = getattr(estate, who)
    Record.objects.filter(pk__in=[r.pk for r in estate.records]).update(title="=1+1 无法登录")
    client.force_login(person)
    address = reverse("slm:clocks")
    total = client.get(address, {"p": "quarter"}).context["total"]

    heading, *rows = exported(client.get(address, {"p": "quarter", "as": "csv"}))

    assert len(rows) == total > 0
    assert {row[1] for row in rows} == {"'=1+1 无法登录"}
    assert "Subject" in heading
    visible = set(Record.objects.visible_to(person).values_list("number", flat=True))
    assert {row[0] for row in rows} <= visible


@pytest.mark.feature("RP-05")
@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "＝1", "  =1"])
def test_text_that_begins_like_a_formula_is_defused(text):
    assert defused(text) == f"'{text}"


def test_numbers_and_plain_text_stay_as_they_are():
    assert [defused(value) for value in (-1, 2.5, "a=b", "中文", None)] == [
        -1,
        2.5,
        "a=b",
        "中文",
        "",
    ]


# --- periods ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "first", "last", "former"),
    [
        ("today", date(2026, 1, 1), date(2026, 1, 2), date(2025, 12, 31)),
        ("week", date(2025, 12, 29), date(2026, 1, 5), date(2025, 12, 22)),
        ("month", date(2026, 1, 1), date(2026, 2, 1), date(2025, 12, 1)),
        ("quarter", date(2026, 1, 1), date(2026, 4, 1), date(2025, 10, 1)),
    ],
)
def test_periods_begin_and_end_on_the_readers_wall_clock(key, first, last, former):
    # 17:00 UTC on the last day of the year is the new year already in Shanghai
    now = datetime(2025, 12, 31, 17, tzinfo=UTC).astimezone(ZoneInfo("Asia/Shanghai"))

    span = periods.span_of(key, now)

    assert (span.start.date(), span.end.date()) == (first, last)
    assert span.start.utcoffset() == timedelta(hours=8)
    assert periods.former_of(span).start.date() == former
    assert periods.former_of(span).end == span.start


@pytest.mark.parametrize("low", [0, 50, 84.9, 85, 97, 100])
def test_every_dot_and_tick_lies_on_the_scale(low):
    parts = [
        ("a", "", figures.Tally(1000, 1000 - int(low * 10), Decimal(95) * 1000, 1000)),
        ("b", "", figures.Tally(3, 0)),
    ]

    dots = charts.dots_of(parts)

    for row in dots.rows:
        assert 0 <= float(row.x.rstrip("%")) <= 100
        assert float(row.bar_width.rstrip("%")) >= 0
    assert drill.STATES.keys() == {"met", "missed"}


def test_what_is_kept_answers_like_what_is_fresh(estate):
    fresh = figures.trend_of(estate.manager, estate.now)

    assert figures.trend_of(estate.manager, estate.now) == fresh


def test_old_figures_are_made_anew_by_one_reader_only(monkeypatch):
    moments = iter([0, 100, 100, 100])
    monkeypatch.setattr("core.keeping.monotonic", lambda: next(moments))
    figures.kept("some", lambda: "old", 30)
    asked = []

    def make():
        asked.append(figures.kept("some", lambda: "never", 30))  # another reader, meanwhile
        return "new"

    assert figures.kept("some", make, 30) == "new"
    assert asked == ["old"]


def test_the_text_of_the_figures_is_kept_only_while_they_are_the_same(estate, client):
    client.force_login(estate.manager)
    address = reverse("slm:index")

    first = client.get(address, {"p": "quarter"}).content.decode()
    again = client.get(address, {"p": "quarter"})
    chinese = client.get(address, {"p": "quarter"}, headers={"accept-language": "zh"})
    Person.objects.filter(pk=estate.manager.pk).update(locale="zh-hans")
    translated = client.get(address, {"p": "quarter"}).content.decode()
    cache.clear()
    Clock.objects.filter(state="missed").update(is_excluded=True)
    changed = client.get(address, {"p": "quarter"}).content.decode()

    assert again.context.get("groups") is None  # its text was kept
    assert chinese.status_code == 200
    assert "By group" in first
    assert "By group" not in translated
    assert translated != changed
