"""The chain check: whether OLAs and UCs can carry an SLA (vector S2)."""

from datetime import date

import pytest

from calendars.engine import NeverOpens
from slm.engine.chain import Promise, check, probe_instants

from .calendars_for_tests import HOUR, SHANGHAI, sh, timetable_of

WEEK = {"week": date(2026, 10, 12), "zone": SHANGHAI}


def promise(name, hours, calendar="CN"):
    return Promise(name, int(hours * HOUR), calendar, timetable_of(calendar))


@pytest.mark.vector
def test_s2_seven_hours_of_parts_leave_one_of_eight():
    parts = [promise("OLA desk", 1), promise("OLA server", 4), promise("UC", 2)]

    result = check(promise("SLA", 8), parts, **WEEK)

    assert (result.is_ok, result.slack_seconds) == (True, HOUR)
    assert result.path == ("OLA desk", "OLA server", "UC")
    assert result.probes == ()


def test_parts_that_add_up_to_the_target_are_ok_and_a_second_more_is_not():
    exact = check(promise("SLA", 2), [promise("OLA", 1), promise("UC", 1)], **WEEK)
    over = check(promise("SLA", 2), [promise("OLA", 1), promise("UC", 1 + 1 / HOUR)], **WEEK)

    assert (exact.is_ok, exact.slack_seconds) == (True, 0)
    assert (over.is_ok, over.slack_seconds) == (False, -1)


def test_a_path_without_parts_has_the_whole_target_as_slack():
    result = check(promise("SLA", 8), [], **WEEK)

    assert (result.is_ok, result.slack_seconds, result.path) == (True, 8 * HOUR, ())


def test_probes_stand_at_nine_and_five_of_each_weekday():
    probes = probe_instants(**WEEK)

    assert len(probes) == 14
    assert (probes[0], probes[1], probes[-1]) == (sh(12, 9), sh(12, 17), sh(18, 17))


def test_a_supplier_who_works_office_hours_cannot_carry_a_promise_round_the_clock():
    sla, parts = promise("SLA", 8, "24x7"), [promise("desk", 1, "24x7"), promise("UC", 2)]

    result = check(sla, parts, **WEEK)

    assert not result.is_ok
    assert len(result.probes) == 14
    monday = result.probes[0]
    assert (monday.part_ends_at, monday.due_at) == ((sh(12, 10), sh(12, 12)), sh(12, 17))
    assert (monday.is_ok, monday.slack_seconds) == (True, 5 * HOUR)
    # from Friday 17:00: the desk has it at 18:00, the supplier on Monday from 09:00 to 11:00
    assert result.worst.from_at == sh(16, 17)
    assert (result.worst.ends_at, result.worst.due_at) == (sh(19, 11), sh(17, 1))
    assert result.slack_seconds == -(2 * 24 + 10) * HOUR


def test_parts_that_work_longer_than_the_agreement_carry_it():
    result = check(promise("SLA", 8), [promise("UC", 8, "24x7")], **WEEK)

    assert result.is_ok
    # from 17:00: the part ends at 01:00, off hours of the agreement, of which 7 h remain then
    assert result.slack_seconds == min(probe.slack_seconds for probe in result.probes) >= 0


def test_ending_late_in_off_hours_is_late_with_no_slack_lost():
    sla = promise("SLA", 1)
    parts = [promise("UC", 1.5, "24x7")]

    result = check(sla, parts, **WEEK)
    monday_evening = result.probes[1]

    assert not result.is_ok
    assert (monday_evening.due_at, monday_evening.ends_at) == (sh(12, 18), sh(12, 18, 30))
    assert (monday_evening.is_ok, monday_evening.slack_seconds) == (False, 0)


def test_a_probe_that_ends_too_late_is_worse_than_one_that_just_fits():
    result = check(promise("SLA", 1), [promise("OLA", 1, "long")], **WEEK)

    assert (result.probes[0].is_ok, result.probes[0].slack_seconds) == (True, 0)
    assert (result.worst.from_at, result.worst.slack_seconds) == (sh(12, 17), 0)
    assert not result.is_ok


def test_a_calendar_that_never_opens_is_told():
    with pytest.raises(NeverOpens):
        check(promise("SLA", 8), [promise("UC", 1, "never")], **WEEK)
