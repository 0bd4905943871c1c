"""A company with something of everything that pages show, and the list of all pages.

`pages(world)` gives (reader, name, address, what to do there); a reader of None has not signed in. A name may stand for many addresses; the
table of addresses is held against this list in test_axe.py.
"""

from datetime import timedelta

from django.contrib.postgres.fields.ranges import DateRange
from django.urls import reverse

from cmdb.actions import items, relations
from cmdb.models import CI, CIClass, CIRelationType, CIUse, Service
from core import heartbeat, outbox, preferences, time
from core.models import Message
from core.text import fold
from incidents.actions import lifecycle, major, merging, messages, opening
from incidents.models import Incident
from knowledge.actions import reading, using, writing
from people import actions as people
from people.models import Organization, Person, Site, SupportGroup
from records import actions as records
from records import approvals, triage
from records.files import keep
from records.models import (
    Category,
    ClosureCode,
    Notification,
    PendingReason,
    PriorityMatrix,
    Record,
    RecordLink,
    RecordText,
    RoutingRule,
)
from servicedesk.announcements import actions as announcements
from servicedesk.approving import links
from servicedesk.calls import actions as calls
from servicedesk.feedback.actions import filing as giving
from servicedesk.feedback.actions import handling
from servicedesk.models import RequestOffering, SavedView, UndeliverableAddress
from servicedesk.requests.actions import fulfilling
from servicedesk.surveys import actions as surveys
from servicedesk.surveys import links as survey_links
from slm.actions import agreements, referrals, variations
from slm.models import Agreement, EscalationPolicy
from tests.knowledge.stories import draft, published, submitted
from tests.servicedesk.mail_corpus import plain
from tests.servicedesk.mail_world import mailbox, take
from tests.servicedesk.requests import shop
from tests.servicedesk.test_portal import png, stories
from tests.world import SINCE, build, promise

MANY = 52


def everything():
    """Requests in each state, CIs with relations, agreements, calls, notices, mails, keys."""
    world = build()
    promise(world, ("response", 1), ("update", 4), ("resolution", 8), calendar=world.always)
    promise(world, ("resolution", 4), kind="ola", provider_group=world.second_line,
            title="Network, for the desks", calendar=world.always)  # fmt: skip
    Person.objects.filter(pk=world.admin.pk).update(is_superuser=True)
    people.join_group(world.admin, world.central, by=None, since=SINCE)
    world.admin = Person.objects.get(pk=world.admin.pk)
    world.made = stories(world)
    _incidents(world)
    _configuration(world)
    _handed_over(world)
    _desk(world)
    _articles(world)
    _orders(world)
    _rules(world)
    _feedback(world)
    _announced(world)
    return world


def _announced(world):
    """An outage that runs, one that is planned, one that is over, a draft; a short-term change."""
    words = {"title_zh": "邮件服务中断", "body_zh": "我们正在处理。", "body_en": "We work on it."}
    large, now = world.made[9], time.now()

    def write(title, **fields):
        return announcements.write(
            by=world.incident_manager, title_en=title, is_for_all=True, **words, **fields
        )

    world.outage = announcements.publish(
        write("Mail is down", announcement_kind="outage", severity=3, requires_ack=True,
              about=large.record_ptr), by=world.incident_manager,
    )  # fmt: skip
    announcements.acknowledge(world.outage, by=world.requester)
    world.planned = announcements.schedule(
        write("Mail rests on Saturday", announcement_kind="maintenance",
              starts_at=now + timedelta(days=1)), by=world.incident_manager,
    )  # fmt: skip
    past = announcements.publish(write("Mail was down"), by=world.incident_manager)
    announcements.end(past, by=world.incident_manager)
    world.written = write("A draft")
    sla = Agreement.objects.filter(agreement_kind="sla", state="active").first()
    row = sla.targets.filter(unit="sec").first()
    world.variation = variations.draft(
        sla, by=None, starts_at=now + timedelta(days=2), ends_at=now + timedelta(days=3),
        new_values={row.pk: int(row.value) * 2}, reason="Stocktaking 盘点",
    )  # fmt: skip


