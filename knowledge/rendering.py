"""From an author's Markdown to HTML that is safe to show: rendered without raw HTML, then cleaned
by an allow-list. Pictures are those attached to the article; what is elsewhere becomes a link.
"""

import re
from functools import lru_cache
from html import unescape
from urllib.parse import unquote

import nh3
from django.utils.html import strip_tags
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

LONGEST_BODY = 60_000
TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h2", "h3", "h4", "h5", "hr", "img", "li", "ol",
    "p", "pre", "s", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto", "tel"}
SPACES = re.compile(r"\s+")


@lru_cache(maxsize=1)
def _parser():
    parser = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": True})
    return parser.enable(["table", "strikethrough"])


def html_of(text, files=None):
    """Markdown as safe HTML. `files`: {name: address} of the attachments that a picture or a link
    may name; headings begin at the second level, because the page's title is the first."""
    tokens = _parser().parse((text or "")[:LONGEST_BODY])
    _walk(tokens, files or {})
    made = _parser().renderer.render(tokens, _parser().options, {})
    clean = nh3.clean(
        made, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="noopener noreferrer"
    )
    return mark_safe(_regions(clean))


def _regions(html):
    """A wide table scrolls by itself, by keyboard too."""
    label = _("Table")
    opened = f'<div class="scroll-x" role="region" tabindex="0" aria-label="{label}"><table>'
    return html.replace("<table>", opened).replace("</table>", "</table></div>")


def _walk(tokens, files):
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 1, 5)}"
        elif token.type == "image":
            _place(token, files)
        elif token.type == "link_open":
            href = token.attrGet("href") or ""
            if (name := unquote(href)) in files:
                token.attrSet("href", files[name])
        if token.children:
            _walk(token.children, files)


def _place(token, files):
    """A picture by the name of its file. Another's picture is named, never fetched."""
    source = token.attrGet("src") or ""
    if (name := unquote(source)) in files:
        token.attrSet("src", files[name])
        return
    words = _("Picture: %(name)s") % {"name": token.content or name}
    token.type, token.tag, token.content = "text", "", f"[{words}]"
    token.attrs, token.children = {}, None


def plain(text):
    """The text alone, in one line: for lists, suggestions and search."""
    return SPACES.sub(" ", unescape(strip_tags(html_of(text)))).strip()


def excerpt(text, length=160):
    words = plain(text)
    return words if len(words) <= length else words[: length - 1].rstrip() + "…"
