"""What every record's page shares: words and files, tasks, time, links, people, clocks, redaction."""

import re
import struct
import zlib
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.models import AuditEntry
from incidents.actions import lifecycle, messages
from incidents.models import Incident
from records.models import Document, RecordLink, RecordText, Task, TimeEntry, TimelineEntry
from slm import work
from tests.incidents.pages import htmx, reason, report, signed_in
from tests.world import promise

CANARY = "canary-of-a-note"


def png():
    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    image = zlib.compress(b"\x00\x00")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", image) + chunk(b"IEND", b"")


def upload(name="screen.png", content=None, mime="image/png"):
    return SimpleUploadedFile(name, png() if content is None else content, mime)


@pytest.fixture
def incident(world):
    promise(world, ("response", 1), ("update", 4), ("resolution", 8), calendar=world.always)
    return report(world)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def fresh(incident):
    return Incident.objects.get(pk=incident.pk)


def say(client, incident, **data):
    data = {"visibility": "reply", "body": "", **data}
    return client.post(f"/records/{incident.number}/say/", data)


# --- words ------------------------------------------------------------------------------------


def test_a_public_reply_is_written_and_answers_the_response_clock(world, incident):
    response = say(htmx(world.agent), incident, body="Hello", after=1, **{"as": "reply"})

    assert response.status_code == 200
    assert "Hello" in response.content.decode()
    assert 'id="clocks"' in response.content.decode()
    assert '"draft-saved"' in response.headers["HX-Trigger"]
    assert fresh(incident).first_response_at is not None


def test_a_note_stays_among_agents(world, incident):
    say(signed_in(world.agent), incident, visibility="note", body=CANARY, **{"as": "note"})

    entry = incident.timeline.get(verb="record.noted")
    assert entry.visibility == "internal"
    assert fresh(incident).first_response_at is None


@pytest.mark.parametrize(
    ("visibility", "button"), [("reply", "note"), ("note", "reply"), ("", ""), ("all", "all")]
)
def test_words_whose_reader_is_not_clear_are_not_written(world, incident, visibility, button):
    before = incident.timeline.count()

    response = say(
        signed_in(world.agent), incident, visibility=visibility, body="secret", **{"as": button}
    )

    assert response.status_code == 409
    assert incident.timeline.count() == before


@pytest.mark.feature("SD-17")
def test_a_reply_sent_twice_is_written_once(world, incident):
    client = htmx(world.agent)

    for _ in range(2):
        say(client, incident, body="once", submit_token="s" * 20)

    assert incident.timeline.filter(body="once").count() == 1


def test_an_empty_reply_is_refused(world, incident):
    response = say(signed_in(world.agent), incident, body="  ")

    assert response.status_code == 409


def test_a_requester_cannot_write_through_the_agents_composer(world, incident):
    before = incident.timeline.count()

    response = say(signed_in(world.requester), incident, visibility="note", body="x")

    assert response.status_code in {302, 404}
    assert incident.timeline.count() == before


def test_send_and_hold_does_both_or_nothing(world, incident):
    say(
        signed_in(world.agent), incident, body="When?", then="hold:wait_customer", **{"as": "reply"}
    )
    held = fresh(incident)
    say(signed_in(world.agent), incident, body="Again?", then="hold:wait_customer")

    assert held.state == "pending"
    assert held.timeline.filter(body="When?").count() == 1
    assert held.timeline.filter(body="Again?").count() == 0


def test_send_and_resolve_asks_for_the_solution_next(world, incident):
    response = say(htmx(world.agent), incident, body="Done", then="resolve", after=1)

    assert "ask-resolve" in response.headers["HX-Trigger-After-Settle"]


def test_a_reply_on_a_closed_incident_leads_to_the_one_that_follows(world, incident):
    lifecycle.cancel(incident, by=world.agent, reason="twice")

    response = say(htmx(world.agent), incident, body="again")

    following = RecordLink.objects.get(type="follows", target=incident).source
    assert response.headers["HX-Redirect"] == f"/incidents/{following.number}/"


