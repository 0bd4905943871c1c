"""Satisfaction: who is asked, the answer by the link of a mail, what a low score leads to."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse

from core import outbox, preferences
from core.errors import Refused
from core.models import Message
from incidents.actions import lifecycle, opening
from incidents.models import Incident
from people.models import Person
from records.models import Notification, Record, Task
from servicedesk.models import SurveyResponse
from servicedesk.notices import sending
from servicedesk.surveys import actions, links, rates
from tests.servicedesk.requests.shop import filled, ordered
from tests.world import sh

pytestmark = [pytest.mark.django_db, pytest.mark.feature("SD-14")]


@pytest.fixture
def asking(world):
    """Everybody is asked about everything."""
    preferences.put("survey_percent", 100, by=None)
    preferences.put("survey_quiet_days", 0, by=None)
    return world


def resolved(world, by=None, at=None, **fields):
    fields.setdefault("requester", world.requester)
    incident = opening.open_incident(
        by=fields["requester"], title="VPN", service=world.erp, at=at, **fields
    )
    by = by or world.agent
    incident = lifecycle.start(incident, by=by, at=at)
    return lifecycle.resolve(
        incident, by=by, resolution="Renewed", closure_code=closure(), at=at
    )  # fmt: skip


def closure():
    from records.models import ClosureCode

    return ClosureCode.objects.order_by("pk").first()


def closed(world, **fields):
    incident = resolved(world, **fields)
    return lifecycle.confirm(incident, by=incident.requester, at=fields.get("at"))


def deliver():
    while outbox.sweep_due():
        pass


def surveyed(world, **fields):
    closed(world, **fields)
    deliver()
    return SurveyResponse.objects.select_related("record", "person").latest("pk")


def address(survey, score):
    return reverse("servicedesk:survey_link", args=[links.make(survey), score])


# --- who is asked ---------------------------------------------------------------------------------


def test_the_closure_of_an_incident_asks_its_requester(asking):
    survey = surveyed(asking)

    assert (survey.person, survey.round, survey.score) == (asking.requester, 0, None)
    assert (survey.service, survey.desk) == (asking.erp, survey.record.owner_group)
    templates = Notification.objects.filter(template="survey").values_list("channel", flat=True)
    assert sorted(templates) == ["email", "in_app"]


def test_the_closure_of_an_order_asks_too(asking):
    from servicedesk.requests.actions import fulfilling

    filled(asking)
    order = ordered(asking, asking.wifi)
    order = fulfilling.start(order, by=asking.agent)
    order = fulfilling.fulfil(order, by=asking.agent)
    fulfilling.confirm(order, by=asking.requester)
    deliver()

    assert SurveyResponse.objects.get().record_id == order.pk


def test_a_closure_that_is_delivered_twice_asks_once(asking):
    survey = surveyed(asking)

    again = actions.ask(survey.record)

    assert again == survey
    assert Notification.objects.filter(template="survey", channel="email").count() == 1


def test_a_new_round_of_reopening_is_a_new_question(asking):
    survey = surveyed(asking)
    Record.objects.filter(pk=survey.record_id).update(reopen_count=1)

    again = actions.ask(survey.record)

    assert again != survey
    assert again.round == 1


def test_who_solved_their_own_ticket_is_not_asked(asking):
    incident = resolved(asking, requester=asking.agent)
    lifecycle.confirm(incident, by=asking.agent)
    deliver()

    assert not SurveyResponse.objects.exists()


def test_one_person_is_asked_once_in_a_while(asking):
    preferences.put("survey_quiet_days", 14, by=None)

    surveyed(asking)
    closed(asking)
    deliver()

    assert SurveyResponse.objects.count() == 1


def test_after_the_quiet_time_they_are_asked_again(asking):
    preferences.put("survey_quiet_days", 14, by=None)
    survey = surveyed(asking)
    SurveyResponse.objects.update(sent_at=survey.sent_at - timedelta(days=15))

    surveyed(asking)

    assert SurveyResponse.objects.count() == 2


def test_the_switch_asks_nobody(asking):
    preferences.put("survey_on", False, by=None)

    closed(asking)
    deliver()

    assert not SurveyResponse.objects.exists()


def test_a_cancelled_ticket_is_not_asked_about(asking):
    incident = opening.open_incident(
        by=asking.requester, requester=asking.requester, title="VPN", service=asking.erp
    )
    lifecycle.cancel(incident, by=asking.requester, reason="It works")
    deliver()

    assert actions.ask(incident) is None
    assert not SurveyResponse.objects.exists()


@pytest.mark.parametrize("percent", [0, 25, 50, 100])
def test_the_sample_is_as_large_as_the_percentage_and_always_the_same(percent):
    rows = [Record(number=f"INC-{number:06d}") for number in range(2000)]

    drawn = [actions.is_in_sample(row, percent) for row in rows]

    assert abs(sum(drawn) - 20 * percent) < 60
    assert drawn == [actions.is_in_sample(row, percent) for row in rows]


def test_a_service_may_be_asked_about_less_often(asking):
    rates.set_rate(asking.erp, 0, by=asking.desk_manager)
    closed(asking)
    deliver()
    assert not SurveyResponse.objects.exists()

    rates.set_rate(asking.erp, None, by=asking.desk_manager)
    surveyed(asking)

    assert SurveyResponse.objects.count() == 1


# --- the mail and its link ------------------------------------------------------------------------


def test_the_mail_has_five_links_and_each_leads_to_its_score(asking, client):
    surveyed(asking)
    while sending.sweep_due():
        pass

    sent = next(one for one in mail.outbox if "/s/" in one.body)
    found = re.findall(r"https?://[^/]+(/s/\S+?/(\d)/)", sent.body)

    assert [int(score) for _path, score in found] == [5, 4, 3, 2, 1]
    for path, score in found:
        page = client.get(path)
        assert page.status_code == 200
        assert page.context["form"].initial["score"] == int(score)


def test_opening_all_links_as_a_mail_scanner_does_writes_nothing(asking, client):
    survey = surveyed(asking)

    for score in range(1, 6):
        client.get(address(survey, score))
        client.head(address(survey, score))

    survey.refresh_from_db()
    assert (survey.score, survey.answered_at) == (None, None)


def test_the_page_sends_the_score_itself_and_has_a_button_without_scripts(asking, client):
    survey = surveyed(asking)

    page = client.get(address(survey, 4)).content.decode()

    assert 'hx-trigger="load, submit"' in page
    assert 'method="post"' in page
    assert "btn--primary" in page


def test_one_post_notes_the_score_without_signing_in(asking, client):
    survey = surveyed(asking)

    answer = client.post(address(survey, 4), {"score": "4"})

    survey.refresh_from_db()
    assert answer.status_code == 302
    assert survey.score == 4
    assert survey.answered_at is not None


def test_the_score_may_be_changed_and_commented_until_the_survey_is_over(asking, client):
    survey = surveyed(asking)
    client.post(address(survey, 4), {"score": "4"})

    client.post(address(survey, 4), {"score": "5", "comment": "很快！"})

    survey.refresh_from_db()
    assert (survey.score, survey.comment) == (5, "很快！")


def test_a_score_sent_again_keeps_the_comment_and_tells_nothing_twice(asking, client):
    survey = surveyed(asking)
    client.post(address(survey, 4), {"score": "4", "comment": "Fine"})
    told = survey.record.timeline.count()

    client.post(address(survey, 4), {"score": "4"})

    survey.refresh_from_db()
    assert survey.comment == "Fine"
    assert survey.record.timeline.count() == told


def test_a_link_of_another_round_or_person_or_a_forged_one_is_over(asking, client):
    survey = surveyed(asking)
    good = links.make(survey)
    survey.round = 3
    other_round = links.make(survey)

    for token in (other_round, good[:-2] + "xx", "nothing"):
        answer = client.post(reverse("servicedesk:survey_link", args=[token, 5]), {"score": "5"})
        assert answer.status_code == 410

    survey.refresh_from_db()
    assert survey.score is None


def test_when_it_is_over_no_answer_is_taken(asking, client):
    survey = surveyed(asking)
    past = survey.sent_at - timedelta(days=1)
    SurveyResponse.objects.update(closes_at=past)

    answer = client.post(address(survey, 5), {"score": "5"})

    assert answer.status_code == 410
    with pytest.raises(Refused):
        actions.answer(survey, score=5)


@pytest.mark.parametrize("score", ["0", "6", "", "x", "-1"])
def test_no_other_score_is_taken(asking, client, score):
    survey = surveyed(asking)

    answer = client.post(address(survey, 5), {"score": score})

    survey.refresh_from_db()
    assert answer.status_code == 422
    assert survey.score is None


def test_the_action_refuses_what_is_no_score(asking):
    with pytest.raises(ValidationError):
        actions.answer(surveyed(asking), score=7)


def test_an_address_with_a_strange_score_chooses_none_and_sends_nothing(asking, client):
    page = client.get(address(surveyed(asking), 9)).content.decode()

    assert "hx-trigger" not in page


def test_the_portal_asks_on_the_page_of_the_closed_request(asking, client):
    survey = surveyed(asking)
    client.force_login(asking.requester, backend="people.backends.PersonBackend")

    page = client.get(reverse("portal:request", args=[survey.record.number])).content.decode()

    assert page.count("/s/") == 5


def test_a_colleague_who_follows_is_not_asked_in_the_portal(asking, client):
    from records.models import Watch

    survey = surveyed(asking)
    Watch.objects.create(record=survey.record, person=asking.colleague, takes_part=True)
    client.force_login(asking.colleague, backend="people.backends.PersonBackend")

    page = client.get(reverse("portal:request", args=[survey.record.number])).content.decode()

    assert "/s/" not in page


# --- what an answer leads to ----------------------------------------------------------------------


def test_the_agent_reads_score_and_comment_on_the_ticket_and_the_requester_does_not(asking):
    survey = surveyed(asking)

    actions.answer(survey, score=4, comment="Friendly")

    entry = survey.record.timeline.get(verb="survey.answered")
    assert (entry.data["score"], entry.body, entry.visibility) == (4, "Friendly", "internal")


def test_a_low_score_is_a_task_for_the_lead_of_the_desk_and_an_event(asking):
    survey = surveyed(asking)

    survey = actions.answer(survey, score=2, comment="Slow")

    task = Task.objects.get()
    assert survey.task == task
    assert (task.group, task.assignee) == (survey.desk, survey.desk.lead)
    assert Message.objects.filter(verb="survey.low_score").count() == 1


def test_a_second_low_score_is_no_second_task(asking):
    survey = actions.answer(surveyed(asking), score=2)

    survey = actions.answer(survey, score=1, comment="Worse than I thought")

    assert Task.objects.count() == 1
    assert Message.objects.filter(verb="survey.low_score").count() == 1


def test_a_fair_score_is_no_task(asking):
    actions.answer(surveyed(asking), score=3)

    assert not Task.objects.exists()


# --- reminders ------------------------------------------------------------------------------------


def due(survey):
    SurveyResponse.objects.filter(pk=survey.pk).update(remind_at=survey.sent_at - timedelta(days=1))


def reminders():
    return Notification.objects.filter(template="survey_reminder", channel="email").count()


def test_one_reminder_goes_out_and_no_second(asking):
    survey = surveyed(asking)
    due(survey)

    assert actions.sweep_due() == 1
    assert actions.sweep_due() == 0

    survey.refresh_from_db()
    assert (reminders(), survey.reminders) == (1, 1)


def test_who_answered_is_not_reminded(asking):
    survey = actions.answer(surveyed(asking), score=5)
    SurveyResponse.objects.filter(pk=survey.pk).update(remind_at=sh(1, 8, 9))

    actions.sweep_due()

    assert reminders() == 0


def test_without_a_reminder_in_the_settings_none_is_planned(asking):
    preferences.put("survey_reminder_days", 0, by=None)

    assert surveyed(asking).remind_at is None


def test_a_person_who_left_is_not_asked(asking):
    incident = resolved(asking)
    Person.objects.filter(pk=asking.requester.pk).update(is_active=False)
    Incident.objects.filter(pk=incident.pk).update(state="closed", phase="closed")

    assert actions.ask(incident) is None
