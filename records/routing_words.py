"""What routing rules are made of, in the reader's words: fields, operators, settings, reasons."""

from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

FIELDS = {
    "kind": _("Kind of record"), "category": _("Category"), "service": _("Service"),
    "ci_class": _("Class of the configuration item"), "organization": _("Organisation"),
    "site": _("Site"), "keyword": _("Words in subject or description"),
    "channel": _("Channel"), "desk": _("Responsible desk"), "vip": _("Requester is a VIP"),
}  # fmt: skip
OPS = {
    "any": pgettext_lazy("condition", "is one of"),
    "none": pgettext_lazy("condition", "is none of"),
    "all": pgettext_lazy("condition", "holds all of"),
}
WORD_OPS = {
    "any": pgettext_lazy("condition", "hold one of"),
    "none": pgettext_lazy("condition", "hold none of"),
    "all": pgettext_lazy("condition", "hold all of"),
}
SETS = {
    "desk": _("Responsible desk"), "group": _("Group"), "assignee": _("Assignee"),
    "category": _("Category"), "impact": _("Impact"), "urgency": _("Urgency"),
}  # fmt: skip
NOT_APPLIED = {
    "chosen": _("A person had chosen it by hand."),
    "central": _("Security matters and VIPs stay with the central desk."),
    "again": _("Only a new ticket gets it; this one was placed before."),
    "retired": _("What it names is not in use any more."),
    "no_group": _("An assignee needs a group."),
    "stranger": _("The person is no member of the group."),
}


def op_word(field, op):
    """How an operator reads with this field."""
    if field == "vip":
        return pgettext_lazy("condition", "is")
    return (WORD_OPS if field == "keyword" else OPS)[op]


def set_before(name):
    """Why a rule's setting did not count: an earlier rule had set the same."""
    return _g("The rule “%(rule)s” had set it before.") % {"rule": name}