def _feedback(world):
    """A new complaint, one under review and one answered; a survey that waits and one answered."""
    fields = {"by": world.requester, "feedback_kind": "complaint", "severity": 2}
    world.complaint = giving.give(
        title="等了三天没有人回电", description="打了两次电话。", service=world.erp,
        about_group=world.local, **fields,
    )  # fmt: skip
    reviewed = giving.give(title="Nobody called back", service=world.erp, **fields)
    world.reviewed = handling.review(reviewed, by=world.agent)
    world.answered = handling.review(giving.give(title="还是没有人回电", **fields), by=world.agent)
    world.answered = handling.give_answer(
        world.answered, by=world.agent, answer="非常抱歉。", outcome="justified"
    )
    preferences.put("survey_percent", 100, by=None)
    preferences.put("survey_quiet_days", 0, by=None)
    closed = Record.objects.filter(
        kind="incident", state="closed", merged_into=None, requester=world.requester
    )
    world.surveys = [found for one in closed if (found := surveys.ask(one)) is not None]
    if len(world.surveys) > 1:
        surveys.answer(world.surveys[0], score=2, comment="太慢了")


def _rules(world):
    """Routing rules, one of which names what is out of use, and a local desk's ticket they placed."""
    for name, order, sets, conditions in (
        ("VPN to the network team", 10, {"group": world.second_line.pk},
         [{"field": "keyword", "op": "any", "values": ["VPN", "隧道"]}]),
        ("By a site of old", 20, {"impact": 2},
         [{"field": "site", "op": "none", "values": [999_999]}]),
    ):  # fmt: skip
        RoutingRule.objects.create(
            name_en=name, name_zh=f"{name} 规则", order=order, sets=sets, conditions=conditions
        )
    triage.forget()
    world.locals = opening.open_incident(
        by=world.requester, requester=world.requester, title="VPN 隧道 down"
    )
    Record.objects.filter(pk=world.locals.pk).update(owner_group=world.local)


def _orders(world):
    """The catalogue, and an order that waits, one that is worked on, and a rejected one."""
    shop.filled(world)
    world.waiting, world.ordered, world.rejected = (
        shop.ordered(world, at=None) for _order in range(3)
    )
    fulfilling.cancel(shop.ordered(world, at=None), by=world.requester, reason="No need")
    for order, vote in ((world.ordered, "approve"), (world.rejected, "reject")):
        question = order.approvals.get(state="pending")
        approvals.answer(question, by=world.owner, vote=vote, comment="Seen")


def _incidents(world):
    begun, large = world.made[2], world.made[9]
    _many(world, MANY)
    world.twin = opening.open_incident(
        by=world.requester, requester=world.requester, title="three again", service=world.mail
    )
    merging.merge(world.twin, by=world.agent, target=begun)
    major.broadcast(large, by=world.incident_manager, body="Webmail works. 网页邮箱可用。")
    lifecycle.classify(begun, by=world.agent, category=world.vpn)
    now = time.now()
    world.task = records.add_task(begun, by=world.agent, at=now, title="Renew the certificate")
    records.link(begun, world.made[1], RecordLink.Type.RELATES_TO, by=world.agent, at=now)
    records.watch(begun, world.colleague, by=world.agent, at=now)
    entry = begun.timeline.seen_by_requester().first()
    world.file = keep(
        png("屏幕截图.png"), record=begun, entry=entry, by=world.requester, is_internal=False
    )
    messages.reply(begun, by=world.agent, body="See http://example.com/page\n\n第二行")
    world.said = begun.timeline.exclude(body="").last()


def _many(world, count):
    """Rows for a second page of the queue, as they stand in the database."""
    now = time.now()
    for number in range(count):
        opened = now - timedelta(minutes=10 * number)
        row = Incident.objects.create(
            number=f"INC-{900000 + number}", title=f"Printer {number} / 打印机卡纸", state="assigned",
            organization=world.sales, requester=world.colleague, assigned_group=world.central,
            priority=1 + number % 5, service=world.erp, opened_at=opened, occurred_at=opened,
            detected_at=opened, updated_at=opened, state_changed_at=opened, sla_status="ok",
            due_at=now + timedelta(minutes=20 * number),
        )  # fmt: skip
        text = fold(f"{row.number} {row.title}")
        RecordText.objects.create(record_id=row.pk, search_public=text, search_agent=text)


