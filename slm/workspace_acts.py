"""Steps and facts as a record's page draws them, whatever its kind: buttons, the menu of holds, rows."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _


@dataclass
class Act:
    """A step as a button or an entry of a menu."""

    slug: str
    label: str
    icon: str
    key: str = ""
    reasons: list = field(default_factory=list)
    is_at_once: bool = False

    @property
    def reason(self):
        return " ".join(self.reasons)


@dataclass
class Acts:
    primary: Act | None
    assign: Act | None
    hold: list
    menu: list
    ends: list


HOLD_ICONS = {
    "wait_customer": "message-circle-question-mark", "wait_supplier": "truck",
    "wait_change": "git-pull-request-arrow", "wait_part": "package", "scheduled": "calendar-clock",
    "monitoring": "activity",
}  # fmt: skip


def hold_menu(reasons):
    """[(words, [(code, name, icon, hint)])]: which reasons stop the clock, which do not."""
    stopping = [reason for reason in reasons if reason.pauses_sla]
    running = [reason for reason in reasons if not reason.pauses_sla]
    groups = []
    for words, rows in (
        (_("Stops the agreement's clocks"), stopping), (_("Clocks keep running"), running)
    ):  # fmt: skip
        items = [
            (row.code, row.name, HOLD_ICONS.get(row.code, "circle-pause"), _hint(row))
            for row in rows
        ]
        if items:
            groups.append((words, items))
    return groups


def _hint(reason):
    if reason.starts_uc:
        return _("supplier's clock")
    if reason.needs_date:
        return _("until a date")
    return ""


def send_as(reasons, acts):
    """What may be done with a reply besides sending it."""
    found = []
    if acts.hold:
        found += [
            (f"hold:{reason.code}", _("Send and hold: %(reason)s") % {"reason": reason.name},
             "circle-pause")
            for reason in reasons if reason.waits_for_requester and not reason.needs_date
        ]  # fmt: skip
    slugs = {act.slug for act in [*acts.menu, acts.primary] if act}
    if "resolve" in slugs:
        found.append(("resolve", _("Send and resolve…"), "circle-check"))
    return found


@dataclass(frozen=True)
class Fact:
    label: str
    value: str
    href: str = ""
    hint: str = ""
    is_dialog: bool = False
