"""Every step of an incident from its page: done, refused, stale, and with bad input."""

import pytest

from core import time
from incidents.actions import lifecycle, major, merging
from incidents.models import Incident
from records import actions, timeline
from records.models import RecordLink
from slm import work
from slm.actions import escalations
from slm.models import Escalation
from tests.incidents.pages import closure, htmx, page, post, reason, report, signed_in


def fresh(incident):
    return Incident.objects.get(pk=incident.pk)


def started(world, **fields):
    return lifecycle.start(report(world, **fields), by=world.agent)


def resolved(world):
    return lifecycle.resolve(
        started(world), by=world.agent, resolution="Done", closure_code=closure()
    )


def declared(world):
    return major.declare(
        started(world), by=world.agent, reason="down", manager=world.incident_manager
    )


def escalated(world):
    """By hand, to the service level manager."""
    incident = started(world)
    escalations.escalate(incident, by=world.agent, to=[world.manager], reason="Decide")
    return fresh(incident)


def merged(world):
    one, other = report(world), report(world)
    return merging.merge(one, by=world.agent, target=other)


# slug: (how it comes about, input, what holds afterwards)
DONE = {
    "assign": (report, lambda w: {"group": w.second_line.pk, "person": w.specialist.pk},
               lambda i, w: i.assignee == w.specialist and i.state == "assigned"),
    "start": (report, lambda w: {}, lambda i, w: i.assignee == w.agent),
    "take": (report, lambda w: {}, lambda i, w: i.state == "in_progress"),
    "hold": (started, lambda w: {"reason": "wait_customer", "message": "When?"},
             lambda i, w: i.state == "pending"),
    "escalate": (started, lambda w: {"group": w.second_line.pk, "note": "Needs a router"},
                 lambda i, w: i.assigned_group == w.second_line),
    "escalate-up": (started, lambda w: {"to": "person", "who": w.manager.pk, "reason": "Decide"},
                    lambda i, w: i.escalations.get().told[0]["id"] == w.manager.pk),
    "acknowledge": (
        escalated,
        lambda w: {"escalations": [Escalation.objects.latest("pk").pk], "comment": "On it"},
        lambda i, w: i.escalations.get().acknowledged_by == w.agent),
    "resolve": (started, lambda w: {"resolution": "Renewed", "closure_code": "workaround",
                                    "service": "ERP"},
                lambda i, w: i.state == "resolved" and i.workaround_used),
    "confirm": (resolved, lambda w: {"comment": "She says it works"},
                lambda i, w: i.closure_via == "agent_phone"),
    "reject": (resolved, lambda w: {"reason": "Still down"}, lambda i, w: i.reopen_count == 1),
    "cancel": (report, lambda w: {"reason": "By mistake"}, lambda i, w: i.state == "cancelled"),
    "declare-major": (
        started, lambda w: {"reason": "All down", "manager": w.incident_manager.pk, "severity": 1,
                            "comms_minutes": 15},
        lambda i, w: i.is_major and i.major.comms_interval == 900),
    "broadcast": (declared, lambda w: {"body": "On it"},
                  lambda i, w: i.timeline.filter(verb="incident.major_updated").exists()),
    "end-major": (declared, lambda w: {"comment": "Over"},
                  lambda i, w: i.major.ended_at is not None),
    "unmerge": (merged, lambda w: {}, lambda i, w: i.merged_into is None),
    "times": (started, lambda w: {
        "occurred_at": "2026-01-05T09:00", "detected_at": "2026-01-05T09:30",
        "service_interrupted": "on"},
              lambda i, w: i.service_interrupted and i.occurred_at.year == 2026),
    "priority": (started, lambda w: {"impact": 1, "urgency": 1}, lambda i, w: i.priority == 1),
}  # fmt: skip


@pytest.mark.parametrize("slug", DONE)
def test_a_step_is_taken_and_said(world, slug):
    make, inputs, holds = DONE[slug]
    incident = make(world)
    client = signed_in(world.agent)

    response = client.post(
        f"/incidents/{incident.number}/{slug}/", {"version": incident.version, **inputs(world)},
        follow=True,
    )  # fmt: skip

    assert response.redirect_chain[-1][0] == f"/incidents/{incident.number}/"
    assert 'class="toast" data-tone="ok"' in response.content.decode()
    assert holds(fresh(incident), world)


def test_resume_goes_on(world):
    incident = lifecycle.hold(started(world), by=world.agent, reason=reason("wait_supplier"))

    post(signed_in(world.agent), incident, "resume", version=incident.version)

    assert fresh(incident).state == "in_progress"


