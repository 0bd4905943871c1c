"""A page read by axe, for every browser test: what it finds, and whether the window holds the page."""

from axe_playwright_python.sync_playwright import Axe

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {
    "runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"],
    "iframes": False, "preload": False,
}  # fmt: skip
# What every page of the desk has alike, and rows of a long list after the first ones: left out where
# only the page's own part is of interest. Closed dialogs are hidden and cost nothing.
ALIKE = {"exclude": [[".side"], [".data-table tbody tr:nth-child(n + 13)"]]}


# What may change with language, theme or width, for a page that was read whole in another look.
LOOK = [
    "color-contrast", "target-size", "scrollable-region-focusable", "document-title",
    "html-has-lang", "html-lang-valid", "valid-lang", "meta-viewport",
]  # fmt: skip


def findings(page, context=None, *, only_look=False):
    """[(rule, the first element that breaks it)], and one more where the page is too wide."""
    options = OPTIONS | {"runOnly": {"type": "rule", "values": LOOK}} if only_look else OPTIONS
    answer = Axe().run(page, context=context, options=options).response
    found = [(one["id"], one["nodes"][0]["html"][:200]) for one in answer["violations"]]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append(("wider than its window", str(page.viewport_size["width"])))
    return found


def listen(page):
    """A list that fills with what the browser complains about: errors and refusals of the policy."""
    complaints = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints
