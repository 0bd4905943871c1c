"""The mail behind an entry of a story. What there is to know of it, a floor above tells."""

from records.models import TimelineEntry

Kind = TimelineEntry.Kind
# ([entries]) -> {entry's key: an object with `url` and `quoted`}
SOURCES = []


def add(lines, entries):
    """Set Line.mail of those that came by mail; asks only about entries that may have."""
    asked = [entry for entry in entries if may_be_mail(entry)]
    found = {}
    for ask in SOURCES if asked else ():
        found |= ask(asked)
    for line in lines:
        line.mail = found.get(line.pk)


def may_be_mail(entry):
    if entry.redacted_at or not entry.author_id:
        return False
    if entry.verb.endswith(".opened"):
        return entry.data.get("channel") == "email"
    return entry.kind in {Kind.EMAIL_IN, Kind.NOTE}