def _configuration(world):
    def ci(name, kind, **fields):
        return items.create_ci(
            by=None, name=name, ci_class=CIClass.objects.get(code=kind), organization=world.head,
            owner=world.owner, managed_by=world.second_line, state=CI.State.LIVE,
            environment="production", authority="TEST", **fields,
        )  # fmt: skip

    def relate(source, target):
        depends = CIRelationType.objects.get(code="depends_on")
        return relations.relate(source, depends, target, by=None, authority="TEST")

    world.node, other, host = (
        ci("app-1", "application"), ci("app-2", "application"), ci("host-1", "server_physical"),
    )  # fmt: skip
    erp = Service.objects.get(pk=world.erp.pk).ci
    both = [relate(erp, world.node), relate(erp, other)]
    world.relation = relate(world.node, host)
    relate(other, host)
    world.redundancy = relations.set_redundancy(
        erp, by=None, name="Both nodes", required_k=1, relations=both, authority="TEST"
    )
    world.erp_ci = erp
    CIUse.objects.create(ci=world.node, person=world.requester)
    records.add_ci(world.made[2], world.node, by=world.agent, at=time.now())
    world.draft = agreements.create(
        by=None, agreement_kind="sla", title="Draft", organization=world.head,
        calendar=world.calendar, valid=DateRange(SINCE, None),
        targets=[{"metric": "resolution", "value": 3600}],
    )  # fmt: skip


def _handed_over(world):
    """What others have to answer: an approver, and a supplier under a contract and without one."""
    supplier = people.create_organization(
        by=None, code="NETCO", name_en="Net Company", name_zh="网络公司", kind="supplier"
    )
    promise(world, ("response", 1), ("resolution", 4), kind="uc", title="Lines",
            supplier=supplier, calendar=world.always)  # fmt: skip
    world.handed = opening.open_incident(
        by=world.requester, requester=world.requester, title="The line is down",
        service=world.mail,
    )  # fmt: skip
    source = {"of": "people", "people": [world.agent.pk, world.manager.pk]}
    [world.approval] = approvals.ask(
        world.handed, [approvals.Stage(source, patience_hours=8)], by=None, at=time.now()
    )
    world.referral = referrals.refer(
        world.handed, by=world.agent, supplier=supplier, question="Line 7 is down. 线路中断。",
        contact="noc@netco.example",
    )  # fmt: skip


def _desk(world):
    kept = {"by": world.agent, "channel": "phone"}
    calls.discard(token="1", outcome="info_given", person=world.requester, **kept)
    world.call = calls.keep(token="2", caller_text="王女士", subject="VPN", **kept)
    world.view = SavedView.objects.create(owner=world.agent, name="Printers", filters={"q": ["p"]})
    people.issue_token(world.requester, by=world.admin, name="Monitoring", scope="read")
    heartbeat.beat("sweeper:clocks")
    Message.objects.update(next_attempt_at="2020-01-01T00:00Z")
    outbox.sweep_due(limit=2000)
    world.mailbox = mailbox(world, organization=world.head)
    world.mail_in = take(world.mailbox, plain("Printer 打印机", "It is jammed.\n\n-- \nZhang San"))
    take(world.mailbox, plain("Newsletter", "Buy now", Precedence="bulk"))
    UndeliverableAddress.objects.create(
        address="gone@lanting.example", status="5.1.1", reason="no user"
    )
    world.mail_out = Notification.objects.filter(channel="email").latest("pk")