# slug: (how it comes about, bad input, the field that is named)
BAD = {
    "assign": (report, lambda w: {"group": "", "person": ""}, "group"),
    "hold": (started, lambda w: {"reason": "scheduled", "until": ""}, "until"),
    "escalate": (started, lambda w: {"group": w.second_line.pk, "note": ""}, "note"),
    "escalate-up": (started, lambda w: {"to": "person", "who": "", "reason": "x"}, "who"),
    "acknowledge": (escalated, lambda w: {"escalations": []}, "escalations"),
    "resolve": (started, lambda w: {"resolution": "", "closure_code": "workaround",
                                    "service": "ERP"}, "resolution"),
    "reject": (resolved, lambda w: {"reason": ""}, "reason"),
    "cancel": (report, lambda w: {"reason": " "}, "reason"),
    "declare-major": (started, lambda w: {"reason": "x", "manager": "", "severity": 1,
                                          "comms_minutes": 15}, "manager"),
    "broadcast": (declared, lambda w: {"body": ""}, "body"),
    "merge": (report, lambda w: {"target": "INC-999999"}, "target"),
    "times": (started, lambda w: {"occurred_at": "2026-01-05T09:00",
                                  "detected_at": "2026-01-05T08:00"}, "detected_at"),
    "priority": (started, lambda w: {"impact": 3, "urgency": 3, "priority": 2}, "reason"),
}  # fmt: skip


@pytest.mark.parametrize("slug", BAD)
def test_bad_input_is_told_at_its_field_and_kept(world, slug):
    make, inputs, name = BAD[slug]
    incident = make(world)
    before = fresh(incident).version

    for client in (signed_in(world.agent), htmx(world.agent)):
        response = post(client, incident, slug, version=incident.version, **inputs(world))

        assert response.status_code == 422
        assert f'id="id_{name}-error"' in response.content.decode()
    assert fresh(incident).version == before


STALE = [slug for slug in DONE if slug not in {"broadcast", "end-major", "acknowledge"}]


@pytest.mark.feature("SD-16")
@pytest.mark.parametrize("slug", STALE)
def test_a_late_step_changes_nothing_and_says_who_was_faster(world, slug):
    make, inputs, _holds = DONE[slug]
    incident = make(world)
    seen = incident.version
    _touched(incident, world)

    response = post(signed_in(world.agent), incident, slug, version=seen, **inputs(world))

    assert response.status_code == 409
    assert "王强" in response.content.decode()
    assert fresh(incident).version == seen + 1


def _touched(incident, world):
    """Somebody else changes it."""
    held = Incident.objects.get(pk=incident.pk)
    at = time.now()
    actions.save(held, at=at)
    timeline.record(held, "record.edited", by=world.agent2, at=at, kind="fields", fields={})


def test_a_late_form_keeps_the_text_and_may_be_sent_again(world):
    incident = started(world)
    seen = incident.version
    _touched(incident, world)
    client = htmx(world.agent)
    inputs = {"resolution": "A long solution", "closure_code": "workaround", "service": "ERP"}

    refused = post(client, incident, "resolve", version=seen, **inputs).content.decode()
    again = post(client, incident, "resolve", version=seen + 1, **inputs)

    assert "A long solution" in refused
    assert f'name="version" value="{seen + 1}"' in refused
    assert again.headers["HX-Redirect"] == f"/incidents/{incident.number}/"
    assert fresh(incident).state == "resolved"


@pytest.mark.parametrize(
    ("slug", "inputs"),
    [
        ("confirm", {}), ("reject", {"reason": "x"}), ("end-major", {}), ("unmerge", {}),
        ("resume", {}),
    ],
)  # fmt: skip
def test_a_step_that_the_state_does_not_allow_is_refused_with_its_reason(world, slug, inputs):
    incident = started(world)

    response = post(signed_in(world.agent), incident, slug, version=incident.version, **inputs)

    assert response.status_code == 409
    assert "data-refusal" in response.content.decode()
    assert fresh(incident).version == incident.version


def test_an_open_mandatory_task_keeps_an_incident_from_being_resolved(world):
    incident = started(world)
    work.add_task(incident, by=world.agent, title="must", is_mandatory=True)

    response = post(
        signed_in(world.agent), incident, "resolve", version=incident.version, resolution="x",
        closure_code="workaround", service="ERP",
    )  # fmt: skip

    assert response.status_code == 409
    assert "A task that must be done is still open." in response.content.decode()


