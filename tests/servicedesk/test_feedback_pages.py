"""Feedback in portal, queue, workspace and API: what each side may see and press."""

import pytest
from django.urls import reverse

from incidents.actions import lifecycle, opening
from people.models import Person
from servicedesk.feedback.actions import ending, handling
from servicedesk.models import Feedback
from tests.servicedesk.test_feedback import answered, complain
from tests.world import sh

pytestmark = [pytest.mark.django_db, pytest.mark.feature("SD-14")]
GIVE = {
    "feedback_kind": "complaint", "title": "没有人回电", "description": "等了三天", "severity": "2",
}  # fmt: skip


def sign_in(client, person):
    client.force_login(person, backend="people.backends.PersonBackend")


def give(client, **fields):
    return client.post(reverse("portal:give_feedback"), GIVE | fields)


def request_of(world):
    incident = opening.open_incident(
        by=world.requester, requester=world.requester, title="VPN", at=sh(10, 7, 9),
        service=world.erp,
    )  # fmt: skip
    return lifecycle.start(incident, by=world.agent, at=sh(10, 7, 10))


def number_of(answer):
    return answer.headers["Location"].split("/")[-3]


# --- the portal -----------------------------------------------------------------------------------


def test_a_complaint_from_the_portal_gets_a_number(world, client):
    sign_in(client, world.requester)

    answer = give(client)

    found = Feedback.objects.get()
    assert answer.status_code == 302
    assert number_of(answer) == found.number
    assert (found.requester, found.severity, found.description) == (world.requester, 2, "等了三天")


def test_a_complaint_without_a_severity_comes_back_with_what_was_typed(world, client):
    sign_in(client, world.requester)

    answer = give(client, severity="")

    assert answer.status_code == 422
    assert "没有人回电" in answer.content.decode()
    assert not Feedback.objects.exists()


def test_from_ones_own_request_the_form_is_filled_in(world, client):
    incident = request_of(world)
    sign_in(client, world.requester)

    page = client.get(reverse("portal:request", args=[incident.number])).content.decode()
    href = f"{reverse('portal:give_feedback')}?about={incident.number}"
    form = client.get(href).context["form"]

    assert href in page
    assert form.initial["about_record"].number == incident.number
    assert form.initial["service"] == world.erp.pk


def test_the_request_of_a_stranger_cannot_be_named(world, client):
    incident = request_of(world)
    sign_in(client, world.stranger)

    shown = client.get(f"{reverse('portal:give_feedback')}?about={incident.number}")
    answer = give(client, about_record=str(incident.pk))

    assert shown.context["form"].initial["about_record"] is None
    assert answer.status_code == 422


def test_about_who_handled_it_is_about_that_person_and_restricted(world, client):
    incident = request_of(world)
    sign_in(client, world.requester)

    give(client, about_record=str(incident.pk), about_handler="on")

    found = Feedback.objects.get()
    assert (found.about_person, found.confidentiality) == (world.agent, "restricted")
    sign_in(client, world.agent)
    assert client.get(found.get_absolute_url()).status_code == 404
    assert client.get(f"/records/{found.number}/").status_code == 404
    assert found.number not in client.get("/queue/?phase=any").content.decode()
    assert found.title not in client.get(f"/search/?q={found.number}").content.decode()


def test_a_person_complained_of_finds_no_trace_in_the_portal_either(world, client):
    found = complain(world, about_person=world.colleague)
    sign_in(client, world.colleague)

    assert client.get(reverse("portal:request", args=[found.number])).status_code == 404
    assert found.title not in client.get(reverse("portal:requests")).content.decode()


def test_my_requests_show_it_with_its_progress(world, client):
    found = answered(world)
    Person.objects.filter(pk=world.requester.pk).update(locale="en")
    sign_in(client, Person.objects.get(pk=world.requester.pk))

    page = client.get(reverse("portal:requests")).content.decode()

    assert found.number in page
    assert "answered: are you content?" in page


def test_content_closes_it_from_the_portal(world, client):
    found = answered(world)
    sign_in(client, world.requester)

    client.post(reverse("portal:confirm", args=[found.number]), {"comment": "Thanks"})

    assert Feedback.objects.get().state == "closed"


def test_not_content_sends_it_up_from_the_portal(world, client):
    found = answered(world)
    Feedback.objects.update(rejection_deadline=sh(10, 8, 9, year=2099))
    sign_in(client, world.requester)

    page = client.get(reverse("portal:request", args=[found.number])).content.decode()
    client.post(reverse("portal:reject", args=[found.number]), {"reason": "That is no answer"})

    found = Feedback.objects.get()
    assert 'id="reject"' in page
    assert (found.state, found.owner) == ("under_review", world.desk_manager)


def test_at_the_highest_level_there_is_no_button_up(world, client):
    found = answered(world)
    Feedback.objects.update(rejection_deadline=sh(10, 8, 9, year=2099), level=2)
    sign_in(client, world.requester)

    page = client.get(reverse("portal:request", args=[found.number])).content.decode()

    assert 'id="confirm"' in page
    assert 'id="reject"' not in page


def test_it_is_withdrawn_from_the_portal(world, client):
    found = complain(world)
    sign_in(client, world.requester)

    client.post(reverse("portal:take_back", args=[found.number]), {"reason": "Settled"})

    assert Feedback.objects.get().state == "withdrawn"