def _articles(world):
    body = (
        "# Steps\n\n1. Open **Portal**.\n2. Restart.\n\n> Wait.\n\n| a | b |\n| - | - |\n| 1 | 2 |"
    )
    world.article = published(
        world, "three: VPN certificate expired", body, zh=("VPN 证书过期", "请重启。"),
        service=world.erp, category=world.vpn,
    )  # fmt: skip
    reading.vote(world.article, by=world.colleague, is_helpful=False, comment="Which menu?")
    using.use(world.article, world.made[2], by=world.agent)
    writing.revise(world.article, by=world.agent, texts={"body_en": "Shorter."}, note="Shorter")
    world.in_review = submitted(world, "Printer offline", audience="internal")
    draft(world, "Only begun")
    reading.searched("espresso", by=world.requester, place="portal", found=0)


# --- the list of pages ------------------------------------------------------------------------


def press(key, wait):
    def act(page):
        page.keyboard.press(key)
        page.wait_for_selector(wait)

    return act


def send(address):
    """Send an empty form there, as a page does that was opened before the step became impossible."""

    def act(page):
        page.evaluate(
            """address => {
                const form = document.createElement("form");
                form.method = "post";
                form.action = address;
                form.append(document.querySelector("[name=csrfmiddlewaretoken]").cloneNode());
                document.body.append(form);
                form.submit();
            }""",
            address,
        )
        page.wait_for_selector("[data-refusal]")

    return act


def choose(page):
    page.locator("[name=sel]").first.check()
    page.wait_for_selector(".bulk:not([hidden])")
    if page.viewport_size["width"] < 500:
        # the bar floats above the cards: at the end of the list none of them is half behind it
        page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")


def click(target, wait="dialog[open] h2"):
    def act(page):
        page.locator(target).first.click()
        page.wait_for_selector(wait)

    return act


def each_section(page):
    """All of the rail opened and loaded, and the sentence behind the clocks."""
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    for part in ("links", "people", "documents", "notices"):
        page.wait_for_selector(f"#sec-{part} > p > a[href$='{part}/']", state="detached")
    page.wait_for_selector(".htmx-request", state="detached")


def pages(world):
    readers = {"agent": world.agent, "admin": world.admin, "requester": world.requester}
    everywhere = [*_for_agents(world), *_for_administrators(world), *_for_requesters(world)]
    return [(readers.get(who), *visit) for who, *visit in everywhere]


