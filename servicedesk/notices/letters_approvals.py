"""Letters to approvers: what is asked, by whom, until when, and the link that takes the answer."""

from django.utils.translation import gettext as _

from records.models import Approval
from servicedesk.approving import links
from servicedesk.notices import addresses
from servicedesk.notices.letters import Letter, letter, moment
from servicedesk.notices.letters_agents import ticket


def _approval(subject):
    pk = subject.entry.data.get("approval_id") if subject.entry else None
    return Approval.objects.filter(pk=pk).first()


def _facts(subject, approval):
    record = subject.record
    facts = []
    if record.requester_id:
        facts.append((_("Requester"), record.requester.name))
    if record.service_id:
        facts.append((_("Service"), record.service.name))
    if approval is not None and approval.due_at:
        facts.append((_("Answer by"), moment(approval.due_at)))
    return facts


def _asking(subject, line, head):
    approval = _approval(subject)
    url = addresses.site_url("servicedesk:approvals")
    if approval is not None:
        token = links.make(approval, subject.person)
        url = addresses.site_url("servicedesk:approval_link", token)
    return Letter(
        line=line,
        subject=head % {"title": subject.title},
        lead=[line],
        quote=subject.record.description,
        facts=lambda: _facts(subject, approval),
        button=(_("Approve or reject"), url),
        foot=[_("The link is only for you. Do not pass this mail on.")],
    )


@letter("approval_asked")
def asked(subject):
    return _asking(subject, _("Your approval is needed."), _("Please approve or reject: %(title)s"))


@letter("approval_reminded")
def reminded(subject):
    return _asking(
        subject, _("Reminder: your approval is still needed."),
        _("Reminder, please approve or reject: %(title)s"),
    )  # fmt: skip


@letter("approval_expired")
def expired(subject):
    line = _("Nobody approved or rejected in time.")
    return ticket(subject, line, _("No answer of the approvers"))
