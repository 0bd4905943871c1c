"""The words of mixed channels in this process: queue, composer, approvals, mail and API."""

from records.kinds import verb_of
from servicedesk.requests import face
from servicedesk.requests.actions import approving, fulfilling, messages
from slm import work

verb_of("service_request", "assign")(fulfilling.assign)
verb_of("service_request", "take")(fulfilling.take_in_hand)
verb_of("service_request", "hold")(fulfilling.hold)
verb_of("service_request", "resume")(fulfilling.resume)
verb_of("service_request", "confirm")(fulfilling.confirm)
verb_of("service_request", "reject")(fulfilling.dispute)
verb_of("service_request", "cancel")(fulfilling.cancel)
verb_of("service_request", "reply")(messages.reply)
verb_of("service_request", "note")(work.note)
verb_of("service_request", "approval_decided")(approving.decided)
verb_of("service_request", "approval_facts")(face.approval_facts)
