"""The lifecycles row by row, what is visible to whom, and what the database itself refuses."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.utils import InternalError, ProgrammingError

from cmdb import actions, schemas
from cmdb.models import CI, CIClass, CIRelation, CIVersion, Service
from core import time
from core.errors import Refused
from core.lifecycle import open_steps, take

STATES = [state.value for state in CI.State]
# step: (from, to, who may, inputs) – ITSM domain rules 3.2
TABLE = {
    "order": (["planned"], "ordered", {"cfgm", "member"}, {"procurement_ref": "PO-1"}),
    "receive": (["ordered"], "in_stock", {"cfgm", "specialist"}, {}),
    "build": (["planned", "in_stock"], "in_build", {"cfgm", "member"}, {}),
    "test": (["in_build"], "in_test", {"cfgm", "member"}, {}),
    "go_live": (["in_test", "in_stock", "in_build"], "live", {"cfgm", "member"}, {}),
    "maintain": (["live"], "in_maintenance", {"cfgm", "member"}, {}),
    "restore": (["in_maintenance"], "live", {"cfgm", "member"}, {}),
    "retire": (["live", "in_maintenance", "in_stock"], "retired", {"cfgm"}, {}),
    "dispose": (["retired"], "disposed", {"cfgm"}, {}),
    "cancel": (["planned", "ordered"], "disposed", {"cfgm"}, {"reason": "Not needed"}),
    "reinstate": (["retired"], "in_stock", {"cfgm"}, {}),
}
SERVICE_TABLE = {
    "design": (["pipeline"], "designed", {"slm", "owner"}, {"business_case": "All write."}),
    "go_live": (["designed"], "live", {"slm"}, {}),
    "start_retiring": (["live"], "retiring", {"slm", "owner"}, {"retires_on": "2027-01-01"}),
    "retire": (["retiring"], "retired", {"slm", "owner"}, {}),
}


def in_state(obj, state):
    """The same row in another state, as no step would put it there."""
    type(obj).objects.filter(pk=obj.pk).update(state=state)
    return type(obj).objects.get(pk=obj.pk)


@pytest.mark.feature("CM-05")
@pytest.mark.parametrize("name", TABLE)
def test_a_step_of_a_ci_leads_on_from_its_states_only(world, name):
    sources, target, _who, inputs = TABLE[name]
    ci = world.ci("host", environment="test")

    for state in STATES:
        subject = in_state(ci, state)
        if state in sources:
            take(subject, name, by=None, **inputs)
            assert subject.state == target
        else:
            with pytest.raises(Refused):
                take(subject, name, by=None, **inputs)


@pytest.mark.parametrize("name", TABLE)
def test_a_step_of_a_ci_is_taken_by_those_of_the_table(world, name):
    sources, _target, allowed, inputs = TABLE[name]
    ci = world.ci("host", environment="test")
    people = {
        "cfgm": world.manager, "specialist": world.specialist, "agent": world.agent,
        "member": world.person("member", group=world.team), "slm": world.slm,
        "requester": world.requester, "auditor": world.auditor,
    }  # fmt: skip
    # The specialist of the fixture is a member of the managing group too.
    expected = allowed | ({"specialist"} if "member" in allowed else set())

    for who, person in people.items():
        subject = in_state(ci, sources[0])
        if who in expected:
            take(subject, name, by=person, **inputs)
        else:
            with pytest.raises(PermissionDenied):
                take(subject, name, by=person, **inputs)


@pytest.mark.parametrize("name", SERVICE_TABLE)
def test_a_step_of_a_service_follows_its_table(world, name):
    sources, target, allowed, inputs = SERVICE_TABLE[name]
    owner = world.person("owner", organization=world.sales)
    service = world.service("mail", owner=owner)
    people = {"slm": world.slm, "owner": owner, "cfgm": world.manager, "agent": world.agent}

    for state in Service.State.values:
        subject = in_state(service, state)
        if state not in sources:
            with pytest.raises(Refused):
                take(subject, name, by=None, **inputs)
            continue
        for who, person in people.items():
            subject = in_state(service, state)
            if who in allowed:
                take(subject, name, by=person, **inputs)
                assert subject.state == target
            else:
                with pytest.raises(PermissionDenied):
                    take(subject, name, by=person, **inputs)


def test_the_state_of_a_services_ci_follows_the_service_alone(world):
    ci = world.service("mail").ci

    assert open_steps(ci, world.manager) == []
    with pytest.raises(PermissionDenied):
        take(ci, "maintain", by=world.manager)


def test_hardware_is_received_with_a_number(world):
    bare = in_state(world.ci("bare", "server_physical"), "ordered")
    tagged = in_state(world.ci("tagged", "server_physical", asset_tag="T-1"), "ordered")

    with pytest.raises(Refused, match="serial number or an asset tag"):
        take(bare, "receive", by=None)
    take(tagged, "receive", by=None)


def test_a_production_ci_goes_live_with_a_relation(world):
    ci = in_state(world.ci("host"), "in_test")

    with pytest.raises(Refused, match="at least one relation"):
        take(ci, "go_live", by=None)
    world.relate(world.ci("app"), ci, "runs_on")
    take(ci, "go_live", by=None)


def test_confidential_data_is_wiped_before_disposal(world):
    ci = in_state(world.ci("disk", sec_c=2), "retired")

    with pytest.raises(Refused, match="wiped"):
        take(ci, "dispose", by=None)
    take(ci, "dispose", by=None, wipe_evidence="Shredded, protocol 7")


# --- what is visible --------------------------------------------------------------------------


def test_who_sees_which_cis(world):
    laptop = world.ci("laptop", "client_device", users=[world.requester])
    host = world.ci("host")
    of_sales = world.ci("till", "peripheral", organization=world.sales)
    shown = world.service("mail").ci
    hidden = world.service("inner", catalogue_visible=False).ci
    outside = world.group("OUTSIDE", "supplier", supplier=world.vendor)
    technician = world.person("technician", role="TPT", group=outside)
    theirs = world.ci("their link", "circuit", managed_by=outside)
    everything = {laptop, host, of_sales, shown, hidden, theirs}

    def seen(person):
        return set(CI.objects.visible_to(person))

    assert seen(world.agent) == seen(world.auditor) == seen(world.manager) == everything
    assert seen(world.requester) == {laptop, shown}
    assert seen(world.customer) == {of_sales, shown}
    assert seen(world.stranger) == {shown}
    assert seen(technician) == {theirs, shown}


def test_who_sees_and_may_request_which_services(world):
    everybody = world.service("mail")
    of_acme = world.service("erp", offered_to=[world.acme])
    of_other = world.service("crm", offered_to=[world.other])
    owner = world.person("owner", organization=world.other)
    world.service("inner", catalogue_visible=False, owner=owner)
    world.service("later", state="pipeline")

    assert Service.objects.visible_to(world.agent).count() == 5
    assert set(Service.objects.visible_to(world.requester)) == {everybody, of_acme}
    assert set(Service.objects.requestable_by(world.agent)) == {everybody, of_acme}
    assert set(Service.objects.visible_to(world.stranger)) == {everybody, of_other}
    assert {s.code for s in Service.objects.visible_to(owner)} == {"mail", "crm", "inner"}
    assert Service.objects.live().count() == 4


# --- what the database keeps ------------------------------------------------------------------


@pytest.mark.feature("CM-06")
def test_the_same_relation_cannot_hold_twice_at_a_time(world):
    relation = world.relate(world.ci("a"), world.ci("b"))
    twin = {"source": relation.source, "type": relation.type, "target": relation.target}

    with pytest.raises(IntegrityError), transaction.atomic():
        CIRelation.objects.create(**twin, valid=DateTimeTZRange(time.now(), None))
    actions.unrelate(relation, by=None)
    actions.relate(relation.source, relation.type, relation.target, by=None)

    assert CIRelation.objects.filter(**twin).count() == 2
    assert CIRelation.objects.filter(**twin).current().count() == 1


@pytest.mark.parametrize(
    "sql", ["UPDATE cmdb_civersion SET reason = 'x'", "DELETE FROM cmdb_civersion"]
)
def test_versions_are_written_once(world, sql):
    world.ci("host")

    with pytest.raises(InternalError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert CIVersion.objects.count() == 1


@pytest.mark.parametrize("table", ["cmdb_ci", "cmdb_service", "cmdb_cirelation"])
def test_nothing_is_deleted(world, table):
    world.relate(world.service("mail").ci, world.ci("host"))

    with (
        pytest.raises((InternalError, ProgrammingError)),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"DELETE FROM {table}")


def test_services_and_classes_form_trees(world):
    top = world.service("top")
    below = world.service("below", parent=top)

    assert below.path == f"{top.path}{below.pk}/" or Service.objects.get(pk=below.pk).path == (
        f"/{top.pk}/{below.pk}/"
    )
    with pytest.raises(ValidationError):
        actions.edit_service(top, by=None, seen=None, parent=Service.objects.get(pk=below.pk))
    with pytest.raises(IntegrityError), transaction.atomic():
        Service.objects.filter(pk=top.pk).update(parent=below)


def test_a_class_inherits_the_attributes_above_it(world):
    top = CIClass.objects.get(code="hardware")

    child = CIClass.objects.get(code="server_physical")

    names = [entry["name"] for entry in child.full_schema()]
    assert names[0] == top.attribute_schema[0]["name"] == "rack_position"
    assert "ip_address" in names


# --- schemas ----------------------------------------------------------------------------------

SCHEMA = [
    {"name": "ip", "type": "ip", "required": True},
    {"name": "ram", "type": "number", "unit": "GB"},
    {"name": "cores", "type": "integer"},
    {"name": "tier", "type": "choice", "choices": ["gold", "tin"]},
    {"name": "since", "type": "date"},
    {"name": "raid", "type": "boolean"},
]


def test_values_are_stored_in_one_form():
    given = {"ip": " 10.0.0.0/8 ", "ram": "32.50", "cores": "8", "tier": "gold",
             "since": "2026-09-22", "raid": "yes"}  # fmt: skip

    assert schemas.clean_values(SCHEMA, given) == {
        "ip": "10.0.0.0/8", "ram": 32.5, "cores": 8, "tier": "gold", "since": "2026-09-22",
        "raid": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ip", "10.0.0"), ("ip", ""), ("ip", 7), ("ram", "much"), ("ram", "NaN"), ("ram", "1e999"),
        ("cores", "1.5"), ("cores", True), ("tier", "silver"), ("tier", ["gold"]),
        ("since", "22.9.2026"), ("since", 5), ("raid", "perhaps"), ("colour", "red"),
    ],
)  # fmt: skip
def test_a_bad_value_is_told_by_name(name, value):
    with pytest.raises(ValidationError) as error:
        schemas.clean_values(SCHEMA, {"ip": "10.0.0.1", name: value})

    assert list(error.value.message_dict) == [name]


@pytest.mark.parametrize(
    "schema",
    [
        {}, ["x"], [{"name": "Bad name", "type": "text"}], [{"name": "a", "type": "colour"}],
        [{"name": "a", "type": "text"}] * 2, [{"name": "a", "type": "choice"}],
        [{"name": "a", "type": "text", "choices": ["x"]}], [{"name": "a", "type": "text", "x": 1}],
    ],
)  # fmt: skip
def test_a_malformed_schema_is_refused(schema):
    with pytest.raises(ValidationError):
        schemas.check_schema(schema)
