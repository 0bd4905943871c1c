"""What a person typed, as safe HTML: nothing of it is markup, addresses and numbers become links."""

import re

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import mark_safe

NUMBER = re.compile(r"\b([A-Z]{2,4}-\d{6,12})\b")
LINK = re.compile(r"\bhttps?://[^\s<>\"'，。）】]+", re.IGNORECASE)


def text_html(text):
    """What a person typed, as safe HTML: paragraphs, addresses and numbers of records as links."""
    blocks = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    return mark_safe("".join(f"<p>{_inline(block)}</p>" for block in blocks))


def _inline(block):
    parts, at = [], 0
    for match in LINK.finditer(block):
        parts.append(_numbers(block[at : match.start()]))
        href = match.group(0).rstrip(".,;:!?)")
        parts.append(
            f'<a href="{escape(href)}" rel="noopener noreferrer nofollow">{escape(href)}</a>'
        )
        at = match.start() + len(href)
    parts.append(_numbers(block[at:]))
    return "".join(parts).replace("\n", "<br>")


def _numbers(text):
    if not NUMBER.search(text):
        return escape(text)
    base = reverse("work:find", args=["-N-"])
    return NUMBER.sub(
        lambda m: f'<a href="{base.replace("-N-", m.group(1))}">{m.group(1)}</a>', escape(text)
    )
