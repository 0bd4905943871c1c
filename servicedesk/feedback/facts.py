"""What the page of feedback adds to the shared one: its steps and its facts."""

from django.urls import reverse
from django.utils.translation import gettext as _

from core.lifecycle import open_steps
from core.templatetags import ui
from records.models import Record
from servicedesk.feedback import policies
from slm.workspace_acts import Act, Acts, Fact

# The page's own word for each step of the lifecycle, with its key.
SLUGS = {
    "review": ("review", "t"), "hand_over": ("hand-over", ""), "assign": ("assign", "a"),
    "give_answer": ("answer", "e"), "raise_improvement": ("improve", ""),
    "close": ("confirm", ""),
}  # fmt: skip
LIKELY = ("review", "answer", "confirm", "hand-over")
LABELS = {
    "review": lambda: _("Review…"),
    "hand-over": lambda: _("Hand over…"),
    "answer": lambda: _("Answer…"),
    "improve": lambda: _("Ask the service owner for an improvement…"),
    "confirm": lambda: _("Close: content, said by telephone…"),
}
LEVELS = {
    1: lambda: _("with the service desk manager"),
    2: lambda: _("with the service level manager"),
}


def acts_of(feedback, person):
    """The steps by how likely they are now; what cannot be done stands there with its reason."""
    found = {}
    for step in open_steps(feedback, person):
        if step.name in SLUGS:
            slug, key = SLUGS[step.name]
            label = LABELS[slug]() if slug in LABELS else step.label
            found[slug] = Act(slug, str(label), step.icon, key, step.reasons)
    primary = next((found[slug] for slug in LIKELY if slug in found), None)
    rest = [act for slug, act in found.items()
            if act is not primary and slug not in {"assign", "confirm"}]  # fmt: skip
    ends = [found["confirm"]] if "confirm" in found and found["confirm"] is not primary else []
    return Acts(primary=primary, assign=found.get("assign"), hold=[], menu=rest, ends=ends)


def facts_of(feedback, base, can_edit):
    """The rows of the details, those that may be changed with the address of their form."""

    def edit(name):
        return f"{base}edit/{name}/" if can_edit else ""

    def step(name, *states):
        return f"{base}{name}/" if can_edit and feedback.state in states else ""

    rows = [Fact(_("Kind"), feedback.get_feedback_kind_display())]
    if feedback.is_complaint:
        rows.append(Fact(_("Severity"), feedback.get_severity_display(), edit("severity")))
    owner = feedback.owner.name if feedback.owner_id else ""
    rows += [
        Fact(_("Who answers it"), owner, step("hand-over", "under_review"), is_dialog=True),
        Fact(_("Group"), feedback.assigned_group.name if feedback.assigned_group_id else "",
             step("assign", "received", "under_review"), is_dialog=True),
        Fact(_("Service"), str(feedback.service) if feedback.service_id else "", edit("service")),
    ]  # fmt: skip
    if feedback.level in LEVELS:
        rows.append(Fact(_("Escalated"), LEVELS[feedback.level]()))
    return rows


def plain_facts(feedback):
    """[(label, value)] of what nobody edits by hand."""
    facts = [
        (_("About the group"), feedback.about_group.name if feedback.about_group_id else ""),
        (_("About the person"), feedback.about_person.name if feedback.about_person_id else ""),
        (_("Confidentiality"), feedback.get_confidentiality_display()),
        (_("Organisation"), feedback.organization.name),
        (_("Responsible desk"), feedback.owner_group.name if feedback.owner_group_id else ""),
        (_("Answered"), ui.when(feedback.resolved_at) if feedback.resolved_at else ""),
        (_("Closed"), ui.when(feedback.closed_at) if feedback.closed_at else ""),
        (_("Closes by itself"),
         ui.when(feedback.rejection_deadline) if feedback.rejection_deadline else ""),
    ]  # fmt: skip
    return [(label, value) for label, value in facts if value]


def about(feedback, person):
    """The record it is about, where the reader may see it: (number, title, address), or None."""
    if not feedback.about_record_id:
        return None
    found = Record.objects.visible_to(person).filter(pk=feedback.about_record_id).first()
    if found is None:
        return None
    return found.number, found.title, reverse("work:find", args=[found.number])


def hint_of(feedback, person):
    """What is to be done next, where the page can know it."""
    if feedback.state == "under_review" and not feedback.owner_id:
        return _("Nobody owns the answer: hand it over to somebody who may give it.")
    if feedback.state == "under_review" and policies.can_answer(feedback, person):
        return _("You own the answer to this.")
    return ""
