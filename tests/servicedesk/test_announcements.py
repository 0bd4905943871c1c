"""Announcements: from draft to end, for whom they are, who has read them, and what the portal and the
agents' pages show of them."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from core import outbox, time
from core.errors import Refused
from incidents.actions import major
from incidents.models import Incident
from people.models import Person
from records.models import Notification, RecordLink
from servicedesk.announcements import actions, audience, spreading, usage
from servicedesk.models import Announcement, AnnouncementReading
from servicedesk.portal import banners
from servicedesk.portal.actions import join_disruption
from slm.actions import variations
from tests.slm.stories import report, resolve
from tests.world import HOUR, person, promise

pytestmark = [pytest.mark.django_db, pytest.mark.feature("SD-15")]
WORDS = {
    "title_en": "Mail is down", "body_en": "We work on it.", "title_zh": "邮件服务中断",
    "body_zh": "我们正在处理。",
}  # fmt: skip


def written(world, by=None, **fields):
    fields = {"is_for_all": True, "announcement_kind": "general", **WORDS, **fields}
    return actions.write(by=by or world.desk_manager, **fields)


def published(world, **fields):
    return actions.publish(written(world, **fields), by=world.desk_manager)


def deliver():
    while outbox.sweep_due():
        pass


def again(announcement):
    return Announcement.objects.get(pk=announcement.pk)


def shown_to(who):
    return [banner.title for banner in banners.for_person(Person.objects.get(pk=who.pk))]


def told(template="announcement"):
    rows = Notification.objects.filter(template=template)
    return set(rows.values_list("person__code", "channel"))


# --- the lifecycle ------------------------------------------------------------------------------
@pytest.mark.parametrize("missing", ["title_zh", "body_zh", "body_en"])
def test_nothing_goes_out_without_words_in_every_language(world, missing):
    made = written(world, **{missing: ""}, starts_at=time.now())

    with pytest.raises(Refused):
        actions.schedule(made, by=world.desk_manager)
    with pytest.raises(Refused):
        actions.publish(made, by=world.desk_manager)


def test_nothing_goes_out_to_nobody(world):
    made = written(world, is_for_all=False, starts_at=time.now())

    with pytest.raises(Refused):
        actions.schedule(made, by=world.desk_manager)


def test_an_agent_writes_and_a_manager_publishes(world):
    made = written(world, by=world.agent)

    with pytest.raises(PermissionDenied):
        actions.publish(made, by=world.agent)
    with pytest.raises(PermissionDenied):
        written(world, by=world.requester)
    with pytest.raises(PermissionDenied):
        written(world, by=world.auditor)

    for manager in (world.desk_manager, world.manager, world.incident_manager):
        made = actions.publish(written(world, by=world.agent), by=manager)
        assert made.state == "published"


def test_time_publishes_and_ends_each_once(world):
    start = time.now() - timedelta(seconds=5)
    made = written(world, starts_at=start, ends_at=time.now() + timedelta(hours=1))
    actions.schedule(made, by=world.desk_manager)
    later = written(world, starts_at=time.now() + timedelta(hours=1))
    actions.schedule(later, by=world.desk_manager)

    assert (actions.sweep_due(), actions.sweep_due()) == (1, 0)
    assert (again(made).state, again(later).state) == ("published", "scheduled")
    Announcement.objects.filter(pk=made.pk).update(ends_at=time.now())
    assert (actions.sweep_due(), actions.sweep_due()) == (1, 0)

    assert again(made).state == "ended"
    assert made.timeline.filter(verb="announcement.published").count() == 1


def test_what_could_not_be_shown_in_its_time_is_told_to_nobody(world):
    made = written(
        world, starts_at=time.now() - timedelta(hours=2), ends_at=time.now() + timedelta(hours=1)
    )
    actions.schedule(made, by=world.desk_manager)
    Announcement.objects.filter(pk=made.pk).update(ends_at=time.now() - timedelta(hours=1))

    actions.sweep_due()
    deliver()

    assert again(made).state == "withdrawn"
    assert told() == told("announcement_withdrawn") == set()


def test_everybody_it_is_for_is_told_once_in_the_chosen_ways(world):
    made = published(world, is_for_all=False, organizations=[world.sales], is_by_mail=True)

    deliver()
    entry = made.timeline.get(verb="announcement.published")
    spreading.spread(made.pk, entry.pk)
    deliver()

    expected = {(code, way) for code in ("R1", "R2") for way in ("email", "in_app")}
    assert told() == expected
    assert Notification.objects.filter(template="announcement").count() == 4


def test_who_was_told_is_told_of_the_withdrawal_too(world, client):
    made = published(world, is_for_all=False, organizations=[world.sales])
    deliver()

    with pytest.raises(ValidationError):
        actions.withdraw(made, by=world.desk_manager, reason=" ")
    actions.withdraw(made, by=world.desk_manager, reason="It was a false alarm")
    deliver()

    assert told("announcement_withdrawn") == {("R1", "in_app"), ("R2", "in_app")}
    assert shown_to(world.requester) == []
    client.force_login(world.requester, backend="people.backends.PersonBackend")
    page = client.get(reverse("portal:announcement", args=[made.number])).content.decode()
    assert "It was a false alarm" in page


# --- for whom -----------------------------------------------------------------------------------
def test_readers_are_found_by_organisation_site_and_service(world):
    # used by those who agreed it: the sales department
    promise(world, ("resolution", 4), customer=world.sales, agreed_service=world.erp, title="ERP")
    cases = {
        "organisation": {"organizations": [world.head]},
        "site": {"sites": [world.site]},
        "service": {"services": [world.erp]},
    }
    readers = {
        case: set(
            audience.people_of(written(world, is_for_all=False, **fields))
            .values_list("code", flat=True)
        )
        for case, fields in cases.items()
    }  # fmt: skip

    assert {"R1", "R2", "A1"} <= readers["organisation"]
    assert "R3" not in readers["organisation"]  # of another customer
    assert readers["site"] == {"R1", "A3"}
    assert readers["service"] == {"R1", "R2"}


def test_both_ways_of_asking_for_readers_agree(world):
    promise(world, ("resolution", 4), customer=world.sales, agreed_service=world.erp, title="ERP")
    world.mail.offered_to.add(world.other)
    report(world, service=world.mail, requester=world.colleague, by=world.colleague, at=time.now())
    part = type(world.erp).objects.get(pk=world.erp.pk)
    made = [
        written(world, **{"is_for_all": False, **fields})
        for fields in (
            {"services": [world.erp]}, {"services": [world.mail]}, {"services": [part, world.mail]},
            {"organizations": [world.sales]}, {"sites": [world.site]},
            {"organizations": [world.other], "services": [world.erp]}, {"is_for_all": True},
        )
    ]  # fmt: skip

    for announcement in made:
        forwards = {
            one.code
            for one in Person.objects.active().humans()
            if Announcement.objects.filter(pk=announcement.pk).meant_for(one).exists()
        }
        backwards = set(audience.people_of(announcement).values_list("code", flat=True))
        assert forwards == backwards


def test_a_service_is_used_by_who_agreed_asked_or_is_offered_it(world):
    def uses(who, service):
        return usage.used_services(who.pk).filter(pk=service.pk).exists()

    assert uses(world.stranger, world.mail)  # nothing narrows it down
    world.mail.offered_to.add(world.sales)
    assert uses(world.requester, world.mail)
    assert not uses(world.stranger, world.mail)
    report(world, service=world.mail, requester=world.stranger, by=world.agent, at=time.now())
    assert uses(world.stranger, world.mail)


def test_others_see_only_what_was_published_for_them(world):
    draft = written(world)
    mine = published(world, is_for_all=False, organizations=[world.sales])
    foreign = published(world, is_for_all=False, organizations=[world.other])

    seen = set(Announcement.objects.visible_to(world.requester))
    assert seen == {mine}
    assert set(Announcement.objects.visible_to(world.agent)) == {draft, mine, foreign}


# --- banners ------------------------------------------------------------------------------------
def test_a_banner_is_dismissed_for_oneself_alone_and_an_outage_not_at_all(world):
    news = published(world)
    outage = published(
        world, announcement_kind="outage", title_en="VPN is down", title_zh="VPN 中断"
    )

    actions.dismiss(news, by=world.requester)
    with pytest.raises(Refused):
        actions.dismiss(outage, by=world.requester)

    assert shown_to(world.requester) == ["VPN is down"]
    assert set(shown_to(world.colleague)) == {"VPN is down", "Mail is down"}


def test_reading_acknowledges_once_and_is_counted(world, client):
    made = published(world, is_for_all=False, organizations=[world.sales], requires_ack=True)
    client.force_login(world.colleague, backend="people.backends.PersonBackend")

    home = client.get(reverse("portal:home")).content.decode()
    address = reverse("portal:announcement_read", args=[made.number])
    first = client.post(address, {"next": reverse("portal:home")})
    at = AnnouncementReading.objects.get().acknowledged_at
    client.post(address, {"next": "https://elsewhere.example/"})

    assert "I have read it" in home
    assert first.url == reverse("portal:home")
    assert AnnouncementReading.objects.get().acknowledged_at == at
    assert actions.readers_of(made) == (1, 2)
    assert shown_to(world.colleague) == []
    client.force_login(world.agent, backend="people.backends.PersonBackend")
    page = client.get(made.get_absolute_url()).content.decode()
    assert "1 of 2 people" in page
    assert "Mei Lin" in page


def test_a_stranger_neither_sees_nor_acknowledges_it(world, client):
    made = published(world, is_for_all=False, organizations=[world.sales])
    client.force_login(world.stranger, backend="people.backends.PersonBackend")

    for name in ("portal:announcement_read", "portal:announcement_dismiss"):
        assert client.post(reverse(name, args=[made.number])).status_code == 404
    assert client.get(reverse("portal:announcement", args=[made.number])).status_code == 404
    with pytest.raises(Refused):
        actions.acknowledge(made, by=world.stranger)


def test_agents_see_outages_and_major_incidents_above_every_page(world, client):
    published(world, announcement_kind="outage", title_en="VPN is down", title_zh="VPN 中断")
    published(world, title_en="New canteen menu")
    disrupted(world)
    client.force_login(world.agent, backend="people.backends.PersonBackend")

    html = client.get(reverse("servicedesk:coordination")).content.decode()

    assert "VPN is down" in html
    assert "Major incident: Mail" in html
    assert "New canteen menu" not in html


# --- I am affected too --------------------------------------------------------------------------
def disrupted(world):
    found = report(world, service=world.mail, at=time.now())
    return major.declare(
        found, by=world.incident_manager, reason="many", manager=world.incident_manager
    )


def test_one_banner_for_an_outage_and_its_announcement(world):
    found = disrupted(world)
    before = banners.for_person(world.colleague)
    published(world, announcement_kind="outage", about=found.record_ptr, is_for_all=True)
    cache.clear()  # what there is at all is kept some seconds

    after = banners.for_person(world.colleague)

    assert [(one.title, one.affects) for one in before] == [("Mail is disturbed.", found.number)]
    assert [(one.title, one.affects) for one in after] == [("Mail is down", found.number)]


def test_being_affected_makes_one_own_ticket_that_is_solved_with_the_parent(world, client):
    found = disrupted(world)
    client.force_login(world.colleague, backend="people.backends.PersonBackend")
    address = reverse("portal:me_too", args=[found.number])

    home = client.get(reverse("portal:home")).content.decode()
    client.post(address)
    client.post(address)

    assert "I am affected too" in home
    mine = Incident.objects.get(requester=world.colleague)
    link = RecordLink.objects.get(target=mine)
    assert (link.source_id, link.type) == (found.pk, "parent_of")
    assert major.affected_people(found) == {world.requester.pk, world.colleague.pk}
    client.force_login(world.incident_manager, backend="people.backends.PersonBackend")
    assert "2 people affected" in client.get(found.get_absolute_url()).content.decode()
    major.end(found, by=world.incident_manager)
    resolve(found, time.now(), by=world.incident_manager, service=world.mail)
    deliver()
    assert Incident.objects.get(pk=mine.pk).state == "resolved"


def test_an_announced_outage_lets_people_join_an_incident_that_is_not_major(world):
    found = report(world, service=world.mail, at=time.now())
    with pytest.raises(Refused):
        join_disruption(found, by=world.colleague)

    published(world, announcement_kind="outage", about=found.record_ptr, is_for_all=True)
    mine = join_disruption(found, by=world.colleague)

    assert join_disruption(found, by=world.colleague) == mine
    assert [one.is_mine for one in banners.for_person(world.colleague)] == [True]


def test_while_reporting_the_outage_is_asked_about(world, client):
    disrupted(world)
    client.force_login(world.colleague, backend="people.backends.PersonBackend")

    html = client.get(reverse("portal:suggest"), {"subject": "Mail is not working"})

    assert "I am affected too" in html.content.decode()


def test_a_major_incident_proposes_its_announcement(world, client):
    found = disrupted(world)
    client.force_login(world.incident_manager, backend="people.backends.PersonBackend")

    panel = client.get(reverse("announcements:of_record", args=[found.number])).content.decode()
    form = client.get(reverse("announcements:new"), {"about": found.number}).context["form"]

    assert f"?about={found.number}" in panel
    assert form.initial["announcement_kind"] == "outage"
    assert form.initial["services"] == [world.mail.pk]
    assert form.initial["title_en"] == "Mail is disturbed."
    assert form.initial["title_zh"]


# --- pages of the desk --------------------------------------------------------------------------
def posted(**fields):
    return {
        "announcement_kind": "maintenance", "severity": "2", **WORDS, "is_for_all": "on",
        "is_banner": "on", **fields,
    }  # fmt: skip


def test_it_is_written_previewed_published_and_listed_through_the_pages(world, client):
    client.force_login(world.desk_manager, backend="people.backends.PersonBackend")

    preview = client.post(reverse("announcements:preview"), posted()).content.decode()
    wrong = client.post(reverse("announcements:new"), posted(title_en="", title_zh=""))
    client.post(reverse("announcements:new"), posted())
    made = Announcement.objects.get()
    drafts = client.get(reverse("announcements:index"), {"show": "drafts"}).content.decode()
    client.post(reverse("announcements:step", args=[made.number, "publish"]))
    twice = client.post(reverse("announcements:step", args=[made.number, "publish"]))

    assert "邮件服务中断" in preview
    assert "Mail is down" in preview
    assert wrong.status_code == 422
    assert made.number in drafts
    assert again(made).state == "published"
    assert twice.status_code == 409


def test_what_another_changed_meanwhile_is_not_overwritten(world, client):
    made = written(world)
    client.force_login(world.desk_manager, backend="people.backends.PersonBackend")
    seen = made.version
    actions.edit(made, by=world.manager, title_en="Newer")

    answer = client.post(
        reverse("announcements:edit", args=[made.number]), posted(version=seen, title_en="Older")
    )

    assert answer.status_code == 409
    assert again(made).title_en == "Newer"


def test_words_of_writers_are_never_markup(world, client):
    made = published(world, body_en="<img src=x onerror=alert(1)>", title_en="<b>bold</b>")
    client.force_login(world.colleague, backend="people.backends.PersonBackend")

    for url in (reverse("portal:announcement", args=[made.number]), reverse("portal:home")):
        html = client.get(url).content.decode()
        assert "<img src=x" not in html
        assert "<b>bold</b>" not in html


def test_the_list_costs_the_same_however_long(world, client, django_assert_max_num_queries):
    for number in range(12):
        written(world, title_en=f"News {number}")
    client.force_login(world.desk_manager, backend="people.backends.PersonBackend")
    client.get(reverse("announcements:index"), {"show": "drafts"})

    with django_assert_max_num_queries(14):
        client.get(reverse("announcements:index"), {"show": "drafts"})


# --- a changed service level ---------------------------------------------------------------------
def test_the_notice_of_a_changed_service_level_lets_it_be_agreed(world):
    sla = promise(world, ("resolution", 8), calendar=world.always, customer=world.sales)
    customer = person(world, "C1", "Customer", world.sales)
    start = time.now().replace(microsecond=0) + timedelta(hours=30)
    change = variations.draft(
        sla, by=world.manager, starts_at=start, ends_at=start + timedelta(hours=5), reason="x",
        new_values={sla.targets.get().pk: 12 * HOUR},
    )  # fmt: skip
    with pytest.raises(Refused):
        variations.agree(change, by=world.manager, agreed_with=customer)

    notice = written(world, by=world.manager, variation=change, starts_at=time.now())
    notice = actions.schedule(notice, by=world.manager)
    agreed = variations.agree(change, by=world.manager, agreed_with=customer)

    assert (notice.announcement_kind, notice.requires_ack) == ("service_level_change", True)
    assert agreed.state == "agreed"
    with pytest.raises(Refused):
        actions.withdraw(notice, by=world.manager, reason="Not needed")


# --- the interface ------------------------------------------------------------------------------
def test_the_interface_takes_the_same_steps(world, client):
    client.force_login(world.desk_manager, backend="people.backends.PersonBackend")
    body = {**WORDS, "kind": "outage", "services": ["MAIL"]}

    made = client.post("/api/v1/announcements/", body, content_type="application/json")
    number = made.json()["number"]
    sent = client.post(
        f"/api/v1/announcements/{number}/publish/", {}, content_type="application/json"
    )
    twice = client.post(
        f"/api/v1/announcements/{number}/publish/", {}, content_type="application/json"
    )

    assert (made.status_code, sent.status_code, twice.status_code) == (201, 200, 409)
    assert sent.json()["state"] == "published"
    client.force_login(world.requester, backend="people.backends.PersonBackend")
    read = client.post(
        f"/api/v1/announcements/{number}/acknowledge/", {}, content_type="application/json"
    )
    assert read.status_code == 200
