"""The catalogue and the pages of an order: portal, desk, editor and API."""

import pytest
from django.urls import reverse

from cmdb.actions import items
from cmdb.models import CI, CIClass
from core.models import SubmitToken
from people.models import Person
from records.models import Approval
from servicedesk.catalogue import actions as catalogue
from servicedesk.catalogue.schema import Question, write
from servicedesk.models import ServiceRequest
from servicedesk.requests.actions import fulfilling, ordering
from tests.servicedesk.requests.shop import LAPTOP_FORM, LIGHT, ordered
from tests.servicedesk.requests.test_lifecycle import approve, fulfilled


def sign_in(client, person):
    client.force_login(person, backend="people.backends.PersonBackend")
    return client


def text_of(answer):
    return answer.content.decode()


def sent(client, code="LAPTOP", **answers):
    answers.setdefault("quantity", "1")
    return client.post(reverse("portal:offering", args=[code]), answers)


# --- finding ------------------------------------------------------------------------------------


@pytest.mark.feature("SD-06")
@pytest.mark.parametrize("words", ["new laptop", "notebook computer", "电脑", "笔记本"])
def test_typing_on_the_portals_home_shows_the_form_in_one_click(client, world, words):
    answer = sign_in(client, world.requester).get(reverse("portal:suggest"), {"subject": words})

    assert reverse("portal:offering", args=["LAPTOP"]) in text_of(answer)


def test_the_catalogue_shows_what_is_offered_by_category(client, world):
    page = text_of(sign_in(client, world.colleague).get(reverse("portal:catalogue")))

    assert "Devices" in page
    assert "Guest Wi-Fi" in page


def test_words_that_fit_nothing_lead_to_the_desk(client, world):
    page = sign_in(client, world.colleague).get(reverse("portal:catalogue"), {"q": "zzz"})

    assert "Nothing fits" in text_of(page)


def test_what_is_offered_to_others_is_not_there(client, world):
    world.wifi.organizations.add(world.other)
    client = sign_in(client, world.requester)

    assert client.get(reverse("portal:offering", args=["WIFI"])).status_code == 404
    assert "WIFI" not in text_of(client.get(reverse("portal:catalogue")))


# --- ordering -----------------------------------------------------------------------------------


def test_an_order_is_sent_once_however_often_it_is_sent(client, world):
    client = sign_in(client, world.requester)

    first = sent(client, q_model="light", submit_token="t1")
    second = sent(client, q_model="light", submit_token="t1")

    made = ServiceRequest.objects.get()
    assert first.url == second.url == reverse("portal:sent", args=[made.number])
    assert SubmitToken.objects.filter(token="t1").count() == 1


@pytest.mark.feature("SD-08")
def test_a_question_must_be_answered_only_where_it_is_asked(client, world):
    client = sign_in(client, world.requester)

    missing = sent(client, q_model="strong")
    dropped = sent(client, q_model="light", q_why="never mind")

    assert missing.status_code == 422
    assert "q_why-error" in text_of(missing)
    assert dropped.status_code == 302
    assert set(ServiceRequest.objects.get().form_data) == {"model"}


@pytest.mark.feature("SD-08")
def test_an_old_order_shows_its_form_as_it_was(client, world):
    request = ordered(world)
    form = write([Question("model", "text", "Model, in words", "型号")])
    catalogue.save_draft(world.laptop, "form", form, by=None)
    catalogue.publish(world.laptop, by=None)

    page = text_of(sign_in(client, world.colleague).get(reverse("portal:catalogue")))
    client = sign_in(client, world.requester)
    old = text_of(client.get(reverse("portal:request", args=[request.number])))
    new = text_of(client.get(reverse("portal:offering", args=["LAPTOP"])))

    assert "哪种型号？" in old
    assert "轻薄型" in old
    assert "哪种型号？" not in new
    assert page


def test_a_form_that_was_changed_meanwhile_is_shown_again(client, world):
    catalogue.save_draft(world.laptop, "form", LAPTOP_FORM[:1], by=None)
    catalogue.publish(world.laptop, by=None)

    answer = sent(sign_in(client, world.requester), q_model="light", seen="1")

    assert answer.status_code == 409
    assert not ServiceRequest.objects.exists()