# --- the story as it grows --------------------------------------------------------------------


def test_the_end_of_the_story_brings_what_is_new_and_nothing_twice(world, incident):
    client = htmx(world.agent)
    last = incident.timeline.order_by("-seq").first().seq
    messages.reply(incident, by=world.agent2, body="from a colleague")

    news = client.get(f"/records/{incident.number}/feed/?after={last}")
    after = re.search(r'id="feed-after" name="after" value="(\d+)"', news.content.decode())[1]
    nothing = client.get(f"/records/{incident.number}/feed/?after={after}")

    assert "from a colleague" in news.content.decode()
    assert 'id="rec-head"' in news.content.decode()
    assert nothing.status_code == 204


@pytest.mark.parametrize("after", ["", "x", "-1", "9" * 40, "１"])
def test_a_strange_place_in_the_story_is_its_beginning(world, incident, after):
    response = signed_in(world.agent).get(f"/records/{incident.number}/feed/", {"after": after})

    assert response.status_code == 200


# --- files ------------------------------------------------------------------------------------


def test_a_picture_comes_in_with_a_reply_and_goes_out_as_an_attachment(world, incident):
    say(signed_in(world.agent), incident, body="see", files=[upload("截图.png")])
    document = Document.objects.get()

    response = signed_in(world.agent).get(f"/records/documents/{document.public_id}/")

    assert b"".join(response.streaming_content) == png()
    assert response["Content-Type"] == "image/png"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].startswith("sandbox; default-src 'none'")


def test_only_raster_pictures_are_ever_shown_in_place(world, incident):
    say(signed_in(world.agent), incident, body="a", files=[upload()])
    say(signed_in(world.agent), incident, body="b",
        files=[upload("page.txt", b"<script>alert(1)</script>", "text/html")])  # fmt: skip
    picture, text = Document.objects.order_by("pk")
    client = signed_in(world.agent)

    shown = client.get(f"/records/documents/{picture.public_id}/?show=1")
    not_shown = client.get(f"/records/documents/{text.public_id}/?show=1")

    assert shown["Content-Disposition"].startswith("inline")
    assert not_shown["Content-Disposition"].startswith("attachment")
    assert not_shown["Content-Type"] == "application/octet-stream"


BAD_FILES = {
    "XS03-svg": ("x.svg", b"<svg onload=alert(1)>"),
    "XS03-html": ("x.html", b"<script>"),
    "XS03-polyglot": ("x.png", b"GIF89a/*<script>alert(1)</script>*/"),
    "XS03-lying": ("x.pdf", b"<html>"),
    "XS05-no-ending": ("CON", b"x"),
    "empty": ("x.txt", b""),
}


@pytest.mark.parametrize("case", BAD_FILES)
def test_a_file_that_may_not_come_in_is_refused_and_nothing_is_written(world, incident, case):
    name, content = BAD_FILES[case]
    before = incident.timeline.count()

    page = say(signed_in(world.agent), incident, body="see", files=[upload(name, content)])
    swap = say(htmx(world.agent), incident, body="see", files=[upload(name, content)])

    assert (page.status_code, swap.status_code) == (422, 422)
    assert swap.headers["HX-Reswap"] == "none"
    assert incident.timeline.count() == before
    assert not Document.objects.exists()


def test_a_file_that_is_too_large_is_refused(world, incident, monkeypatch):
    monkeypatch.setattr("records.files.preferences.get", lambda key: 0.00001)

    response = say(signed_in(world.agent), incident, body="x", files=[upload()])

    assert response.status_code == 422


NAMES = [
    '"><img src=x onerror=alert(1)>.png', "a\r\nSet-Cookie: x=1.png", 'x";filename*=utf-8\'\'y.png',
    "\u202egnp.exe.png", "a" * 300 + ".png", "../../etc/passwd.png", "trailing. .png",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES, ids=[f"XS05-{n}" for n in range(len(NAMES))])
