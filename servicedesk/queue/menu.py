"""What the queue adds to the side bar: counts beside "My work" and "Tickets", and the views.

One statement for the views and one for all their counts, both at most once a page; the counts are
kept for some seconds.
"""

from django.urls import reverse

from core.context import Extra, View
from servicedesk.queue import counts, views

AREA, HOME = "servicedesk", "home"


def extras(request):
    """{area: Extra} for the reader of this request."""
    person = request.user
    if not person.is_authenticated or not person.access.is_agent:
        return {}
    known = getattr(request, "queue_views", None) or views.views_of(person)
    found = getattr(request, "queue_counts", None)
    if found is None:
        found = views.counts_of(known, person, getattr(request, "queue_now", None))
    selection = getattr(request, "queue_selection", None)
    current = selection.view.key if selection else ""
    base = reverse("servicedesk:queue")
    shown = tuple(
        View(
            label=str(view.name), href=f"{base}?view={key}", is_current=key == current,
            count=_shown(found.get(key)),
            tone=view.tone if found.get(key) else "",
        )
        for key, view in known.items()
    )  # fmt: skip
    team = views.default_of(known, person)
    return {
        HOME: Extra(count=_shown(found.get("mine"))),
        AREA: Extra(count=_shown(found.get(team.key)), views=shown),
    }


def _shown(count):
    return counts.text(count) if count else ""