@pytest.mark.feature("SD-09")
def test_pickers_show_ones_own_devices_or_say_why_there_is_none(client, world):
    form = write([Question("device", "ci", "Which device?", "哪台设备？")])
    catalogue.save_draft(world.wifi, "form", form, by=None)
    catalogue.publish(world.wifi, by=None)
    for name, user in (("LT-1", world.requester), ("LT-2", world.stranger)):
        ci = items.create_ci(
            by=None, name=name, ci_class=CIClass.objects.get(code="client_device"),
            organization=world.head, owner=world.owner, managed_by=world.second_line,
            environment="production", criticality=4, state=CI.State.LIVE, authority="T",
        )  # fmt: skip
        items.set_users(ci, [user], by=None)

    own = text_of(sign_in(client, world.requester).get(reverse("portal:offering", args=["WIFI"])))
    none = text_of(sign_in(client, world.colleague).get(reverse("portal:offering", args=["WIFI"])))

    assert "LT-1" in own
    assert "LT-2" not in own
    assert "No device is registered for Mei Lin" in none


def test_where_nobody_can_approve_the_page_says_so(client, world):
    Person.objects.filter(pk=world.colleague.pk).update(manager=None)

    answer = sent(sign_in(client, world.colleague), q_model="light")

    assert answer.status_code == 422
    assert "Nobody can approve this" in text_of(answer)


def test_an_agent_orders_for_a_caller(client, world):
    sent(sign_in(client, world.agent), **{"q_model": "light", "for": str(world.requester.pk)})

    made = ServiceRequest.objects.get()
    assert (made.requester, made.reported_by) == (world.requester, world.agent)


# --- following ----------------------------------------------------------------------------------


@pytest.mark.feature("SD-11")
def test_the_page_says_who_has_to_act_next(client, world):
    request = ordered(world, by=world.colleague)

    page = text_of(
        sign_in(client, world.colleague).get(reverse("portal:request", args=[request.number]))
    )

    assert "Service Owner has to approve it first" in page
    assert "The time for the delivery does not run" in page


@pytest.mark.feature("SD-12")
def test_the_requester_confirms_or_disputes_on_the_page(client, world):
    request = fulfilled(world)
    ServiceRequest.objects.filter(pk=request.pk).update(rejection_deadline="2030-01-01T00:00Z")
    client = sign_in(client, world.requester)

    client.post(reverse("portal:reject", args=[request.number]), {"reason": "少了扩展坞"})
    disputed = ServiceRequest.objects.get(pk=request.pk)
    fulfilling.fulfil(disputed, by=world.agent)
    client.post(reverse("portal:confirm", args=[request.number]), {"comment": ""})

    assert (disputed.state, disputed.reopen_count) == ("in_fulfilment", 1)
    assert ServiceRequest.objects.get(pk=request.pk).state == "closed"


def test_a_rejected_order_is_changed_and_sent_again(client, world):
    request = approve(ordered(world), world.owner, vote="reject", comment="太贵了")
    client = sign_in(client, world.requester)

    page = text_of(client.get(reverse("portal:revise", args=[request.number])))
    answer = client.post(
        reverse("portal:revise", args=[request.number]),
        {"q_model": "strong", "q_why": "CAD", "quantity": "1"},
    )

    again = ServiceRequest.objects.get(pk=request.pk)
    assert "太贵了" in page
    assert answer.status_code == 302
    assert (again.state, again.form_data["why"]["value"]) == ("awaiting_approval", "CAD")


def test_orders_stand_beside_reports_in_my_requests_and_in_the_queue(client, world):
    request = ordered(world)

    mine = sign_in(client, world.requester).get(reverse("portal:requests"))
    queue = sign_in(client, world.agent).get(reverse("servicedesk:queue"))

    assert request.number in text_of(mine)
    assert request.number in text_of(queue)


# --- the desk -----------------------------------------------------------------------------------