def test_a_name_of_a_file_splits_no_header_and_leaves_no_folder(world, incident, name):
    document = work.attach(
        incident, by=world.agent, uploads=[_named(name)], is_internal=False
    )[0]  # fmt: skip
    client = signed_in(world.agent)

    response = client.get(f"/records/documents/{document.public_id}/")
    shown = client.get(f"/incidents/{incident.number}/").content.decode()

    assert "Set-Cookie" not in response.headers
    assert "\r" not in response["Content-Disposition"]
    assert "\u202e" not in response["Content-Disposition"]
    assert "/" not in document.title
    assert "<img src=x" not in shown
    assert re.fullmatch(r"documents/[0-9a-f]{2}/[0-9a-f]{32}", document.file.name)


def _named(name):
    file = upload()
    file._name = name
    return file


@pytest.mark.feature("SD-04")
def test_files_follow_the_visibility_of_their_record(world, incident):
    public = work.attach(incident, by=world.agent, uploads=[upload()], is_internal=False)[0]
    internal = work.attach(incident, by=world.agent, uploads=[upload()], is_internal=True)[0]

    def status(person, document):
        return signed_in(person).get(f"/records/documents/{document.public_id}/").status_code

    assert status(world.requester, public) == 200
    assert status(world.requester, internal) == 404
    assert status(world.stranger, public) == 404
    assert status(world.agent, internal) == 200


def test_a_stranger_to_the_house_is_asked_to_sign_in_for_a_file(world, incident, client):
    document = work.attach(incident, by=world.agent, uploads=[upload()], is_internal=False)[0]

    assert client.get(f"/records/documents/{document.public_id}/").status_code == 302


@pytest.mark.parametrize("href", ["/records/documents/1/", "/records/documents/..%2f..%2fetc/",
                                  "/media-is-served-by-views/documents/aa/x"])  # fmt: skip
def test_files_have_no_other_address(world, href):
    assert signed_in(world.agent).get(href).status_code == 404


# --- clocks -----------------------------------------------------------------------------------


@pytest.mark.feature("SL-11")
@pytest.mark.feature("SL-15")
@pytest.mark.feature("D1")
def test_the_segments_of_every_clock_add_up_to_the_second(world, incident):
    lifecycle.start(incident, by=world.agent)
    lifecycle.hold(fresh(incident), by=world.agent, reason=reason("wait_customer"))
    messages.reply(fresh(incident), by=world.requester, body="yes")

    found = signed_in(world.agent).get(f"/records/{incident.number}/clocks/").content.decode()

    sums = []
    for part in found.split('aria-labelledby="clock-')[1:]:
        counted = sum(int(n) for n in re.findall(r'data-seconds="(-?\d+)"', part))
        sums.append((counted, int(re.search(r'data-total="(-?\d+)"', part)[1])))
    assert len(sums) >= 3
    assert all(counted == total for counted, total in sums)
    assert "do not add up" not in found
    assert "Waiting for the requester" in found
    assert "Standard, version 1" in found
    assert "the only one that fits" in found
    assert "Always, version 1" in found


def test_the_explanation_tells_target_calendar_count_and_pauses(world, incident):
    began = incident.opened_at
    lifecycle.start(incident, by=world.agent, at=began + timedelta(minutes=10))
    held = lifecycle.hold(
        fresh(incident), by=world.agent, reason=reason("wait_customer"),
        at=began + timedelta(minutes=30),
    )  # fmt: skip
    assert held.state == "pending"

    found = signed_in(world.agent).get(f"/incidents/{incident.number}/").content.decode()

    why = found.partition('class="why"')[2].partition("</details>")[0]
    assert "Target <b>8 h</b> for every priority under" in why
    assert "Counted in the support hours of “Always”." in why
    assert "Counted until now: 30 m" in why
    assert "Not counted:" in why
    assert 'class="ruler"' in why
    assert "/clocks/" in why