def _for_agents(world):
    new, given, begun, asked, _held, solved, done, gone, again, large = world.made

    def of(record, rest=""):
        return f"/incidents/{record.number}/{rest}"

    def work(rest):
        return f"/records/{begun.number}/{rest}"

    chosen = f"?sel={new.pk}&sel={given.pk}"
    yield from (
        ("agent", "my work", "/home/", None),
        ("agent", "queue", "/queue/?phase=any", None),
        ("agent", "queue, second page", "/queue/?phase=any&o=-opened", click(
            ".pager a:last-of-type", "#list tbody tr")),
        ("agent", "queue, chosen", "/queue/", choose),
        ("agent", "queue, filters", "/queue/", press("f", "dialog[open]")),
        ("agent", "queue, nothing found", "/queue/?q=zzz", None),
        ("agent", "queue, palette", "/queue/", press("Control+k", "dialog[open] input")),
        ("agent", "queue, keys", "/queue/", press("?", "dialog[open] h2")),
        ("agent", "filters as a page", "/queue/filter/", None),
        ("agent", "columns of a view", "/queue/columns/", None),
        ("agent", "many at once", f"/queue/bulk/assign/{chosen}", None),
        ("agent", "a view, new", "/queue/views/new/", None),
        ("agent", "a view", f"/queue/views/{world.view.pk}/edit/", None),
        ("agent", "search", "/search/?q=three", None),
        ("agent", "search, nothing found", "/search/?q=zzz", None),
        ("agent", "incident, new", of(new), None),
        ("agent", "incident, worked on", of(begun), each_section),
        ("agent", "incident, to assign", of(begun), press("a", "dialog[open] h2")),
        ("agent", "incident, to hold", of(begun), press("h", "#hold:popover-open")),
        ("agent", "incident, to resolve", of(begun), press("e", "dialog[open] h2")),
        ("agent", "incident, all steps", of(begun), click("[popovertarget=more]", "#more")),
        ("agent", "incident, a fact", of(begun), click("dd .edit[hx-target*=closest]", "dd form")),
        ("agent", "incident, a note", of(begun), press("i", "[data-mode=note]")),
        ("agent", "incident, pending", of(asked), None),
        ("agent", "incident, rejected", of(again), None),
        ("agent", "incident, resolved", of(solved), None),
        ("agent", "incident, closed", of(done), None),
        ("agent", "incident, cancelled", of(gone), None),
        ("agent", "incident, merged", of(world.twin), None),
        ("agent", "incident, major", of(large), each_section),
        *(("agent", f"step: {step}", of(begun, f"{step}/"), None)
          for step in ("assign", "hold", "resolve", "escalate", "merge", "cancel", "priority")),
        ("agent", "step: a fact", of(begun, "edit/category/"), None),
        ("agent", "clocks of a record", work("clocks/"), None),
        *(("agent", f"record: {what}", work(what), None)
          for what in ("cis/new/", "links/new/", "tasks/new/", "time/new/", "people/new/",
                       f"tasks/{world.task.pk}/complete/")),
        ("agent", "notices", "/notices/", None),
        ("agent", "profile", "/account/profile/", None),
        ("agent", "a call", f"/new/?person={world.requester.pk}", None),
        ("agent", "calls", "/calls/", None),
        ("agent", "one call", f"/calls/{world.call.number}/", None),
        ("agent", "people", "/people/", None),
        ("agent", "a person", f"/people/{world.requester.pk}/", None),
        ("agent", "tickets of a person", f"/people/{world.requester.pk}/tickets/", None),
        ("agent", "CIs", "/cmdb/", None),
        ("agent", "a CI", f"/cmdb/{world.node.number}/", None),
        ("agent", "a CI, as a tree", f"/cmdb/{world.node.number}/?v=tree", None),
        ("agent", "services", "/cmdb/services/", None),
        ("agent", "a service", "/cmdb/services/ERP/", None),
        *(("agent", f"knowledge: {what or 'list'}", f"/knowledge/{what}", None)
          for what in ("", "?q=zzz", "?show=mine", "new/", "searches/",
                       f"tickets/{begun.number}/", f"tickets/{done.number}/write/",
                       f"{world.article.number}/", f"{world.article.number}/?v=2",
                       f"{world.article.number}/edit/", f"{world.article.number}/compare/",
                       f"{world.article.number}/submit/", f"{world.article.number}/flag/")),
        *(("agent", f"announcements: {what or 'list'}", f"/announcements/{what}", None)
          for what in ("", "?show=past", "?q=zzz", "new/", f"{world.outage.number}/")),
        ("agent", "short-term changes", "/service-levels/variations/", None),
        ("agent", "short-term change", f"/service-levels/variations/{world.variation.number}/",
         None),
        ("agent", "service levels", "/service-levels/", None),
        ("agent", "clocks behind a figure", "/service-levels/clocks/", None),
        ("agent", "agreements", "/service-levels/agreements/", None),
        ("agent", "approvals", "/approvals/", None),
        *(("agent", f"request: {what or 'page'}", f"/requests/{world.ordered.number}/{what}", None)
          for what in ("", "assign/", "hold/", "cancel/", "fulfil/", "edit/category/")),
        ("agent", "request that waits", f"/requests/{world.waiting.number}/", None),
        ("agent", "request to be rejected", f"/requests/{world.waiting.number}/reject-order/",
         None),
        ("agent", "one approval", f"/approvals/{world.approval.pk}/", None),
        ("agent", "coordination", "/coordination/", None),
        *(("agent", f"feedback: {what or 'new'}", f"/feedback/{world.complaint.number}/{what}",
           None) for what in ("", "review/", "assign/", "edit/severity/")),
        *(("agent", f"feedback, under review: {what or 'page'}",
           f"/feedback/{world.reviewed.number}/{what}", None)
          for what in ("", "hand-over/", "answer/", "improve/")),
        *(("agent", f"feedback, answered: {what or 'page'}",
           f"/feedback/{world.answered.number}/{what}", None) for what in ("", "confirm/")),
        ("agent", "feedback in the queue", "/queue/?kind=feedback&phase=any", None),
        ("agent", "desks", "/coordination/desks/", None),
        ("agent", "step: take-over", f"/incidents/{world.locals.number}/take-over/", None),
        ("agent", "why it stands here", f"/records/{world.locals.number}/routing/", None),
        ("agent", "why it stands here, no rule", work("routing/"), None),
        ("agent", "incident, with a supplier", of(world.handed), each_section),
        *(("agent", f"referral: {what}", f"/records/{world.handed.number}/referrals/{what}/", None)
          for what in ("new", f"{world.referral.pk}/acknowledge")),
        ("agent", "not possible now", of(done), send(of(done, "resume/"))),
        ("agent", "not there", "/incidents/INC-999999/", None),
        ("agent", "not permitted", "/settings/health/", None),
    )  # fmt: skip


