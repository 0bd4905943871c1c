"""Satisfaction in figures: the rule's own example, narrowing, weeks, and the page that drills down."""

import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from core import time
from records.models import Record
from servicedesk.models import SurveyResponse
from servicedesk.surveys import figures
from tests.servicedesk.test_feedback import complain

pytestmark = pytest.mark.feature("SD-14")
VECTOR = json.loads((Path(__file__).parents[1] / "vectors.json").read_text())["D2_csat"]


@pytest.mark.parametrize("vector", [pytest.param(VECTOR, id="D2")])
def test_the_example_of_the_rules(vector):
    found = figures.of_scores(vector["scores"])

    assert found.csat == Decimal("62.50")
    assert found.mean == Decimal("3.625")


def test_nothing_asked_is_no_figure():
    empty = figures.Figures()

    assert (empty.csat, empty.mean, empty.response_rate) == (None, None, None)


@given(st.lists(st.integers(1, 5), max_size=60), st.integers(0, 60))
def test_rates_agree_with_counting_on_the_fingers(scores, silent):
    found = figures.of_scores(scores, sent=len(scores) + silent)

    good = len([one for one in scores if one in (4, 5)])
    if scores:
        assert abs(found.csat - Decimal(100 * good) / len(scores)) <= Decimal("0.005")
        assert abs(found.mean - Decimal(sum(scores)) / len(scores)) <= Decimal("0.0005")
        whole = len(scores) + silent
        assert abs(found.response_rate - Decimal(100 * len(scores)) / whole) <= Decimal("0.005")
    else:
        assert found.csat is None


def survey(world, score, *, service=None, group=None, days_ago=1, comment="", **fields):
    """A row as the actions write it, on a record of its own."""
    sent = time.now() - timedelta(days=days_ago)
    record = complain(
        world, feedback_kind="compliment", service=service or world.erp, at=sent, **fields
    )
    return SurveyResponse.objects.create(
        record=record, person=record.requester, service=service or world.erp,
        desk=world.central, group=group or world.second_line, token=record.number, sent_at=sent,
        closes_at=sent + timedelta(days=14), score=score, comment=comment,
        answered_at=sent if score else None,
    )  # fmt: skip


@pytest.mark.django_db
def test_the_database_counts_as_the_rules_do(world):
    for score in (5, 5, 4, 4, 3, 2, 5, 1, None, None):
        survey(world, score)

    found = figures.figures_of(SurveyResponse.objects.visible_to(world.manager))

    assert (found.csat, found.mean) == (Decimal("62.50"), Decimal("3.625"))
    assert (found.sent, found.answered, found.response_rate) == (10, 8, Decimal("80.00"))


@pytest.mark.django_db
def test_by_service_the_least_content_stands_first(world):
    survey(world, 5)
    survey(world, 1, service=world.mail)

    found = figures.by(SurveyResponse.objects.all(), "service")

    assert [(one, counted.csat) for one, counted in found] == [
        (world.mail, Decimal("0.00")), (world.erp, Decimal("100.00")),
    ]  # fmt: skip


@pytest.mark.django_db
def test_weeks_without_a_survey_stand_in_the_trend_too(world):
    survey(world, 5, days_ago=1)
    now = time.now()

    weeks = figures.by_week(SurveyResponse.objects.all(), now - timedelta(weeks=4), now)

    assert len(weeks) in {4, 5}
    assert sum(counted.sent for _day, counted in weeks) == 1
    assert weeks[0][1].csat is None


@pytest.mark.django_db
def test_only_surveys_on_visible_records_count(world):
    hidden = survey(world, 1)
    Record.objects.filter(pk=hidden.record_id).update(
        confidentiality="security", assigned_group=None, owner_group=None
    )
    survey(world, 5)

    seen = figures.figures_of(SurveyResponse.objects.visible_to(world.manager))

    assert (seen.sent, seen.csat) == (1, Decimal("100.00"))


def sign_in(client, person):
    client.force_login(person, backend="people.backends.PersonBackend")


@pytest.mark.django_db
def test_each_figure_of_the_page_leads_to_as_many_rows(world, client):
    for score in (5, 4, 2, None):
        survey(world, score, comment="Word" if score else "")
    sign_in(client, world.desk_manager)

    page = client.get(reverse("servicedesk:satisfaction"))

    counts = {"content": 2, "answered": 3, "sent": 4, "low": 1}
    links = {label: href for label, _v, _u, _d, href in page.context["stats"]}
    for href in links.values():
        rows = client.get(href).context["page"].rows
        assert len(rows) == counts[href.partition("show=")[2].partition("&")[0]]
    assert page.content.decode().count("Word") == 3


@pytest.mark.django_db
def test_a_page_of_a_service_and_of_a_week_narrows(world, client):
    survey(world, 5)
    survey(world, 1, service=world.mail)
    survey(world, 3, days_ago=20)
    sign_in(client, world.desk_manager)
    answers = reverse("servicedesk:satisfaction_answers")

    of_mail = client.get(answers, {"service": world.mail.pk}).context["page"].rows
    week = (time.now() - timedelta(days=20)).date().isoformat()
    of_week = client.get(answers, {"week": week}).context["page"].rows

    assert [row.score for row in of_mail] == [1]
    assert [row.score for row in of_week] == [3]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query", ["?p=x", "?week=nonsense", "?service=99999", "?show=all", "?after=%%%", "?group=0"]
)
def test_strange_addresses_are_answered(world, client, query):
    sign_in(client, world.desk_manager)

    for name in ("satisfaction", "satisfaction_answers"):
        assert client.get(reverse(f"servicedesk:{name}") + query).status_code == 200


@pytest.mark.django_db
def test_the_empty_page_says_so(world, client):
    sign_in(client, world.lead)

    page = client.get(reverse("servicedesk:satisfaction"))

    assert page.status_code == 200
    assert "Nobody was asked in this time" in page.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("who", "status"), [("agent", 403), ("requester", 403), ("lead", 200)])
def test_figures_are_for_managers_and_leads(world, client, who, status):
    sign_in(client, getattr(world, who))

    assert client.get(reverse("servicedesk:satisfaction")).status_code == status


@pytest.mark.django_db
def test_the_desk_manager_sets_how_often_a_service_is_asked_about(world, client):
    sign_in(client, world.desk_manager)
    url = reverse("servicedesk:survey_rates")

    bad = client.post(url, {"service": world.erp.code, "percent": "101"})
    good = client.post(url, {"service": world.erp.code, "percent": "10"})

    assert (bad.status_code, good.status_code) == (422, 302)
    assert world.erp.survey_rate.percent == 10
    client.post(reverse("servicedesk:survey_rate_remove", args=[world.erp.survey_rate.pk]))
    assert not type(world.erp.survey_rate).objects.exists()


@pytest.mark.django_db
def test_a_lead_does_not_set_it(world, client):
    sign_in(client, world.lead)

    answer = client.post(
        reverse("servicedesk:survey_rates"), {"service": world.erp.code, "percent": "10"}
    )

    assert answer.status_code == 403
