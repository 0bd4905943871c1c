"""Agreements by API: the same guarded actions as the pages, and the same chain check in words."""

from datetime import date

import pytest
from rest_framework.test import APIClient

from slm.actions import agreements, underpinning
from slm.models import Agreement
from tests.slm.test_agreement_pages import draft, part
from tests.world import promise

pytestmark = pytest.mark.django_db


def as_(person):
    client = APIClient()
    client.force_authenticate(person)
    return client


def url(agreement, name=""):
    return f"/api/v1/agreements/{agreement.number}/" + (f"{name}/" if name else "")


def state(agreement):
    return Agreement.objects.get(pk=agreement.pk).state


@pytest.fixture
def too_short(world):
    """An SLA of two hours over an OLA of four, being negotiated."""
    sla = draft(world, ("resolution", 2))
    part(world, sla, 4, group=world.second_line)
    agreements.move(sla, "negotiate", by=world.manager)
    return sla


@pytest.mark.feature("SL-02", "AP-01")
def test_the_chain_check_warns_by_api_in_the_words_of_the_page(client, world, too_short):
    client.force_login(world.manager, backend="people.backends.PersonBackend")
    page = client.get(too_short.get_absolute_url()).text

    verdict = as_(world.manager).get(url(too_short, "chain_check")).json()

    (check,) = verdict["failed"]
    assert verdict["is_ok"] is False
    assert check["result"] in page
    assert check["path"][0].split(":")[0] in page


@pytest.mark.feature("SL-02", "AP-01")
def test_a_chain_that_fails_is_submitted_by_api_only_with_a_reason(world, too_short):
    api = as_(world.manager)

    refused = api.post(url(too_short, "submit"), {}, format="json")
    assert (refused.status_code, state(too_short)) == (400, "negotiating")
    assert "reason" in refused.json()["errors"]

    taken = api.post(url(too_short, "submit"), {"reason": "The team grows"}, format="json")
    assert (taken.status_code, taken.json()["state"]) == (200, "awaiting_signature")
    assert too_short.timeline.filter(body="The team grows").exists()


def test_no_plain_step_gets_round_the_check(world, too_short):
    for name in ("submit_signature", "activate", "terminate", "supersede"):
        with pytest.raises(ValueError, match="no plain step"):
            agreements.move(too_short, name, by=world.manager)

    assert as_(world.manager).post(url(too_short, "submit_signature")).status_code == 404
    assert state(too_short) == "negotiating"


@pytest.mark.feature("AP-01")
def test_the_whole_life_of_an_agreement_by_api(world):
    sla, api = draft(world), as_(world.manager)
    steps = [
        ("negotiate", {}, "negotiating"), ("submit", {}, "awaiting_signature"),
        ("send_back", {"comment": "Too dear"}, "negotiating"), ("submit", {}, "awaiting_signature"),
        ("sign", {}, "signed"), ("activate", {}, "active"), ("start_review", {}, "under_review"),
        ("end_review", {}, "active"),
        ("terminate", {"day": "2026-12-01", "reason": "Moved away"}, "terminated"),
    ]  # fmt: skip

    for name, inputs, expected in steps:
        answer = api.post(url(sla, name), inputs, format="json")
        assert (answer.status_code, answer.json()["state"]) == (200, expected), name


@pytest.mark.feature("SL-13")
def test_a_revision_by_api_keeps_what_holds_it_up(world):
    sla = promise(world, ("resolution", 8))
    below = part(world, sla, 4, group=world.second_line)

    answer = as_(world.manager).post(
        url(sla, "revise"), {"valid_from": "2026-11-01", "valid_until": "2026-12-31"}, format="json"
    )

    made = Agreement.objects.get(number=answer.json()["number"])
    assert (answer.status_code, made.state, made.version_no) == (201, "draft", 2)
    assert (made.valid.lower, made.valid.upper) == (date(2026, 11, 1), date(2027, 1, 1))
    assert list(made.underpinned_by.all()) == [below]
    assert answer.json()["targets"][0]["metric"] == "resolution"


def test_bad_days_and_unknown_words_are_told_at_their_fields(world):
    sla, api = promise(world, ("resolution", 8)), as_(world.manager)

    backwards = api.post(
        url(sla, "revise"), {"valid_from": "2026-11-02", "valid_until": "2026-11-01"}, format="json"
    )
    unknown = api.post(url(sla, "start_review"), {"who": "me"}, format="json")

    assert (backwards.status_code, set(backwards.json()["errors"])) == (400, {"valid_until"})
    assert (unknown.status_code, set(unknown.json()["errors"])) == (400, {"who"})
    assert state(sla) == "active"


def test_a_version_that_is_not_the_present_one_is_refused(world):
    sla = draft(world)

    answer = as_(world.manager).post(url(sla, "negotiate"), {"version": 99}, format="json")

    assert (answer.status_code, state(sla)) == (409, "draft")


@pytest.mark.feature("SE-01")
@pytest.mark.parametrize(
    ("who", "reads", "takes"),
    [("manager", 200, 200), ("agent", 200, 403), ("auditor", 200, 403), ("requester", 404, 404),
     ("stranger", 404, 404)],
)  # fmt: skip
def test_who_reads_and_who_takes_steps(world, who, reads, takes):
    sla, api = draft(world, customer=world.other), as_(getattr(world, who))
    # a draft is not shown to customers, and not to other organisations
    assert api.get(url(sla)).status_code == reads
    listed = api.get("/api/v1/agreements/").json()["results"]
    assert [row["number"] for row in listed] == ([sla.number] if reads == 200 else [])

    assert api.post(url(sla, "negotiate"), {}, format="json").status_code == takes


def test_a_list_costs_the_same_however_long_it_is(world, django_assert_max_num_queries):
    api = as_(world.manager)
    for number in range(3):
        underpinning.create(
            by=world.manager, agreement_kind="ola", title=f"OLA {number}",
            organization=world.head, provider_group=world.second_line, calendar=world.calendar,
            valid=draft(world).valid, targets=[{"metric": "resolution", "value": 60}],
        )  # fmt: skip

    with django_assert_max_num_queries(8):
        answer = api.get("/api/v1/agreements/")

    assert len(answer.json()["results"]) == 6
