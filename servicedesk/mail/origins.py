"""Which mail stands behind an entry of a story: for pages that show the entry. Reads only."""

from dataclasses import dataclass

from django.urls import reverse

from servicedesk.models import InboundMessage
from servicedesk.models.mail import TAKEN

# A page shows no more of what somebody quoted; the original has it whole.
LONGEST_QUOTE = 10_000


@dataclass(frozen=True)
class Origin:
    """The mail as it came (`url`), and what its sender's program quoted below the new words."""

    url: str
    quoted: str


def of_entries(entries):
    """{key of an entry: Origin} for those that came by mail."""
    rows = InboundMessage.objects.filter(entry__in=[entry.pk for entry in entries])
    rows = rows.filter(decision__in=TAKEN).order_by("-pk")
    return {
        entry: Origin(reverse("servicedesk:mail_of_entry", args=[entry]), _short(quoted))
        for entry, quoted in rows.values_list("entry_id", "quoted")
    }


def _short(text):
    text = text.strip()
    return text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE].rstrip() + " …"
