"""A small catalogue for tests: a laptop with questions, approval and tasks, and plain Wi-Fi."""

from people.models import Person
from records.models import Category
from servicedesk.catalogue import actions as catalogue
from servicedesk.catalogue.schema import Condition, Option, Question, write
from servicedesk.requests.actions import approving, ordering  # noqa: F401
from tests.world import promise, sh

MORNING = sh(10, 8, 9)
LAPTOP_FORM = write([
    Question(
        "model", "choice", "Which model?", "哪种型号？", is_required=True,
        options=(Option("light", "Light", "轻薄型"), Option("strong", "Strong", "高性能", "3000")),
    ),
    Question(
        "why", "long_text", "Why a strong one?", "为什么需要高性能？", is_required=True,
        show_if=Condition("model", "is", ("strong",)),
    ),
    Question("dock", "yes_no", "A dock too?", "需要扩展坞吗？"),
])  # fmt: skip
TASKS = [
    {"key": "order", "title_en": "Order it", "title_zh": "采购", "hours": "8",
     "is_mandatory": True},
    {"key": "set_up", "title_en": "Set it up", "title_zh": "安装", "hours": "16",
     "is_mandatory": True, "after": ["order"]},
    {"key": "old", "title_en": "Collect the old one", "title_zh": "回收旧机", "hours": "",
     "is_mandatory": False},
]  # fmt: skip
MANAGER = [{"of": "line_manager", "patience_hours": 8}]


def stocked(world):
    """The world with promises, line managers and two offerings."""
    promise(
        world, ("response", 1, {"record_kind": "service_request"}),
        ("fulfilment", 16, {"record_kind": "service_request", "pause_on_approval": True}),
    )  # fmt: skip
    return filled(world)


def filled(world):
    """The catalogue alone, in a world with promises of its own."""
    Person.objects.filter(pk__in=[world.requester.pk, world.colleague.pk]).update(
        manager=world.owner
    )
    for name in ("requester", "colleague"):
        setattr(world, name, Person.objects.get(pk=getattr(world, name).pk))
    world.devices = Category.objects.create(
        code="devices", name_en="Devices", name_zh="设备", kinds=["service_request"]
    )
    world.laptop = catalogue.create_offering(
        by=None, code="LAPTOP", name_en="Laptop", name_zh="笔记本电脑", service=world.erp,
        category=world.devices, keywords="notebook computer 电脑", price=6000, most=5,
        form=LAPTOP_FORM, approval=MANAGER, fulfilment=TASKS, default_group=world.central,
        at=MORNING,
    )  # fmt: skip
    world.wifi = catalogue.create_offering(
        by=None, code="WIFI", name_en="Guest Wi-Fi", name_zh="访客无线网络", service=world.mail,
        at=MORNING,
    )  # fmt: skip
    return world


LIGHT = {"model": {"value": "light", "en": "Light", "zh": "轻薄型"}}
STRONG = {
    "model": {"value": "strong", "en": "Strong", "zh": "高性能"},
    "why": {"value": "CAD", "en": "CAD", "zh": "CAD"},
}


def ordered(world, offering=None, **fields):
    fields.setdefault("by", world.requester)
    fields.setdefault("answers", LIGHT if offering is None else {})
    fields.setdefault("at", MORNING)
    return ordering.order(offering=offering or world.laptop, **fields)