def _for_administrators(world):
    begun, node, person = world.made[2], world.node.number, world.requester.pk
    sla = f"/service-levels/agreements/{world.draft.number}/"
    members = f"/settings/support-groups/{world.central.pk}/members/"
    yield from (
        ("admin", "satisfaction", "/satisfaction/", None),
        ("admin", "satisfaction: surveys", "/satisfaction/answers/?show=sent", None),
        ("admin", "satisfaction: nothing found", "/satisfaction/answers/?show=low&service=0", None),
        ("admin", "satisfaction: how often", "/satisfaction/rates/", None),
        ("admin", "redact", f"/records/{begun.number}/entries/{world.said.seq}/redact/", None),
        ("admin", "agreement", sla, None),
        *(("admin", f"announcement: {what}", f"/announcements/{number}/{what}/", None)
          for number, what in ((world.written.number, "edit"), (world.planned.number, "withdraw"))),
        ("admin", "short-term change, new",
         f"/service-levels/agreements/{world.variation.agreement.number}/variations/new/", None),
        *(("admin", f"short-term change: {what}",
           f"/service-levels/variations/{world.variation.number}/{what}/", None)
          for what in ("edit", "agree")),
        ("admin", "agreement, edited", f"{sla}edit/", None),
        ("admin", "agreement, a step", f"{sla}sign/", None),
        ("admin", "agreement, new", "/service-levels/agreements/new/", None),
        ("admin", "CI, which kind", "/cmdb/new/", None),
        ("admin", "CI, new", "/cmdb/new/?class=application", None),
        *(("admin", f"CI: {what}", f"/cmdb/{node}/{what}", None)
          for what in ("edit/", "users/", "relate/", "retire/", "redundancy/",
                       f"relations/{world.relation.pk}/end/")),
        ("admin", "redundancy",
         f"/cmdb/{world.erp_ci.number}/redundancy/{world.redundancy.pk}/", None),
        ("admin", "redundancy, dissolved",
         f"/cmdb/{world.erp_ci.number}/redundancy/{world.redundancy.pk}/dissolve/", None),
        ("admin", "service, new", "/cmdb/services/new/", None),
        ("admin", "service, edited", "/cmdb/services/ERP/edit/", None),
        ("admin", "service, a step", "/cmdb/services/ERP/start_retiring/", None),
        ("admin", "person, new", "/people/new/", None),
        *(("admin", f"person: {what}", f"/people/{person}/{what}/", None)
          for what in ("edit", "history", "password", "leave")),
        ("admin", "settings", "/settings/", None),
        *(("admin", f"settings: {what}", f"/settings/{what}/", None)
          for what in ("preferences", "audit", "health", "mail", f"mail/{world.mail_out.pk}",
                       "mail/letters", "mail/letters/acknowledgement",
                       "mail/in", f"mail/in/{world.mail_in.pk}", "mail/in/addresses",
                       "mail/in/boxes", "mail/in/boxes/new", f"mail/in/boxes/{world.mailbox.pk}")),
        *(("admin", f"list: {slug}", f"/settings/{slug}/", None) for slug, _ in _lists()),
        *(("admin", f"one of: {slug}", f"/settings/{slug}/{row.pk}/", None)
          for slug, row in _lists()),
        ("admin", "list, a new row", "/settings/sites/new/", None),
        *(("admin", f"offering: {what}", f"/settings/offerings/{world.laptop.pk}/{what}/", None)
          for what in ("form", "approval", "fulfilment", "versions", "versions/1")),
        ("admin", "list, history", f"/settings/organizations/{world.head.pk}/history/", None),
        ("admin", "rules tried", "/settings/routing-rules/try/?every=on", None),
        ("admin", "rule, new", "/settings/routing-rules/new/", None),
        ("admin", "members", members, None),
        ("admin", "a member", f"{members}{world.central.memberships.first().pk}/", None),
        *(("admin", f"calendars: {what}", f"/settings/calendars/{what}", None)
          for what in ("", "new/", "CN/", "CN/edit/", "CN/holidays/")),
        ("admin", "parts", "/ui/", None),
    )  # fmt: skip


