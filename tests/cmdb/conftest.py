"""A small company for the configuration tests, made through actions."""

import pytest

from calendars.actions import create_calendar
from cmdb import actions
from cmdb.models import CI, CIClass, CIRelationType
from people import actions as people
from people.models import Person
from tests import snapshot


class World:
    """One organisation with a desk and a server team, and a person for each role in question."""

    def __init__(self):
        self.calendar = create_calendar(by=None, code="ALWAYS", name_en="Always", time_zone="UTC",
                                        is_24x7=True)  # fmt: skip
        self.acme = people.create_organization(by=None, code="ACME", name_en="Acme", name_zh="顶峰")
        self.sales = people.create_organization(
            by=None, code="SALES", name_en="Sales", parent=self.acme
        )
        self.other = people.create_organization(by=None, code="OTHER", name_en="Other")
        self.vendor = people.create_organization(
            by=None, code="VENDOR", name_en="Vendor", kind="supplier"
        )
        self.site = people.create_site(
            by=None, code="SH1", name_en="Shanghai", organization=self.acme,
            time_zone="Asia/Shanghai",
        )  # fmt: skip
        self.team = self.group("SERVERS", "second_line")
        self.desk = self.group("DESK", "desk")
        self.manager = self.person("cfgm", role="CFGM")
        self.slm = self.person("slm", role="SLM")
        self.specialist = self.person("specialist", role="SP2", group=self.team)
        self.agent = self.person("agent", role="AG1", group=self.desk)
        self.auditor = self.person("auditor", role="AUD")
        self.requester = self.person("requester", organization=self.sales)
        self.customer = self.person("customer", role="CUS", organization=self.sales)
        self.stranger = self.person("stranger", organization=self.other)

    def group(self, code, kind, **more):
        return people.create_group(
            by=None, code=code, name_en=code.title(), kind=kind, calendar=self.calendar, **more
        )

    def person(self, code, *, role=None, group=None, organization=None):
        person = people.create_person(
            by=None, code=code, name=code.title(), email=f"{code}@example.org",
            organization=organization or self.acme, can_sign_in=True,
        )  # fmt: skip
        if role:
            people.grant(person, role, by=None)
        if group:
            people.join_group(person, group, by=None)
        return Person.objects.get(pk=person.pk)  # fresh, so that its access is gathered anew

    def ci(self, name, klass="server_virtual", *, state=CI.State.LIVE, **fields):
        fields = {
            "owner": self.manager,
            "managed_by": self.team,
            "organization": self.acme,
        } | fields
        return actions.create_ci(
            by=None, name=name, ci_class=CIClass.objects.get(code=klass), state=state, **fields
        )

    def service(self, code, *, state="live", **fields):
        fields = {
            "name_en": code.title(), "organization": self.acme, "owner": self.slm,
            "support_group": self.team, "service_hours": self.calendar,
            "description_customer_en": "For everybody.",
        } | fields  # fmt: skip
        return actions.create_service(by=None, code=code, state=state, **fields)

    def relate(self, source, target, kind="depends_on", **more):
        kind = CIRelationType.objects.get(code=kind)
        return actions.relate(source, kind, target, by=None, **more)


@pytest.fixture
def world(db):
    return snapshot.restored(World)


@pytest.fixture
def erp(world):
    """The test graph of the impact engine (ITSM domain rules 5.12) as real CIs: name → CI."""
    names = ["app1", "app2", "db1", "rpt1", "host1", "host2", "host3", "san1", "sw1"]
    cis = {name: world.ci(name) for name in names}
    cis["bp_order"] = world.ci("bp_order", "business_process")
    cis["svc_erp"] = world.service("svc_erp", name_en="svc_erp").ci
    relations = {}
    for source, target, kind in [
        ("bp_order", "svc_erp", "depends_on"), ("svc_erp", "app1", "depends_on"),
        ("svc_erp", "app2", "depends_on"), ("svc_erp", "db1", "depends_on"),
        ("svc_erp", "rpt1", "uses"), ("app1", "host1", "runs_on"), ("rpt1", "host1", "runs_on"),
        ("app2", "host2", "runs_on"), ("db1", "host3", "runs_on"), ("db1", "san1", "depends_on"),
        ("host1", "sw1", "connects_to"), ("host2", "sw1", "connects_to"),
        ("host3", "sw1", "connects_to"),
    ]:  # fmt: skip
        relations[source, target] = world.relate(cis[source], cis[target], kind)
    actions.set_redundancy(
        cis["svc_erp"], by=None, name="Application servers", required_k=1,
        relations=[relations["svc_erp", "app1"], relations["svc_erp", "app2"]],
    )  # fmt: skip
    return cis
