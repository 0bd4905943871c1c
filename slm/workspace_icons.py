"""The sign of each sort of event in a story: by its verb, or by the word before the dot."""

ICONS = {
    "incident.opened": "circle-plus", "incident.classified": "signal",
    "incident.assigned": "user-plus", "incident.started": "play",
    "incident.waiting": "circle-pause", "incident.resumed": "play",
    "incident.escalated": "arrow-up-right", "incident.major_declared": "siren",
    "incident.major_updated": "megaphone", "incident.major_ended": "circle-check",
    "incident.restored": "activity", "incident.resolved": "circle-check",
    "incident.confirmed": "circle-check-big", "incident.auto_closed": "circle-check-big",
    "incident.resolution_rejected": "rotate-ccw", "incident.cancelled": "circle-x",
    "incident.chased": "bell-ring", "incident.alerted": "radio",
    "incident.alert_cleared": "bell-off", "record.edited": "pencil",
    "record.attached": "paperclip", "record.linked": "link", "record.unlinked": "unlink",
    "record.ci_added": "server", "record.ci_removed": "server-off", "record.watched": "eye",
    "record.unwatched": "eye-off", "record.merged": "merge", "record.merged_in": "merge",
    "record.unmerged": "undo-2", "record.took_over": "hand", "record.handed_up": "arrow-up",
    "request.opened": "circle-plus", "request.submitted": "send",
    "request.approval_requested": "stamp", "request.approved": "circle-check",
    "request.rejected": "circle-x", "request.revised": "pencil",
    "request.assigned": "user-plus", "request.taken": "hand", "request.started": "play",
    "request.waiting": "circle-pause", "request.resumed": "play", "request.chased": "bell-ring",
    "request.fulfilled": "circle-check", "request.confirmed": "circle-check-big",
    "request.auto_closed": "circle-check-big", "request.disputed": "rotate-ccw",
    "request.cancelled": "circle-x", "clock.escalated": "alarm-clock", "clock.acknowledged": "check-check",
}  # fmt: skip
ICONS |= {
    "feedback.opened": "megaphone", "feedback.reviewed": "search-check",
    "feedback.handed_over": "user-plus", "feedback.answered": "message-square-reply",
    "feedback.escalated": "arrow-up-from-line", "feedback.closed": "circle-check-big",
    "feedback.auto_closed": "circle-check-big", "feedback.withdrawn": "undo-2",
    "feedback.improvement_asked": "sprout", "survey.answered": "smile",
    "survey.low_score": "frown",
}  # fmt: skip
PREFIXES = {"task": "list-checks", "clock": "timer", "agreement": "file-text"}