def test_internal_words_do_not_reach_the_requester(world, client):
    found = handling.review(complain(world), by=world.agent, note="He is right, I fear.")
    sign_in(client, world.requester)

    page = client.get(reverse("portal:request", args=[found.number])).content.decode()

    assert "I fear" not in page


# --- the desk -------------------------------------------------------------------------------------


def test_it_opens_in_the_workspace_with_its_steps(world, client):
    found = complain(world)
    sign_in(client, world.agent)

    page = client.get(found.get_absolute_url())

    assert page.status_code == 200
    assert page.context["acts"].primary.slug == "review"
    assert client.get("/queue/?kind=feedback").status_code == 200


@pytest.mark.parametrize("slug", ["review", "assign"])
def test_each_step_of_a_new_one_has_a_form(world, client, slug):
    found = complain(world)
    sign_in(client, world.agent)

    assert client.get(f"{found.get_absolute_url()}{slug}/").status_code == 200


def test_review_and_answer_by_page(world, client):
    found = complain(world)
    base = found.get_absolute_url()
    sign_in(client, world.agent)

    client.post(f"{base}review/", {"owner": world.agent.pk, "version": found.version})
    unsound = client.post(f"{base}answer/", {"answer": "Sorry"})
    client.post(f"{base}answer/", {"answer": "Sorry", "outcome": "justified"})

    assert unsound.status_code == 422
    assert Feedback.objects.get().state == "answered"


def test_the_form_refuses_an_owner_who_is_involved(world, client):
    found = complain(world, about_person=world.local_agent)
    sign_in(client, world.agent)

    answer = client.post(f"{found.get_absolute_url()}review/", {"owner": world.local_agent.pk})

    assert answer.status_code == 422


def test_the_wish_is_plainly_named_on_its_button(world, client):
    found = handling.review(complain(world, service=world.erp), by=world.agent)
    sign_in(client, world.agent)

    page = client.get(found.get_absolute_url())
    client.post(f"{found.get_absolute_url()}improve/", {"wish": "Call back within a day"})

    assert "Ask the service owner for an improvement" in page.content.decode()
    assert found.tasks.get().assignee == world.owner


def test_facts_are_edited_in_their_place(world, client):
    found = complain(world)
    sign_in(client, world.agent)

    form = client.get(f"{found.get_absolute_url()}edit/severity/")
    client.post(f"{found.get_absolute_url()}edit/severity/", {"value": "1"})

    assert form.status_code == 200
    assert Feedback.objects.get().severity == 1


def test_the_record_it_is_about_shows_only_to_who_sees_it(world, client):
    found = complain(world, about_record=request_of(world))
    sign_in(client, world.desk_manager)

    page = client.get(found.get_absolute_url())

    assert page.context["about"][0] == found.about_record.number


# --- the interface --------------------------------------------------------------------------------


def api(client, method, path, data=None):
    return getattr(client, method)(
        f"/api/v1/feedback/{path}", data=data, content_type="application/json"
    )


def test_the_whole_way_by_api(world, client):
    sign_in(client, world.requester)
    made = api(client, "post", "", {"feedback_kind": "complaint", "title": "Slow", "severity": 3})
    number = made.json()["number"]

    sign_in(client, world.agent)
    api(client, "post", f"{number}/review/", {})
    done = api(client, "post", f"{number}/answer/", {"answer": "Sorry", "outcome": "partly"})
    sign_in(client, world.requester)
    up = api(client, "post", f"{number}/escalate/", {"reason": "No"})

    assert (made.status_code, done.status_code, up.status_code) == (201, 200, 200)
    assert (up.json()["state"], up.json()["level"]) == ("under_review", 1)
    assert up.json()["owner"] == world.desk_manager.code


def test_the_api_hides_what_the_page_hides(world, client):
    found = complain(world, about_group=world.local)
    sign_in(client, world.local_agent)

    assert api(client, "get", f"{found.number}/").status_code == 404
    assert api(client, "get", "").json()["results"] == []
    assert api(client, "post", f"{found.number}/review/", {}).status_code == 404


def test_the_api_refuses_with_the_same_words_and_numbers(world, client):
    found = complain(world)
    sign_in(client, world.agent)

    early = api(client, "post", f"{found.number}/close/", {})
    strange = api(client, "post", f"{found.number}/withdraw/", {"reason": "x"})
    unsound = api(client, "post", "", {"feedback_kind": "complaint", "title": "Slow"})

    assert (early.status_code, strange.status_code, unsound.status_code) == (409, 403, 400)


def test_nobody_writes_in_the_name_of_another_but_who_works_here(world, client):
    body = {"feedback_kind": "suggestion", "title": "Idea", "requester": world.colleague.code}
    sign_in(client, world.requester)
    own = api(client, "post", "", body)
    sign_in(client, world.agent)
    desk = api(client, "post", "", body)

    assert own.status_code in {400, 403}
    assert desk.status_code == 201
    assert Feedback.objects.get().reported_by == world.agent


def test_a_closed_one_takes_no_more_words(world, client):
    found = ending.close(answered(world), by=world.requester, at=sh(10, 9, 9))
    sign_in(client, world.agent)

    assert api(client, "post", f"{found.number}/reply/", {"body": "More"}).status_code == 409
