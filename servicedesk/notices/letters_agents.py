"""Letters to those who work here: what happened, how urgent it is, and the ticket one click away.

Templates that reach both sides are registered here and lead the requester's side to its own words.
"""

from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.templatetags.ui import priority_word
from servicedesk.notices import letters_portal as portal
from servicedesk.notices.letters import Letter, excerpt, length, letter, moment
from slm.terms import Metric


def facts_of(subject, first=()):
    """What an agent wants to know before opening a ticket, after what is known `first`."""
    record = subject.record
    facts = list(first)
    if record.priority:
        level = f"P{record.priority} {priority_word(record.priority)}"
        facts.append((_("Priority"), level))
    if record.requester_id:
        facts.append((_("Requester"), record.requester.name))
    if record.service_id:
        facts.append((_("Service"), record.service.name))
    if record.assigned_group_id:
        group = record.assigned_group.name
        who = f"{group} · {record.assignee.name}" if record.assignee_id else group
        facts.append((_("Responsible"), who))
    if subject.answer_by:
        facts.append((_("Respond by"), moment(subject.answer_by)))
    if subject.solve_by:
        facts.append((_("Resolve by"), moment(subject.solve_by)))
    return facts


def ticket(subject, line, head, *, quote="", facts=()):
    """The usual letter to an agent. `head` begins the mail's subject, `facts` those of a ticket."""
    return Letter(
        line=line,
        subject=_("%(what)s: %(title)s") % {"what": head, "title": subject.title},
        lead=[line],
        quote=quote,
        facts=partial(facts_of, subject, facts),
        button=(_("Open the ticket"), subject.url()),
    )


@letter("new")
def new(subject):
    line = _("New ticket for your group.")
    return ticket(subject, line, pgettext("mail", "New ticket"), quote=subject.record.description)


@letter("assigned")
def assigned(subject):
    if subject.record.assignee_id == subject.person.pk:
        line = _("%(name)s gave you this ticket.") % {"name": subject.actor}
    else:
        line = _("%(name)s gave this ticket to your group.") % {"name": subject.actor}
    note = subject.words or (subject.entry.data.get("note") or "" if subject.entry else "")
    return ticket(subject, line, _("Assigned"), quote=note or subject.record.description)


@letter("message")
def message(subject):
    line = _("%(name)s wrote: %(text)s") % {"name": subject.actor, "text": excerpt(subject.words)}
    found = ticket(subject, line, _("Message of the requester"), quote=subject.words)
    found.lead = [_("%(name)s wrote:") % {"name": subject.actor}]
    return found


@letter("noted")
def noted(subject):
    line = _("%(name)s wrote a note: %(text)s") % {
        "name": subject.actor, "text": excerpt(subject.words),
    }  # fmt: skip
    return ticket(subject, line, _("Internal note"), quote=subject.words)


@letter("rejected")
def rejected(subject):
    line = _("%(name)s says that it is not solved yet.") % {"name": subject.actor}
    return ticket(subject, line, _("Reopened"), quote=subject.words)


@letter("task")
def task(subject):
    title = subject.entry.data.get("title", "") if subject.entry else ""
    line = _("%(name)s gave you a task: %(task)s") % {"name": subject.actor, "task": title}
    return ticket(subject, line, _("Task"))


@letter("escalation")
def escalation(subject):
    data = subject.data
    percent, metric = int(data.get("percent") or 0), data.get("metric") or ""
    promise = Metric(metric).label if metric in Metric.values else ""
    elapsed, target = data.get("elapsed_seconds"), data.get("target_seconds")
    facts = []
    if elapsed is not None and target:
        used = _("%(used)s of %(target)s") % {"used": length(elapsed), "target": length(target)}
        facts.append((_("Time used"), used))
    if data.get("due_at"):
        facts.append((_("Due"), moment(data["due_at"])))
    if not percent:
        line, head = _escalation_without_clock(subject), _("Attention")
    elif percent >= 100:
        line = _("The promise “%(promise)s” is broken: %(percent)d %% of its time is used.")
        head = _("Promise broken")
    else:
        line = _("The promise “%(promise)s” is in danger: %(percent)d %% of its time is used.")
        head = _("Promise in danger")
    if percent:
        line %= {"promise": promise, "percent": percent}
    if subject.record is None:
        title = _("%(what)s: %(title)s") % {"what": head, "title": subject.number}
        return Letter(line=line, subject=title, lead=[line], facts=facts)
    return ticket(subject, line, head, facts=facts)


def _escalation_without_clock(subject):
    if subject.words:
        return _("%(name)s escalated this ticket to you: %(reason)s") % {
            "name": subject.actor, "reason": excerpt(subject.words),
        }  # fmt: skip
    if "unassigned" in str(subject.data.get("threshold") or ""):
        return _("This ticket has been waiting too long for somebody to take it.")
    return _("Nothing has happened on this ticket for too long.")


# --- templates that reach both sides -----------------------------------------------------------
@letter("reply")
def reply(subject):
    if subject.is_portal:
        return portal.reply(subject)
    line = _("%(name)s wrote: %(text)s") % {"name": subject.actor, "text": excerpt(subject.words)}
    found = ticket(subject, line, _("Message"), quote=subject.words)
    found.lead = [_("%(name)s wrote:") % {"name": subject.actor}]
    return found


@letter("on_hold")
def on_hold(subject):
    if subject.is_portal:
        return portal.on_hold(subject)
    line = _("%(name)s put this ticket on hold.") % {"name": subject.actor}
    return ticket(subject, line, _("On hold"), quote=subject.words)


@letter("resolved")
def resolved(subject):
    if subject.is_portal:
        follows = subject.data.get("why") == "watcher"
        return portal.resolved_follower(subject) if follows else portal.resolved(subject)
    line = _("%(name)s resolved this ticket.") % {"name": subject.actor}
    return ticket(subject, line, _("Resolved"), quote=subject.words)


@letter("closed")
def closed(subject):
    if subject.is_portal:
        return portal.closed(subject)
    return ticket(
        subject, _("This ticket is closed."), _("Closed"), quote=lambda: subject.resolution
    )


@letter("cancelled")
def cancelled(subject):
    if subject.is_portal:
        return portal.cancelled(subject)
    line = _("%(name)s cancelled this ticket.") % {"name": subject.actor}
    return ticket(subject, line, _("Cancelled"), quote=subject.words)


@letter("merged")
def merged(subject):
    if subject.is_portal:
        return portal.merged(subject)
    target = subject.entry.data.get("number", "") if subject.entry else ""
    line = _("%(name)s merged this ticket into %(number)s.") % {
        "name": subject.actor, "number": target,
    }  # fmt: skip
    return ticket(subject, line, _("Merged"))


@letter("major_declared")
def major_declared(subject):
    if subject.is_portal:
        return portal.major_declared(subject)
    line = _("%(name)s declared a major incident.") % {"name": subject.actor}
    quote = subject.words or (subject.entry.data.get("reason") or "" if subject.entry else "")
    return ticket(subject, line, _("Major incident"), quote=quote)


@letter("major_updated")
def major_updated(subject):
    if subject.is_portal:
        return portal.major_updated(subject)
    line = _("Major incident, news: %(text)s") % {"text": excerpt(subject.words)}
    return ticket(subject, line, _("Major incident, news"), quote=subject.words)


@letter("major_ended")
def major_ended(subject):
    if subject.is_portal:
        return portal.major_ended(subject)
    line = _("%(name)s ended the major incident.") % {"name": subject.actor}
    return ticket(subject, line, _("Major incident ended"), quote=subject.words)