# --- tasks, time, links, people, configuration items ------------------------------------------


def test_a_task_is_added_begun_and_done(world, incident):
    client = signed_in(world.agent)
    base = f"/records/{incident.number}/tasks/"

    client.post(f"{base}new/", {"title": "Drain node 02", "kind": "work",
                                "assignee": world.agent2.pk})  # fmt: skip
    task = Task.objects.get()
    client.post(f"{base}{task.pk}/start/")
    swapped = htmx(world.agent).post(f"{base}{task.pk}/complete/")

    task = Task.objects.get()
    assert (task.state, task.assignee) == ("done", world.agent2)
    assert "1 / 1" in swapped.content.decode()


def test_a_task_is_not_given_up_without_words(world, incident):
    task = work.add_task(incident, by=world.agent, title="x")
    href = f"/records/{incident.number}/tasks/{task.pk}/cancel/"

    refused = htmx(world.agent).post(href, {"result": ""})
    done = htmx(world.agent).post(href, {"result": "not needed"})

    assert refused.status_code == 422
    assert done.status_code == 200
    assert Task.objects.get().state == "cancelled"


@pytest.mark.parametrize(
    ("typed", "seconds"), [("45", 2700), ("1:30", 5400), ("1h30", 5400), ("2小时", 7200)]
)
def test_time_is_logged_and_summed(world, incident, typed, seconds):
    client = signed_in(world.agent)
    data = {"seconds": typed, "work_date": "2026-01-05", "activity": "fix", "note": "router"}

    client.post(f"/records/{incident.number}/time/new/", data)

    assert TimeEntry.objects.get().seconds == seconds
    assert "router" in client.get(f"/records/{incident.number}/time/").content.decode()


@pytest.mark.parametrize("typed", ["", "0", "25:00", "-5", "1:xx", "9" * 30])
def test_time_that_is_none_is_told_at_its_field(world, incident, typed):
    data = {"seconds": typed, "work_date": "2026-01-05", "activity": "fix"}

    response = htmx(world.agent).post(f"/records/{incident.number}/time/new/", data)

    assert response.status_code == 422
    assert 'id="id_seconds-error"' in response.content.decode()
    assert not TimeEntry.objects.exists()


def test_a_link_is_made_shown_on_both_and_removed(world, incident):
    other = report(world, title="The other one")
    client = signed_in(world.agent)

    client.post(f"/records/{incident.number}/links/new/",
                {"type": "child_of", "target": other.number})  # fmt: skip
    link = RecordLink.objects.get()
    shown = client.get(f"/records/{incident.number}/links/").content.decode()
    client.post(f"/records/{incident.number}/links/{link.pk}/remove/")

    assert (link.source_id, link.target_id, link.type) == (other.pk, incident.pk, "parent_of")
    assert "The other one" in shown
    assert not RecordLink.objects.exists()


@pytest.mark.parametrize("how", ["page", "typed"])
def test_a_hidden_record_can_neither_be_linked_nor_read_through_a_link(world, incident, how):
    hidden = report(world, title="Secret matter", confidentiality="security")
    client = htmx(world.agent)
    data = {"type": "relates_to"}
    data |= {"target": hidden.number} if how == "page" else {"target_text": hidden.number}

    refused = client.post(f"/records/{incident.number}/links/new/", data)
    work.link(hidden, incident, by=None)
    shown = client.get(f"/records/{incident.number}/links/").content.decode()
    options = client.get("/records/pick/", {"q": "Secret"}).content.decode()

    assert refused.status_code == 422
    assert "Secret matter" not in shown + options + refused.content.decode()


