"""The words of mixed channels in this process: queue, composer, mail and API look them up here."""

from incidents.actions import lifecycle, merging, messages
from incidents.actions.priority import prioritise
from records.kinds import verb_of
from slm import work

verb_of("incident", "assign")(lifecycle.assign)
verb_of("incident", "take")(lifecycle.start)
verb_of("incident", "hold")(lifecycle.hold)
verb_of("incident", "resume")(lifecycle.resume)
verb_of("incident", "escalate")(lifecycle.escalate)
verb_of("incident", "resolve")(lifecycle.resolve)
verb_of("incident", "confirm")(lifecycle.confirm)
verb_of("incident", "reject")(lifecycle.reject_resolution)
verb_of("incident", "cancel")(lifecycle.cancel)
verb_of("incident", "reply")(messages.reply)
verb_of("incident", "note")(work.note)
verb_of("incident", "merge")(merging.merge)
verb_of("incident", "unmerge")(merging.unmerge)
verb_of("incident", "edit")(lifecycle.classify)
verb_of("incident", "priority")(prioritise)
