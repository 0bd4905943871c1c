"""The portal: reporting in one's own words, following, answering, confirming; and what never shows."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from cmdb.models import CI, CIClass, CIUse
from core import time
from core.models import SubmitToken
from incidents.actions import lifecycle, major, messages, opening
from incidents.models import Incident
from people.models import Organization, Person
from records import timeline
from records.files import keep
from records.models import ClosureCode, Document, PendingReason, RecordLink, Watch
from records.models.timeline import TimelineEntry
from servicedesk.portal import similar
from slm import work
from tests.world import promise

CANARY = "kingfisher-7261"
AGENT_WORDS = (
    r"\bP[1-5]\b", r"\b[Ii]mpact\b", r"\b[Uu]rgency\b", r"\b[Pp]riority\b", r"\bIncident\b",
    r"\bAssignee\b", r"\bIn progress\b", r"\bPending\b", r"\bResolved\b", r"\bSLA\b",
    "影响度", "紧急度", "优先级", "事故", "处理中", "已分派", "挂起", "已解决", "受理人",
)  # fmt: skip


@pytest.fixture
def promised(world):
    promise(world, ("response", 1), ("update", 4), ("resolution", 8), calendar=world.always)
    return world


@pytest.fixture(autouse=True)
def _files_of_tests(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def sign_in(client, person):
    client.force_login(person, backend="people.backends.PersonBackend")
    return client


def report(world, **fields):
    fields.setdefault("by", world.requester)
    fields.setdefault("requester", world.requester)
    fields.setdefault("title", "无法连接 VPN")
    return opening.open_incident(**fields)


def now(incident):
    """The row as it stands; a protected state is never refreshed in place."""
    return Incident.objects.get(pk=incident.pk)


def reason(code):
    return PendingReason.objects.get(code=code)


def solve(world, incident, at=None, text="证书已更新，请重新连接。"):
    return lifecycle.resolve(
        incident, by=world.agent, resolution=text, service=world.mail, at=at,
        closure_code=ClosureCode.objects.get(code="solved_permanently"),
    )  # fmt: skip


def page(number, name="request"):
    return reverse(f"portal:{name}", args=[number])


def filled(**fields):
    return {"subject": "VPN says certificate expired", "stops": "blocked", "others": "me"} | fields


def png(name="screen.png"):
    head = (
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00"
    )
    return SimpleUploadedFile(name, head + b"\x90wS\xde" + b"\x00" * 40)


def text_of(response):
    """What a reader sees or hears: the text and the labels, without the script parts."""
    html = response.content.decode()
    labels = re.findall(r'(?:aria-label|title|placeholder|alt)="([^"]*)"', html)
    return strip_tags(html) + " ".join(labels)


# --- reporting --------------------------------------------------------------------------------


@pytest.mark.feature("SD-07")
def test_a_report_in_own_words_becomes_a_request_with_promised_times(client, promised):
    sign_in(client, promised.requester)

    answer = client.post(
        reverse("portal:report"), filled(details="0x80092012", service=promised.mail.pk)
    )

    made = Incident.objects.get()
    assert answer.url == page(made.number, "sent")
    assert (made.title, made.requester, made.reported_by) == (
        "VPN says certificate expired", promised.requester, None
    )  # fmt: skip
    assert (made.urgency, made.impact, made.service, made.channel) == (
        1,
        3,
        promised.mail,
        "portal",
    )
    after = client.get(answer.url)
    assert made.number in text_of(after)
    assert "约定" in text_of(after) or "Standard" in text_of(after)


@pytest.mark.feature("SD-17")
def test_a_double_click_makes_one_request(client, promised):
    sign_in(client, promised.requester)
    once = filled(submit_token="same-token")

    first, second = (client.post(reverse("portal:report"), once) for _ in range(2))

    assert Incident.objects.count() == 1
    assert first.url == second.url
    assert SubmitToken.objects.count() == 1


def test_an_incomplete_report_keeps_what_was_typed(client, promised):
    sign_in(client, promised.colleague)

    answer = client.post(
        reverse("portal:report"),
        {"subject": "", "details": "half a story", "since": "2999-01-01T10:00"},
    )

    assert answer.status_code == 422
    html = answer.content.decode()
    assert "half a story" in html
    assert "Say in one sentence what is wrong." in html
    assert "Choose the sentence that fits best." in html
    assert "This moment lies ahead." in html
    assert "<title>Error:" in html
    assert not Incident.objects.exists()


@pytest.mark.feature("LA-07")
def test_the_limit_of_the_subject_counts_characters(client, promised):
    sign_in(client, promised.requester)

    fits = client.post(reverse("portal:report"), filled(subject="坏" * 200))
    too_long = client.post(reverse("portal:report"), filled(subject="坏" * 201))

    assert fits.status_code == 302
    assert too_long.status_code == 422
    assert "坏" * 201 in too_long.content.decode()


@pytest.mark.parametrize(
    ("upload", "said"),
    [
        (SimpleUploadedFile("virus.exe", b"MZ1234"), "are not taken"),
        (SimpleUploadedFile("shot.png", b"not a picture"), "is not what its name says"),
        (SimpleUploadedFile("empty.txt", b""), "empty"),
    ],
    ids=["kind", "content", "empty"],
)
def test_a_bad_file_is_refused_in_words_and_nothing_is_made(client, promised, upload, said):
    sign_in(client, promised.colleague)
    upload.seek(0)

    answer = client.post(reverse("portal:report"), filled(files=[upload]))

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Incident.objects.exists()
    assert not Document.objects.exists()


def test_files_come_along_and_can_be_fetched_by_their_reporter(client, promised):
    sign_in(client, promised.requester)
    client.post(reverse("portal:report"), filled(files=[png("屏幕.png")]))
    document = Document.objects.get()

    answer = client.get(page_of_file(document))

    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("inline; filename*=UTF-8''%E5%B1%8F")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]


def page_of_file(document, record=None):
    record = record or document.record
    return reverse("portal:file", args=[record.number, document.public_id])


@pytest.mark.feature("SD-09")
def test_a_service_that_is_not_offered_cannot_be_chosen(client, promised):
    promised.erp.offered_to.add(promised.other)
    sign_in(client, promised.colleague)

    options = client.get(reverse("portal:pick_service"), {"q": ""}).content.decode()
    none = client.get(reverse("portal:pick_service"), {"q": "nothing like it"}).content.decode()
    answer = client.post(reverse("portal:report"), filled(service=promised.erp.pk))

    assert "Mail" in options
    assert "ERP" not in options
    assert "we find it for you" in none
    assert answer.status_code == 422


@pytest.mark.feature("SD-09")
def test_devices_are_ones_own_or_the_form_says_why_there_are_none(client, promised):
    laptop = CI.objects.create(
        number="CI-900001", name="LT-0042", ci_class=CIClass.objects.usable().first(), state="live",
        organization=promised.sales, owner=promised.owner, managed_by=promised.second_line,
    )  # fmt: skip
    CIUse.objects.create(ci=laptop, person=promised.colleague)

    mine = sign_in(client, promised.colleague).get(reverse("portal:report")).content.decode()
    none = sign_in(client, promised.stranger).get(reverse("portal:report")).content.decode()
    stolen = client.post(reverse("portal:report"), filled(device=laptop.pk))

    assert "LT-0042" in mine
    assert "LT-0042" not in none
    assert "No device is registered" in none
    assert stolen.status_code == 422


@pytest.mark.feature("SD-03")
def test_a_report_for_a_colleague_belongs_to_the_colleague_and_the_reporter_may_answer(
    client, promised
):
    share(promised.sales)
    sign_in(client, promised.requester)

    client.post(reverse("portal:report"), filled(for_person=promised.colleague.pk))

    made = Incident.objects.get()
    assert (made.requester, made.reported_by) == (promised.colleague, promised.requester)
    assert client.get(page(made.number)).status_code == 200
    assert sign_in(client, promised.colleague).get(page(made.number)).status_code == 200


def test_nobody_reports_for_a_stranger(client, promised):
    sign_in(client, promised.requester)

    answer = client.post(reverse("portal:report"), filled(for_person=promised.stranger.pk))

    assert answer.status_code == 422
    assert not Incident.objects.exists()


def share(organization, rule="all"):
    Organization.objects.filter(pk=organization.pk).update(sharing=rule)


# --- what may be the same ---------------------------------------------------------------------


@pytest.mark.feature("IN-14")
def test_what_i_reported_before_is_shown_before_i_send_it_again(client, promised):
    report(promised, title="VPN 证书过期，无法连接")
    sign_in(client, promised.requester)

    answer = client.get(reverse("portal:suggest"), {"subject": "VPN 连接不上，证书过期"})

    assert "INC-" in answer.content.decode()
    assert "<mark>" in answer.content.decode()


@pytest.mark.feature("IN-14")
def test_requests_of_others_are_suggested_only_where_they_are_shared(client, promised):
    report(promised, title="Printer on floor 3 shows error 50")
    asked = {"subject": "Error 50 on the printer, floor 3"}

    hidden = sign_in(client, promised.colleague).get(reverse("portal:suggest"), asked)
    share(promised.sales)
    shown = sign_in(client, fresh(promised.colleague)).get(reverse("portal:suggest"), asked)
    foreign = sign_in(client, promised.stranger).get(reverse("portal:suggest"), asked)

    assert "INC-" not in hidden.content.decode()
    assert "INC-" in shown.content.decode()
    assert "I have this too" in shown.content.decode()
    assert "INC-" not in foreign.content.decode()


def fresh(person):
    return Person.objects.get(pk=person.pk)


@pytest.mark.parametrize(
    ("one", "other", "is_alike"),
    [
        ("VPN certificate expired", "My VPN says that the certificate is expired", True),
        ("无法打印合同", "打印不了合同", True),
        ("Printer jam", "Cannot log in to SAP", False),
        ("打印机卡纸", "邮箱收不到邮件", False),
    ],
)
def test_likeness_compares_words_and_pairs_of_characters(one, other, is_alike):
    score = similar.likeness(similar.grams(one), similar.grams(other))

    assert (score >= similar.LIKE) == is_alike


def disruption(world, title="Mail store of board members down"):
    made = report(world, title=title, service=world.mail, description=f"{CANARY} in words")
    return major.declare(
        made, by=world.incident_manager, reason="many people", manager=world.incident_manager
    )


def test_a_large_disruption_is_told_by_its_service_and_not_by_its_first_report(client, promised):
    found = disruption(promised)
    major.broadcast(found, by=promised.incident_manager, body="Webmail works meanwhile.")

    answer = sign_in(client, promised.stranger).get(reverse("portal:home"))

    html = answer.content.decode()
    assert "Mail is disturbed." in html
    assert "Webmail works meanwhile." in html
    assert "board members" not in html
    assert CANARY not in html
    assert client.get(page(found.number)).status_code == 404


def test_i_have_this_too_makes_one_request_of_my_own_under_the_disruption(client, promised):
    found = disruption(promised)
    sign_in(client, promised.stranger)
    url = page(found.number, "me_too")

    first, second = client.post(url), client.post(url)

    mine = Incident.objects.get(requester=promised.stranger)
    assert first.url == second.url == page(mine.number)
    assert RecordLink.objects.filter(source=found, target=mine, type="parent_of").count() == 1
    assert CANARY not in client.get(page(mine.number)).content.decode()


def test_a_confidential_disruption_is_nobodys_news(client, promised):
    found = disruption(promised)
    Incident.objects.filter(pk=found.pk).update(confidentiality="restricted")
    sign_in(client, promised.stranger)

    assert "disturbed" not in client.get(reverse("portal:home")).content.decode()
    assert client.post(page(found.number, "me_too")).status_code == 404


@pytest.mark.feature("SD-04")
def test_who_takes_part_in_a_colleagues_request_may_answer(client, promised):
    share(promised.sales)
    made = report(promised)
    sign_in(client, promised.colleague)
    before = client.post(page(made.number, "reply"), {"body": "me too"})

    client.post(page(made.number, "take_part"))
    after = client.post(page(made.number, "reply"), {"body": "me too"})

    assert before.status_code == 403
    assert after.status_code == 302
    assert Watch.objects.get(record=made, person=promised.colleague).takes_part
    assert made.timeline.filter(body="me too", author=promised.colleague).count() == 1


# --- who sees what ----------------------------------------------------------------------------

STEPS = ("reply", "confirm", "reject", "take_back", "take_part", "follow", "invite")


@pytest.mark.parametrize("who", ["stranger", "colleague"])
def test_a_request_of_somebody_else_does_not_exist(client, promised, who):
    made = report(promised)
    entry = made.timeline.get()
    document = keep(png(), record=made, entry=entry, by=promised.requester, is_internal=False)
    sign_in(client, getattr(promised, who))

    for name in ("request", "sent", "feed"):
        assert client.get(page(made.number, name)).status_code == 404, name
    assert client.get(page_of_file(document)).status_code == 404
    for name in STEPS:
        assert client.post(page(made.number, name)).status_code == 404, name
    found = client.get(reverse("portal:requests"), {"show": "all", "q": "VPN"})
    assert "无法连接" not in found.content.decode()


def test_anonymous_readers_are_asked_to_sign_in(client, promised):
    made = report(promised)

    for url in (reverse("portal:home"), page(made.number), reverse("portal:requests")):
        assert client.get(url).url.startswith("/account/sign-in/")


@pytest.mark.parametrize(("rule", "status"), [("own", 404), ("supervisors", 404), ("all", 200)])
def test_colleagues_see_it_as_their_organisation_decides(client, promised, rule, status):
    made = report(promised)
    share(promised.sales, rule)
    sign_in(client, promised.colleague)

    assert client.get(page(made.number)).status_code == status
    listed = client.get(reverse("portal:requests"), {"whose": "shared"}).content.decode()
    assert (made.number in listed) == (status == 200)
    if status == 200:
        assert "shared with you" in listed


def test_a_confidential_request_is_not_shared(client, promised):
    share(promised.sales)
    made = report(promised, confidentiality="restricted")
    sign_in(client, promised.colleague)

    assert client.get(page(made.number)).status_code == 404


def test_what_is_kept_off_the_portal_is_not_there_for_its_requester(client, promised):
    made = report(promised)
    Incident.objects.filter(pk=made.pk).update(is_on_portal=False)
    sign_in(client, promised.requester)

    assert client.get(page(made.number)).status_code == 404
    assert made.number not in client.get(reverse("portal:home")).content.decode()


def test_notes_and_internal_files_never_reach_the_portal(client, promised):
    made = report(promised)
    work.note(made, by=promised.agent, body=f"{CANARY} note", uploads=[png(f"{CANARY}.png")])
    lifecycle.assign(
        made, by=promised.agent, group=promised.second_line, person=promised.specialist,
        note=CANARY,
    )  # fmt: skip
    public = made.timeline.seen_by_requester().first()
    hidden = keep(
        png(f"{CANARY}2.png"), record=made, entry=public, by=promised.agent, is_internal=True
    )
    internal = Document.objects.filter(record=made).first()
    urls = [
        reverse("portal:home"), reverse("portal:requests"), page(made.number),
        page(made.number, "sent"), page(made.number, "feed") + "?after=0",
        reverse("portal:suggest") + "?subject=VPN 无法连接",
    ]  # fmt: skip

    for person in (promised.requester, promised.agent):
        sign_in(client, person)
        for url in urls:
            assert CANARY not in client.get(url).content.decode(), url
        assert client.get(page_of_file(hidden)).status_code == 404
        assert client.get(page_of_file(internal)).status_code == 404
    found = client.get(reverse("portal:requests"), {"q": CANARY, "show": "all"})
    assert made.number not in found.content.decode()


def test_a_file_is_found_under_its_own_request_only(client, promised):
    mine, other = report(promised), report(promised, title="Something else")
    entry = mine.timeline.get()
    document = keep(png(), record=mine, entry=entry, by=promised.requester, is_internal=False)
    sign_in(client, promised.requester)

    assert client.get(page_of_file(document)).status_code == 200
    assert client.get(page_of_file(document, other)).status_code == 404


def test_names_of_files_and_subjects_are_text(client, promised):
    bad = '"><img src=x onerror=alert(1)>'
    made = report(promised, title=bad, description=f"<script>{bad}</script>")
    entry = made.timeline.get()
    keep(png(f"{bad}\r\nSet-Cookie: a=b\u202egnp.png"), record=made, entry=entry,
         by=promised.requester, is_internal=False)  # fmt: skip
    sign_in(client, promised.requester)

    html = client.get(page(made.number)).content.decode()
    answer = client.get(page_of_file(Document.objects.get()))

    assert "<img src=x" not in html
    assert "<script>" not in html
    assert "\u202e" not in html
    assert "Set-Cookie" not in answer.headers
    assert "\n" not in answer["Content-Disposition"]


# --- the words --------------------------------------------------------------------------------


def stories(world):
    """A request in each place where one can stand."""
    new = report(world, title="one", service=world.mail)
    given = lifecycle.assign(
        report(world, title="two"), by=world.agent, group=world.second_line, person=world.specialist
    )
    begun = lifecycle.start(report(world, title="three"), by=world.agent)
    asked = lifecycle.hold(
        lifecycle.start(report(world, title="four"), by=world.agent), by=world.agent,
        reason=reason("wait_customer"), message="哪一个用户？",
    )  # fmt: skip
    held = lifecycle.hold(
        lifecycle.start(report(world, title="five"), by=world.agent), by=world.agent,
        reason=reason("wait_supplier"),
    )  # fmt: skip
    solved = solve(world, report(world, title="six"))
    done = lifecycle.confirm(solve(world, report(world, title="seven")), by=world.requester)
    back = lifecycle.cancel(report(world, title="eight"), by=world.requester, reason="没事了")
    again = lifecycle.reject_resolution(
        solve(world, report(world, title="nine")), by=world.requester, reason="还是不行"
    )
    large = disruption(world)
    return [new, given, begun, asked, held, solved, done, back, again, large]


@pytest.mark.feature("SD-11")
@pytest.mark.parametrize("locale", ["en", "zh-hans"])
def test_no_word_of_the_process_shows_in_the_portal(client, promised, locale):
    made = stories(promised)
    Person.objects.filter(pk=promised.requester.pk).update(locale=locale)
    sign_in(client, fresh(promised.requester))
    urls = [
        reverse("portal:home"),
        reverse("portal:requests") + "?show=all",
        reverse("portal:report"),
    ]
    urls += [page(one.number) for one in made] + [page(made[0].number, "sent")]

    for url in urls:
        answer = client.get(url)
        assert answer.status_code == 200, url
        for word in AGENT_WORDS:
            assert not re.search(word, text_of(answer)), f"{word} on {url}"


@pytest.mark.feature("SD-11")
def test_the_requester_sees_the_step_who_acts_next_and_by_when_in_their_own_zone(client, promised):
    Person.objects.filter(pk=promised.colleague.pk).update(time_zone="Europe/Amsterdam")
    made = report(promised, by=promised.colleague, requester=promised.colleague)
    lifecycle.start(made, by=promised.agent)
    sign_in(client, fresh(promised.colleague))

    html = client.get(page(made.number)).content.decode()

    due = made.clocks.get(metric="resolution").due_at.astimezone(ZoneInfo("Europe/Amsterdam"))
    assert "Jonas Weber is working on it." in html
    assert re.search(r'aria-current="step"><b>\s*Being worked on', html)
    assert f"{due:%H:%M}" in html
    assert "Standard" in html


# --- answering, confirming, rejecting ---------------------------------------------------------


def test_an_answer_ends_the_wait_and_counts_once_though_sent_twice(client, promised):
    made = lifecycle.start(report(promised), by=promised.agent)
    lifecycle.hold(made, by=promised.agent, reason=reason("wait_customer"), message="哪个？")
    sign_in(client, promised.requester)
    asked = client.get(page(made.number)).content.decode()
    answer = {"body": "第一个", "submit_token": "t1", "files": [png()]}

    client.post(page(made.number, "reply"), answer)
    answer["files"] = [png()]
    client.post(page(made.number, "reply"), answer)

    made = now(made)
    assert "哪个？" in asked
    assert made.state == "in_progress"
    assert made.timeline.filter(body="第一个").count() == 1
    assert Document.objects.count() == 1


def test_an_empty_answer_is_refused_at_its_field(client, promised):
    made = report(promised)
    sign_in(client, promised.requester)

    answer = client.post(page(made.number, "reply"), {"body": "  "})

    assert answer.status_code == 422
    assert 'aria-describedby="reply_body-error"' in answer.content.decode()


def test_by_script_a_sent_answer_leads_on_and_forgets_the_draft(client, promised):
    made = report(promised)
    sign_in(client, promised.requester)

    answer = client.post(
        page(made.number, "reply"), {"body": "more"}, headers={"HX-Request": "true"}
    )

    assert answer["HX-Redirect"] == page(made.number) + "#conversation"
    assert made.number in answer["HX-Trigger"]


@pytest.mark.feature("SD-12")
def test_the_requester_confirms_and_it_is_finished(client, promised):
    made = solve(promised, report(promised))
    sign_in(client, promised.requester)
    shown = client.get(page(made.number)).content.decode()

    client.post(page(made.number, "confirm"), {"comment": "谢谢"})

    made = now(made)
    assert "证书已更新" in shown
    assert (made.state, made.closure_via) == ("closed", "customer_confirmed")


@pytest.mark.feature("SD-12")
def test_a_rejection_needs_a_reason(client, promised):
    made = solve(promised, report(promised))
    sign_in(client, promised.requester)

    empty = client.post(page(made.number, "reject"), {"reason": " "})
    given = client.post(page(made.number, "reject"), {"reason": "还是连不上", "files": [png()]})

    made = now(made)
    assert empty.status_code == 422
    assert given.status_code == 302
    assert (made.state, made.reopen_count) == ("in_progress", 1)


@pytest.mark.feature("SD-12")
def test_after_the_deadline_a_rejection_is_refused_and_no_longer_offered(client, promised):
    made = solve(promised, report(promised))
    Incident.objects.filter(pk=made.pk).update(rejection_deadline=time.now() - timedelta(hours=1))
    sign_in(client, promised.requester)

    shown = client.get(page(made.number)).content.decode()
    answer = client.post(page(made.number, "reject"), {"reason": "too late"})

    made = now(made)
    assert page(made.number, "reject") not in shown
    assert answer.status_code == 409
    assert made.state == "resolved"


@pytest.mark.feature("SD-13")
def test_a_word_on_a_finished_request_opens_a_new_one_that_follows_it(client, promised):
    made = lifecycle.confirm(solve(promised, report(promised)), by=promised.requester)
    sign_in(client, promised.requester)
    again = {"body": "又来了", "submit_token": "again"}

    first = client.post(page(made.number, "reply"), again)
    second = client.post(page(made.number, "reply"), again)

    made = now(made)
    new = Incident.objects.exclude(pk=made.pk).get()
    assert first.url == second.url == page(new.number, "sent")
    assert made.state == "closed"
    assert RecordLink.objects.filter(source=new, target=made, type="follows").exists()
    assert new.number in client.get(page(made.number)).content.decode()


def test_a_step_that_came_too_late_says_so_and_changes_nothing(client, promised):
    made = solve(promised, report(promised))
    lifecycle.confirm(made, by=promised.requester)
    sign_in(client, promised.requester)

    confirmed = client.post(page(made.number, "confirm"), {})
    rejected = client.post(page(made.number, "reject"), {"reason": "no"})

    made = now(made)
    assert (confirmed.status_code, rejected.status_code) == (409, 409)
    assert made.state == "closed"


def test_a_request_can_be_taken_back_until_somebody_begins(client, promised):
    early, late = report(promised), report(promised, title="begun")
    lifecycle.start(late, by=promised.agent)
    sign_in(client, promised.requester)

    assert page(late.number, "take_back") not in client.get(page(late.number)).content.decode()
    assert client.post(page(late.number, "take_back"), {"reason": "x"}).status_code in {403, 409}
    assert client.post(page(early.number, "take_back"), {"reason": ""}).status_code == 422
    client.post(page(early.number, "take_back"), {"reason": "自己好了"})

    early = now(early)
    late = now(late)
    assert (early.state, late.state) == ("cancelled", "in_progress")


def test_an_agent_reads_the_portals_page_but_answers_only_as_requester(client, promised):
    made = report(promised)
    sign_in(client, promised.agent)

    assert client.get(page(made.number)).status_code == 200
    for name in ("reply", "confirm", "reject", "take_back", "invite"):
        assert client.post(page(made.number, name), {"body": "x"}).status_code == 403, name


def test_the_auditor_changes_nothing(client, promised):
    made = report(promised)
    sign_in(client, promised.auditor)

    assert client.get(reverse("portal:report")).status_code == 403
    assert client.post(reverse("portal:report"), filled()).status_code == 403
    for name in ("reply", "confirm", "take_part", "invite"):
        assert client.post(page(made.number, name), {"body": "x"}).status_code == 403, name


# --- people -----------------------------------------------------------------------------------


@pytest.mark.feature("SD-04")
def test_the_requester_lets_a_colleague_take_part_but_no_stranger(client, promised):
    share(promised.sales)
    made = report(promised)
    sign_in(client, fresh(promised.requester))

    outside = client.post(page(made.number, "invite"), {"person": promised.stranger.pk})
    inside = client.post(page(made.number, "invite"), {"person": promised.colleague.pk})

    assert outside.status_code == 422
    assert inside.status_code == 302
    assert list(made.watches.values_list("person_id", "takes_part")) == [
        (promised.colleague.pk, True)
    ]


def test_the_picker_of_people_shows_no_strangers_and_no_mail_addresses(client, promised):
    share(promised.sales)
    sign_in(client, fresh(promised.requester))

    found = client.get(reverse("portal:pick_person"), {"q": "e"}).content.decode()
    none = client.get(reverse("portal:pick_person"), {"q": "Nilsen"}).content.decode()

    assert "Mei Lin" in found
    assert "@" not in found
    assert "Nilsen" not in none
    assert "同事" in none or "colleagues" in none


def test_following_and_ending_it(client, promised):
    share(promised.sales)
    made = report(promised)
    sign_in(client, promised.colleague)

    client.post(page(made.number, "follow"), {"follow": "1"})
    is_followed = Watch.objects.filter(record=made, person=promised.colleague).exists()
    client.post(page(made.number, "follow"), {"follow": "0"})

    assert is_followed
    assert not Watch.objects.filter(record=made).exists()


def test_following_again_takes_nothing_from_who_takes_part(client, promised):
    made = report(promised)
    work.watch(made, promised.colleague, by=promised.agent, takes_part=True)
    sign_in(client, promised.colleague)

    client.post(page(made.number, "follow"), {"follow": "1"})

    assert Watch.objects.get(record=made).takes_part


# --- lists ------------------------------------------------------------------------------------


def test_what_needs_my_answer_stands_first(client, promised):
    asked = lifecycle.start(report(promised, title="asked"), by=promised.agent)
    lifecycle.hold(asked, by=promised.agent, reason=reason("wait_customer"), message="?")
    report(promised, title="newer")
    sign_in(client, promised.requester)

    html = client.get(reverse("portal:home")).content.decode()

    assert html.index("asked") < html.index("newer")
    assert page(asked.number) + "#reply" in html


def test_pages_by_key_show_every_request_once(client, promised):
    for number in range(30):
        report(promised, title=f"Request {number:02d}.")
    sign_in(client, promised.requester)

    first = client.get(reverse("portal:requests")).content.decode()
    following = re.search(r'href="([^"]*after=[^"]*)"', first)[1].replace("&amp;", "&")
    second = client.get(reverse("portal:requests") + following).content.decode()

    titles = re.findall(r"Request \d\d\.", first) + re.findall(r"Request \d\d\.", second)
    assert len(titles) == len(set(titles)) == 30


def test_search_finds_two_characters_and_numbers(client, promised):
    made = report(promised, title="打印机卡纸", description="三楼")
    report(promised, title="VPN")
    sign_in(client, promised.requester)

    by_text = client.get(reverse("portal:requests"), {"q": "卡纸"}).content.decode()
    by_number = client.get(reverse("portal:requests"), {"q": made.number.lower()}).content.decode()

    for html in (by_text, by_number):
        assert "打印机卡纸" in html
        assert ">VPN<" not in html


def test_the_number_of_queries_does_not_grow_with_the_rows(client, promised):
    for number in range(3):
        report(promised, title=f"Request {number}")
    sign_in(client, promised.requester)
    few = [count(client, url) for url in (reverse("portal:home"), reverse("portal:requests"))]
    for number in range(20):
        report(promised, title=f"More {number}")

    many = [count(client, url) for url in (reverse("portal:home"), reverse("portal:requests"))]

    assert many == few
    assert max(many) <= 15


def count(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


def test_a_long_conversation_asks_no_more_and_is_cut_into_pages(client, promised):
    made = report(promised)
    messages.reply(made, by=promised.requester, body="first word")
    sign_in(client, promised.requester)
    few = count(client, page(made.number))
    for number in range(60):
        messages.reply(made, by=promised.agent, body=f"word {number}")

    many = count(client, page(made.number))
    html = client.get(page(made.number)).content.decode()
    earlier = client.get(page(made.number) + re.search(r'href="(\?before=\d+)"', html)[1])

    assert many <= few
    assert many <= 20
    assert "first word" not in html
    assert "first word" in earlier.content.decode()


def test_the_feed_brings_what_is_new_and_else_nothing(client, promised):
    made = report(promised)
    messages.reply(made, by=promised.agent, body="<b>hello</b>")
    seq = made.timeline.latest("seq").seq
    sign_in(client, promised.requester)

    new = client.get(page(made.number, "feed") + f"?after={seq - 1}")
    none = client.get(page(made.number, "feed") + f"?after={seq}")

    assert "&lt;b&gt;hello" in new.content.decode()
    assert none.status_code == 204


def test_an_unknown_public_verb_stays_out(client, promised):
    made = report(promised)
    timeline.record(
        made, "incident.classified", by=promised.agent, at=time.now(), body=CANARY, announce=False
    )
    sign_in(client, promised.requester)

    assert TimelineEntry.objects.filter(body=CANARY, visibility="public").exists()
    assert CANARY not in client.get(page(made.number)).content.decode()
