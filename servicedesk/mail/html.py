"""HTML of a mail to text: cleaned first, so that nothing hidden or active is read; never raises."""

from html.parser import HTMLParser

import nh3

LONGEST = 1_000_000
TAGS = {
    "a", "b", "blockquote", "br", "code", "div", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i",
    "li", "ol", "p", "pre", "span", "strong", "table", "tbody", "td", "th", "thead", "tr", "u", "ul",
}  # fmt: skip
GONE = {"script", "style", "title", "noscript", "template", "iframe", "object", "svg", "math"}
BLOCKS = {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "tr", "pre", "li",
          "blockquote"}  # fmt: skip
APART = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "pre"}


def cleaned(html):
    """Safe HTML without pictures, styles, forms or anything that acts."""
    return nh3.clean(
        html[:LONGEST], tags=TAGS, clean_content_tags=GONE, attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"}, link_rel="noopener noreferrer",
    )  # fmt: skip


def text_of(html):
    """The words, with line ends where a reader sees them; a cited block has > before its lines."""
    walker = _Walker()
    try:
        walker.feed(cleaned(html))
        walker.close()
    except (AssertionError, ValueError, RecursionError):
        pass
    return walker.text()


class _Walker(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.lines, self.line, self.depth, self.href, self.in_pre = [], "", 0, "", 0

    def handle_starttag(self, tag, attrs):
        if tag in {"br", "hr"}:
            self._end()
        elif tag in BLOCKS:
            self._break()
            self.depth += tag == "blockquote"
            self.in_pre += tag == "pre"
            if tag == "li":
                self.line = "- "
        elif tag in {"td", "th"} and self.line.strip():
            self.line += "  "
        elif tag == "a":
            self.href = dict(attrs).get("href") or ""

    def handle_endtag(self, tag):
        if tag in BLOCKS:
            self._break()
            self.depth = max(0, self.depth - (tag == "blockquote"))
            self.in_pre = max(0, self.in_pre - (tag == "pre"))
            if tag in APART and self.lines and self.lines[-1].strip("> "):
                self.lines.append(self._before())
        elif tag == "a":
            shown = self.line.rsplit(" ", 1)[-1]
            if self.href.startswith("http") and shown not in self.href:
                self.line += f" <{self.href}>"
            self.href = ""

    def handle_data(self, data):
        if self.in_pre:
            first, *others = data.split("\n")
            self.line += first
            for other in others:
                self._end()
                self.line = other
            return
        words = " ".join(data.replace("\xa0", " ").split())
        if not words:
            if data and self.line and not self.line.endswith(" "):
                self.line += " "
            return
        lead = " " if data[0].isspace() and self.line and not self.line.endswith(" ") else ""
        self.line += lead + words + (" " if data[-1].isspace() else "")

    def _before(self):
        return "> " * min(self.depth, 8)

    def _break(self):
        if self.line.strip():
            self._end()

    def _end(self):
        self.lines.append(self._before() + self.line.rstrip())
        self.line = ""

    def text(self):
        self._break()
        made, empty = [], 0
        for line in self.lines:
            empty = empty + 1 if not line.strip() else 0
            if empty < 2:
                made.append(line)
        return "\n".join(made).strip()
