"""The words of mixed channels for feedback: queue, composer, portal, mail and API."""

from records.kinds import verb_of
from servicedesk.feedback import terms  # noqa: F401 - registers the preferences
from servicedesk.feedback.actions import ending, handling
from slm import work

verb_of("feedback", "assign")(handling.assign)
verb_of("feedback", "take")(handling.take_in_hand)
verb_of("feedback", "confirm")(ending.close)
verb_of("feedback", "reject")(ending.escalate)
verb_of("feedback", "cancel")(ending.withdraw)
verb_of("feedback", "reply")(handling.reply)
verb_of("feedback", "note")(work.note)
