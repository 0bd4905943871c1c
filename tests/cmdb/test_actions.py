"""What an action leaves behind: versions, history of relations, announcements; and what it refuses."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from cmdb import actions
from cmdb.models import CI, CIClass, CIRelation
from core.errors import Refused, Stale
from core.models import Message


def verbs():
    return list(Message.objects.order_by("pk").values_list("verb", flat=True))


def test_a_registered_ci_has_a_number_a_first_version_and_is_announced(world):
    before = len(verbs())

    ci = world.ci("host", attributes={"ram_gb": 32})

    assert ci.number.startswith("CI-")
    assert len(ci.number) == len("CI-000123")
    version = ci.versions.get()
    assert version.version_no == ci.version_no == 1
    assert version.snapshot["attributes"] == {"ram_gb": 32}
    assert verbs()[before:] == ["ci.version_added", "ci.created"]


def test_an_edit_writes_what_changed_and_who(world):
    ci = world.ci("host", environment="test", model="X1", attributes={"ram_gb": 16, "os": "Debian"})

    ci = actions.edit_ci(
        ci, by=world.specialist, seen=1, model="X2", attributes={"ram_gb": 32, "os": ""}
    )

    version = ci.versions.get(version_no=2)
    assert version.actor == world.specialist
    assert version.diff == [
        ["model", "X1", "X2"],
        ["attributes.os", "Debian", None],
        ["attributes.ram_gb", 16, 32],
    ]


def test_an_edit_that_changes_nothing_makes_no_version(world):
    ci = world.ci("host", environment="test", model="X1")

    ci = actions.edit_ci(ci, by=world.manager, seen=1, model=" X1 ")

    assert ci.version_no == ci.versions.count() == 1


def test_two_edits_of_the_same_version_do_not_both_win(world):
    ci = world.ci("host", environment="test")
    actions.edit_ci(ci, by=world.specialist, seen=1, model="X2")

    with pytest.raises(Stale, match="Specialist"):
        actions.edit_ci(ci, by=world.manager, seen=1, model="X3")


@pytest.mark.feature("CM-09")
def test_a_controlled_ci_changes_by_a_change_or_with_a_reason(world):
    ci = world.ci("host")  # in production, of a class under change control

    with pytest.raises(Refused, match="approved change"):
        actions.edit_ci(ci, by=world.specialist, seen=1, model="X2")
    with pytest.raises(Refused, match="Say why"):
        actions.edit_ci(ci, by=world.manager, seen=1, model="X2")
    ci = actions.edit_ci(ci, by=world.manager, seen=1, model="X2", reason="Read from the label")
    ci = actions.apply(ci, {"model": "X3"}, authority="CHG-000123", by=world.agent)

    told = ci.versions.order_by("version_no").values_list("source", "change_ref", "reason")
    assert list(told) == [
        ("manual", "", ""),
        ("audit_correction", "", "Read from the label"),
        ("change", "CHG-000123", ""),
    ]


def test_others_may_not_edit_create_or_relate(world):
    ci = world.ci("host", environment="test")

    with pytest.raises(PermissionDenied):
        actions.edit_ci(ci, by=world.agent, seen=1, model="X")
    with pytest.raises(PermissionDenied):
        actions.create_ci(
            by=world.specialist, name="x", ci_class=ci.ci_class, organization=world.acme,
            owner=world.manager, managed_by=world.team,
        )  # fmt: skip
    relation = world.relate(ci, world.ci("b"))
    with pytest.raises(PermissionDenied):
        actions.unrelate(relation, by=world.agent)


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("serial_no", {"name": "b", "serial_no": "S1"}),
        ("asset_tag", {"name": "b", "asset_tag": "T1"}),
        ("name", {"name": "a"}),
        ("external_ref", {"name": "b", "external_ref": "7", "source": "netbox"}),
        ("criticality", {"name": "b", "criticality": 9}),
    ],
)
def test_what_must_be_unique_or_in_range_is_told_at_its_field(world, field, fields):
    world.ci("a", serial_no="S1", asset_tag="T1", external_ref="7", source="netbox")

    with pytest.raises(ValidationError) as error:
        world.ci(**fields)

    assert field in error.value.message_dict


def test_the_name_of_a_disposed_ci_is_free_again(world):
    old = world.ci("host", state=CI.State.PLANNED)
    actions.take_step(old, "cancel", by=world.manager, reason="Ordered twice")

    assert world.ci("host").pk != old.pk
    assert old.versions.last().reason == "Ordered twice"


def test_a_naming_rule_and_unique_attributes_hold(world):
    CIClass.objects.filter(code="server_virtual").update(
        naming_rule=r"[a-z]+-\d+",
        attribute_schema=[{"name": "mac", "type": "text", "unique": True}],
    )
    world.ci("web-1", attributes={"mac": "aa:bb"})

    with pytest.raises(ValidationError, match="rule"):
        world.ci("Web 1")
    with pytest.raises(ValidationError, match="already has this value"):
        world.ci("web-2", attributes={"mac": "aa:bb"})


def test_the_class_changes_only_while_planned(world):
    planned, live = world.ci("a", state=CI.State.PLANNED, attributes={"os": "X"}), world.ci("b")
    other = CIClass.objects.get(code="printer")

    moved = actions.edit_ci(planned, by=None, seen=None, ci_class=other)

    assert moved.ci_class == other
    assert moved.attributes == {}
    with pytest.raises(Refused, match="while it is planned"):
        actions.edit_ci(live, by=None, seen=None, ci_class=other)


def test_a_step_is_a_version_and_is_announced(world):
    ci = world.ci("host")

    ci = actions.take_step(ci, "maintain", by=world.manager)

    assert ["state", "live", "in_maintenance"] in ci.versions.get(version_no=2).diff
    message = Message.objects.filter(verb="ci.state_changed").get()
    assert message.payload["from_state"] == "live"
    assert message.payload["to_state"] == "in_maintenance"


def test_retiring_names_each_live_dependant(world, erp):
    with pytest.raises(Refused, match="db1"):
        actions.take_step(erp["san1"], "retire", by=world.manager)

    ci = actions.take_step(
        erp["san1"], "retire", by=world.manager, acknowledged=[erp["db1"].number]
    )
    assert ci.state == CI.State.RETIRED


def test_nothing_is_announced_when_an_action_fails(world):
    ci = world.ci("host")
    before = Message.objects.count()

    with pytest.raises(Refused):
        actions.take_step(ci, "order", by=None, procurement_ref="PO")

    assert Message.objects.count() == before


# --- relations --------------------------------------------------------------------------------


@pytest.mark.feature("CM-06")
def test_changing_redundancy_closes_and_opens_the_relations(world):
    top = world.ci("top")
    relations = [world.relate(top, world.ci(name)) for name in "ab"]

    group = actions.set_redundancy(
        top, by=None, name="Pair", required_k=1, relations=relations, failover="warm"
    )

    assert CIRelation.objects.current().filter(redundancy_group=group).count() == 2
    assert CIRelation.objects.filter(redundancy_group=None).count() == 2  # as it was
    top = CI.objects.get(pk=top.pk)
    assert top.versions.last().snapshot["redundancy"] == [["Pair", 1, "warm", 0]]


@pytest.mark.feature("CM-04")
def test_a_group_cannot_need_more_than_it_has(world):
    top = world.ci("top")
    relations = [world.relate(top, world.ci(name)) for name in "ab"]

    with pytest.raises(ValidationError, match="from 1 to 2"):
        actions.set_redundancy(top, by=None, name="Pair", required_k=3, relations=relations)
    actions.set_redundancy(top, by=None, name="Pair", required_k=2, relations=relations)
    member = CIRelation.objects.current().filter(redundancy_group__name="Pair").first()
    with pytest.raises(Refused, match="needs all its members"):
        actions.unrelate(member, by=None)


def test_a_dissolved_group_leaves_single_dependencies(world):
    top = world.ci("top")
    relations = [world.relate(top, world.ci(name)) for name in "ab"]
    group = actions.set_redundancy(top, by=None, name="Pair", required_k=1, relations=relations)

    actions.dissolve_redundancy(group, by=None)

    assert not CIRelation.objects.current().filter(redundancy_group__isnull=False).exists()
    assert top.needs.current().count() == 2


def test_relations_are_refused_in_words(world):
    a, b, gone = world.ci("a"), world.ci("b"), world.ci("gone")
    actions.take_step(gone, "retire", by=None)
    world.relate(a, b)

    with pytest.raises(Refused, match="already there"):
        world.relate(a, b)
    with pytest.raises(Refused, match="retired"):
        world.relate(a, CI.objects.get(pk=gone.pk))
    with pytest.raises(ValidationError, match="itself"):
        world.relate(a, a)


def test_a_type_holds_its_classes_and_its_cardinality(world):
    relation = world.relate(world.ci("a"), world.ci("b"))
    kind = relation.type
    kind.cardinality = "one_target"
    kind.save()
    kind.target_classes.add(CIClass.objects.get(code="virtual"))

    with pytest.raises(Refused, match="end it first"):
        actions.relate(relation.source, kind, world.ci("c"), by=None)
    with pytest.raises(ValidationError, match="does not fit"):
        actions.relate(world.ci("d"), kind, world.ci("p", "printer"), by=None)


def test_status_is_no_modification(world):
    ci = world.ci("host")

    ci = actions.set_operational_status(ci, "down")

    assert ci.version_no == 1
    assert Message.objects.filter(verb="ci.status_changed").exists()


# --- services ---------------------------------------------------------------------------------


def test_a_service_and_its_ci_are_one(world):
    service = world.service("mail", name_en="E-mail", name_zh="电子邮件", state="pipeline")
    service = actions.take_service_step(service, "design", by=world.slm, business_case="All write.")
    service = actions.edit_service(service, by=world.slm, seen=2, name_en="Mail")
    service = actions.take_service_step(service, "go_live", by=world.slm)

    ci = CI.objects.get(pk=service.ci_id)
    assert (ci.name, ci.state, ci.operational_status) == ("Mail", "live", "up")
    assert CI.objects.matching("电子邮件").get() == ci
    assert ci.versions.count() == 4
    with pytest.raises(ValidationError, match="on the service"):
        actions.edit_ci(ci, by=None, seen=None, name="X")


def test_two_edits_of_a_service_do_not_both_win(world):
    service = world.service("mail")
    actions.edit_service(service, by=world.slm, seen=1, name_zh="邮件")

    with pytest.raises(Stale):
        actions.edit_service(service, by=world.slm, seen=1, name_zh="信箱")