def _lists():
    """The lists of reference data with a row of each."""
    return [
        ("organizations", Organization.objects.first()), ("sites", Site.objects.first()),
        ("support-groups", SupportGroup.objects.first()), ("categories", Category.objects.first()),
        ("pending-reasons", PendingReason.objects.first()),
        ("closure-codes", ClosureCode.objects.first()),
        ("priority-matrices", PriorityMatrix.objects.first()),
        ("escalation-policies", EscalationPolicy.objects.first()),
        ("offerings", RequestOffering.objects.get(code="LAPTOP")),
        ("routing-rules", RoutingRule.objects.first()),
    ]  # fmt: skip


def _for_requesters(world):
    new, _given, begun, asked, _held, solved, done, *_rest = world.made

    def request(record, rest=""):
        return reverse("portal:request", args=[record.number]) + rest

    yield from (
        ("requester", "portal", "/portal/", None),
        ("requester", "portal, report", "/portal/report/?subject=VPN", None),
        ("requester", "portal, requests", "/portal/requests/?show=all&whose=every", None),
        ("requester", "portal, nothing found", "/portal/requests/?q=zzz", None),
        ("requester", "portal, worked on", request(begun), None),
        ("requester", "portal, asked", request(asked), None),
        ("requester", "portal, solved", request(solved), None),
        ("requester", "portal, finished", request(done), None),
        ("requester", "portal, sent", request(new, "sent/"), None),
        ("requester", "portal, notices", "/notices/", None),
        ("requester", "portal, announcements", "/portal/announcements/", None),
        ("requester", "portal, announcement", f"/portal/announcements/{world.outage.number}/", None),
        ("requester", "portal, services", "/portal/services/", None),
        ("requester", "portal, services, nothing found", "/portal/services/?q=zzz", None),
        ("requester", "portal, offering", "/portal/services/LAPTOP/", None),
        ("requester", "portal, order that waits", request(world.waiting), None),
        ("requester", "portal, order worked on", request(world.ordered), None),
        ("requester", "portal, order rejected", request(world.rejected), None),
        ("requester", "portal, order revised", request(world.rejected, "revise/"), None),
        ("requester", "portal, knowledge", "/portal/knowledge/", None),
        ("requester", "portal, knowledge, nothing found", "/portal/knowledge/?q=zzz", None),
        ("requester", "portal, article", f"/portal/knowledge/{world.article.number}/", None),
        ("requester", "portal, profile", "/account/profile/", None),
        ("requester", "portal, not there", "/portal/requests/INC-999999/", None),
        ("nobody", "sign in", "/account/sign-in/", None),
        ("nobody", "approval by mail",
         reverse("servicedesk:approval_link", args=[links.make(world.approval, world.manager)]),
         None),
        ("nobody", "approval by mail, over", "/a/made-up/", None),
        ("nobody", "survey by mail",
         reverse("servicedesk:survey_link", args=[survey_links.make(world.surveys[-1]), 4]), None),
        ("nobody", "survey by mail, over", "/s/made-up/4/", None),
        ("requester", "portal, feedback", "/portal/feedback/", None),
        ("requester", "portal, feedback answered", request(world.answered), None),
    )  # fmt: skip