def test_the_desks_page_shows_the_order_and_its_steps(client, world):
    request = approve(ordered(world), world.owner)
    client = sign_in(client, world.agent)

    page = text_of(client.get(request.get_absolute_url()))
    refused = client.post(f"{request.get_absolute_url()}fulfil/", {"resolution": ""})

    assert "Which model?" in page
    assert "采购" in page or "Order it" in page
    assert refused.status_code == 409


def test_the_desk_rejects_with_a_reason(client, world):
    request = ordered(world)
    client = sign_in(client, world.agent)

    answer = client.post(f"{request.get_absolute_url()}reject-order/", {"reason": "Not now"})

    assert answer.status_code == 302
    assert ServiceRequest.objects.get(pk=request.pk).state == "rejected"


# --- the editor ---------------------------------------------------------------------------------


def editor(world, part="form"):
    return reverse(f"settings:offerings_{part}", args=[world.wifi.pk])


def question(place, **fields):
    return {f"q-{place}-{name}": value for name, value in ({"here": "1", "key": f"q{place + 1}",
            "type": "text"} | fields).items()}  # fmt: skip


def test_a_form_is_built_tried_and_put_in_use(client, world):
    client = sign_in(client, world.desk_manager)

    client.post(editor(world), {"do": "add", "add_type": "yes_no"})
    broken = client.post(editor(world), {"do": "publish", **question(0, type="yes_no")})
    before = ordered(world, world.wifi)
    done = client.post(
        editor(world), {"do": "publish", **question(0, type="yes_no", label_en="Sure?")}
    )

    world.wifi.refresh_from_db()
    assert broken.status_code == 422
    assert "Write the question in at least one language." in text_of(broken)
    assert before.offering_version.number == 1
    assert done.status_code == 302
    assert world.wifi.current.number == 2
    assert world.wifi.current.form[0]["label_en"] == "Sure?"


def test_rows_move_by_buttons_and_the_version_in_use_stays(client, world):
    client = sign_in(client, world.desk_manager)
    rows = question(0, label_en="One") | question(1, label_en="Two")

    client.post(editor(world), {"do": "down:0", **rows})

    world.wifi.refresh_from_db()
    assert [row["label_en"] for row in world.wifi.draft["form"]] == ["Two", "One"]
    assert world.wifi.current.form == []


def test_who_does_not_manage_the_catalogue_changes_nothing(client, world):
    for person in (world.manager, world.auditor):
        answer = sign_in(client, person).post(editor(world), {"do": "add"})
        assert answer.status_code == 403


def test_two_writers_of_a_draft_do_not_overwrite_each_other(client, world):
    client = sign_in(client, world.desk_manager)
    seen = str(world.wifi.draft_version)
    client.post(editor(world), {"do": "save", "seen": seen, **question(0, label_en="Mine")})

    answer = client.post(
        editor(world), {"do": "save", "seen": seen, **question(0, label_en="Late")}
    )

    world.wifi.refresh_from_db()
    assert answer.status_code == 409
    assert world.wifi.draft["form"][0]["label_en"] == "Mine"


@pytest.mark.parametrize("part", ["form", "approval", "fulfilment", "versions"])
def test_each_page_of_an_offering_is_drawn(client, world, part):
    url = reverse(f"settings:offerings_{part}", args=[world.laptop.pk])

    assert sign_in(client, world.desk_manager).get(url).status_code == 200


# --- the API ------------------------------------------------------------------------------------


@pytest.mark.feature("AP-01")
def test_the_api_orders_by_the_same_rules(client, world):
    client = sign_in(client, world.requester)
    body = {"offering": "LAPTOP", "answers": {"model": "strong"}}

    refused = client.post("/api/v1/requests/", body, content_type="application/json")
    body["answers"]["why"] = "CAD"
    made = client.post("/api/v1/requests/", body, content_type="application/json")

    assert refused.status_code == 400
    assert made.status_code == 201
    assert made.json()["state"] == "awaiting_approval"
    assert Approval.objects.filter(record__number=made.json()["number"]).exists()


def test_resubmitting_needs_a_draft(world):
    from core.errors import Refused

    with pytest.raises(Refused):
        ordering.resubmit(ordered(world), by=world.requester, answers=LIGHT)