@pytest.mark.feature("SD-03")
def test_people_follow_take_part_and_leave(world, incident):
    client = signed_in(world.agent)
    base = f"/records/{incident.number}/"

    client.post(f"{base}people/new/", {"person": world.stranger.pk, "takes_part": "on"})
    client.post(f"{base}watch/")
    shown = client.get(f"{base}people/").content.decode()
    client.post(f"{base}people/{world.stranger.pk}/remove/")
    client.post(f"{base}unwatch/")

    assert "Erik Nilsen" in shown
    assert "takes part" in shown
    assert not incident.watches.exists()


def test_who_only_reads_changes_nothing_beside_the_record(world, incident):
    client = signed_in(world.auditor)
    base = f"/records/{incident.number}/"

    for tail, data in (
        ("tasks/new/", {"title": "x", "kind": "work"}),
        ("time/new/", {"seconds": "5", "work_date": "2026-01-05", "activity": "fix"}),
        ("links/new/", {"type": "relates_to", "target": "INC-000001"}),
        ("people/new/", {"person": world.stranger.pk}),
        ("cis/new/", {"ci": world.erp.ci.number, "role": "affected"}),
        ("attach/", {"files": [upload()]}),
    ):
        assert client.post(base + tail, data).status_code == 403


def test_a_configuration_item_is_added_shown_with_its_impact_and_taken_off(world, incident):
    client = signed_in(world.agent)
    base = f"/records/{incident.number}/"

    client.post(f"{base}cis/new/", {"ci": world.mail.ci.number, "role": "suspected"})
    shown = client.get(f"{base}impact/").content.decode()
    client.post(f"{base}cis/{incident.cis.get().pk}/remove/")

    assert "Impact map: ERP" in shown
    assert "suspected" in shown
    assert not incident.cis.exists()


# --- numbers ----------------------------------------------------------------------------------


def test_a_number_leads_each_reader_to_the_page_that_is_theirs(world, incident):
    href = f"/records/{incident.number.lower()}/"

    agent = signed_in(world.agent).get(href)
    requester = signed_in(world.requester).get(href)

    assert agent["Location"] == f"/incidents/{incident.number}/"
    assert requester.status_code in {302, 404}
    assert signed_in(world.stranger).get(href).status_code == 404
    assert signed_in(world.agent).get("/records/INC-999999/").status_code == 404


# --- removing words ---------------------------------------------------------------------------


def test_an_administrator_removes_words_from_story_and_search(world, incident):
    messages.reply(incident, by=world.agent, body="password-hunter2")
    entry = incident.timeline.get(body="password-hunter2")
    href = f"/records/{incident.number}/entries/{entry.seq}/redact/"

    assert signed_in(world.agent).get(href).status_code == 403
    assert htmx(world.admin).post(href, {"reason": ""}).status_code == 422
    response = htmx(world.admin).post(href, {"reason": "A password"})

    assert "HX-Redirect" in response.headers
    assert TimelineEntry.objects.get(pk=entry.pk).body == ""
    assert "hunter2" not in RecordText.objects.get(record=incident).search_agent
    assert AuditEntry.objects.filter(action="timeline.redacted").count() == 1
    shown = signed_in(world.agent).get(f"/incidents/{incident.number}/").content.decode()
    assert "The text was removed by Admin." in shown


# --- presence ---------------------------------------------------------------------------------


@pytest.mark.feature("SD-16")
def test_two_agents_on_one_record_see_each_other_and_who_writes(world, incident):
    href = f"/presence/{incident.number}/"
    alone = htmx(world.agent).post(href, {"writing": ""}).content.decode()

    htmx(world.agent2).post(href, {"writing": "1"})
    together = htmx(world.agent).post(href, {"writing": ""}).content.decode()

    assert "Also viewing" not in alone
    assert "王强 is writing here." in together
    assert "Also viewing: 王强" in together


def test_presence_is_for_those_who_work_on_it(world, incident):
    href = f"/presence/{incident.number}/"

    assert signed_in(world.requester).post(href).status_code == 403
    assert signed_in(world.agent).post("/presence/INC-999999/").status_code == 404