@pytest.mark.feature("SD-17")
def test_the_same_form_sent_twice_does_its_work_once(world):
    incident = started(world)
    client = signed_in(world.agent)
    data = {"group": world.second_line.pk, "note": "once", "submit_token": "t" * 20,
            "version": incident.version}  # fmt: skip

    first, second = (post(client, incident, "escalate", **data) for _ in range(2))

    assert (first.status_code, second.status_code) == (302, 302)
    assert fresh(incident).timeline.filter(verb="incident.escalated").count() == 1


@pytest.mark.feature("SD-18")
def test_merging_shows_both_and_what_moves_and_can_be_undone(world):
    one, other = report(world, title="The double"), report(world, title="The first")
    work.watch(one, world.colleague, by=world.agent)
    client = signed_in(world.agent)

    preview = page(client, one, f"merge/?target={other.number}").content.decode()
    post(client, one, "merge", version=fresh(one).version, target=other.number)
    merged_page = page(client, one).content.decode()
    post(client, one, "unmerge", version=fresh(one).version)

    assert "The double" in preview
    assert "The first" in preview
    assert "Mei Lin" in preview
    assert f"/records/{other.number}/" in merged_page
    assert fresh(one).merged_into is None
    assert not RecordLink.objects.filter(type="duplicate_of").exists()


def test_an_incident_that_is_hidden_is_no_target_of_a_merge(world):
    one, hidden = report(world), report(world, confidentiality="security", title="Secret matter")

    response = post(signed_in(world.agent), one, "merge", target=hidden.number)

    assert response.status_code == 422
    assert "Secret matter" not in response.content.decode()


@pytest.mark.feature("IN-01")
def test_another_priority_than_the_matrix_needs_a_reason_and_p1_the_manager(world):
    incident = started(world)
    data = {"impact": 3, "urgency": 3, "priority": 1, "reason": "The board waits"}

    refused = post(signed_in(world.agent), incident, "priority", **data)
    done = post(signed_in(world.incident_manager), incident, "priority", **data)

    assert refused.status_code == 422
    assert done.status_code == 302
    assert fresh(incident).priority == 1
    assert fresh(incident).priority_override_reason == "The board waits"


@pytest.mark.parametrize(
    ("name", "value", "holds"),
    [
        ("title", "A new subject", lambda i: i.title == "A new subject"),
        ("category", None, lambda i: i.category.code == "vpn"),
        ("service", "MAIL", lambda i: i.service.code == "MAIL"),
        ("incident_kind", "how_to", lambda i: i.incident_kind == "how_to"),
        ("confidentiality", "restricted", lambda i: i.confidentiality == "restricted"),
        ("users_affected", "120", lambda i: i.users_affected == 120),
    ],
)
def test_a_fact_is_edited_in_its_place(world, name, value, holds):
    incident = started(world)
    client = htmx(world.agent)
    value = str(world.vpn.pk) if name == "category" else value

    form = page(client, incident, f"edit/{name}/")
    response = client.post(
        f"/incidents/{incident.number}/edit/{name}/",
        {"value": value, "version": incident.version},
    )

    assert "data-inline-edit" in form.content.decode()
    assert response.headers["HX-Redirect"] == f"/incidents/{incident.number}/"
    assert holds(fresh(incident))


def test_a_late_edit_overwrites_nothing(world):
    incident = started(world)
    _touched(incident, world)

    response = htmx(world.agent).post(
        f"/incidents/{incident.number}/edit/title/",
        {"value": "Mine", "version": incident.version},
    )

    assert response.status_code == 409
    assert "王强" in response.content.decode()
    assert fresh(incident).title != "Mine"


@pytest.mark.parametrize("slug", ["assign", "start", "hold", "resolve", "cancel", "merge", "times"])
def test_steps_are_for_who_works_on_it(world, slug):
    incident = report(world)

    for person in (world.requester, world.stranger, world.auditor):
        response = post(signed_in(person), incident, slug, version=incident.version)

        assert response.status_code in {302, 403, 404}
        assert fresh(incident).version == incident.version


def test_a_local_desk_does_not_declare_a_major_incident(world):
    incident = report(world)

    response = page(signed_in(world.local_agent), incident, "declare-major/")

    assert response.status_code == 403


def test_an_unknown_step_and_an_unknown_fact_are_not_there(world):
    incident = report(world)
    client = signed_in(world.agent)

    assert page(client, incident, "explode/").status_code == 404
    assert page(client, incident, "edit/priority/").status_code == 404


@pytest.mark.feature("IN-10")
def test_stages_of_the_repair_are_asked_for_when_the_service_was_interrupted(world):
    incident = started(world)
    lifecycle.classify(incident, by=world.agent, service_interrupted=True)

    found = page(signed_in(world.agent), incident, "resolve/").content.decode()

    assert 'name="restored_at"' in found
    assert 'name="diagnosed_at"' in found
