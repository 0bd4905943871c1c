"""The side bar and the portal's menu: which areas there are, in which order. An area whose address
no app serves is left out, so nothing here can be a dead end."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.access import Gate
from core.context import Entry, Navigation

ENTRIES = (
    Entry("work", "servicedesk:home", _("My work"), "house", "g h", area="home"),
    Entry("work", "servicedesk:queue", _("Tickets"), "inbox", "g t", also=("/new/", "/calls/")),
    Entry(
        "work", "servicedesk:coordination", _("Coordination"), "network", "g o", area="coordination"
    ),
    Entry("work", "announcements:index", _("Announcements"), "megaphone", "g n"),
    Entry("work", "problems:index", _("Problems"), "search-code", "g p"),
    Entry("work", "changes:index", _("Changes"), "git-pull-request-arrow", "g c"),
    Entry("work", "releases:index", _("Releases"), "package-check", "g r"),
    Entry("work", "cmdb:index", _("Services & CMDB"), "boxes", "g s"),
    Entry("work", "knowledge:index", _("Knowledge"), "book-open", "g k"),
    Entry("manage", "slm:index", _("Service levels"), "gauge", "g l"),
    Entry(
        "manage",
        "servicedesk:satisfaction",
        _("Satisfaction"),
        "smile",
        "",
        Gate.MANAGER,
        area="satisfaction",
    ),
    Entry("manage", "availability:index", _("Availability"), "activity", "g a"),
    Entry("manage", "capacity:index", _("Capacity"), "trending-up"),
    Entry("manage", "continuity:index", _("Continuity"), "life-buoy"),
    Entry("manage", "finance:index", _("Finance"), "wallet", "g f", Gate.MANAGER),
    Entry("manage", "improvement:index", _("Improvement"), "sprout"),
    Entry("manage", "reports:index", _("Reports"), "chart-column", "g i", Gate.MANAGER),
    Entry("manage", "people:index", _("People and groups"), "users", "", Gate.AGENT),
    Entry("manage", "settings:index", _("Settings"), "settings-2", "", Gate.SETTINGS),
    Entry("portal", "portal:home", pgettext_lazy("portal", "Home"), "house", "", Gate.SIGNED_IN),
    Entry("portal", "portal:catalogue", _("Services"), "layout-grid", "", Gate.SIGNED_IN),
    Entry("portal", "portal:requests", _("My requests"), "inbox", "", Gate.SIGNED_IN),
    Entry(
        "portal",
        "servicedesk:approvals",
        _("Approvals"),
        "circle-check",
        "",
        Gate.SIGNED_IN,
        area="approvals",
    ),
    Entry(
        "portal",
        "portal:announcements",
        _("Announcements"),
        "megaphone",
        "",
        Gate.SIGNED_IN,
        area="announcements",
    ),
    Entry("portal", "portal:knowledge", _("Knowledge"), "book-open", "", Gate.SIGNED_IN),
)

NAVIGATION = Navigation(
    entries=ENTRIES,
    # Callables (or dotted names): request → {area: core.context.Extra(count, tone, views)}.
    extras=("servicedesk.queue.menu.extras", "servicedesk.glance.on_the_bell"),
    banners={
        "portal": "servicedesk.portal.banners.for_reader",
        "agent": "servicedesk.portal.banners.for_agents",
    },
    links={
        "home": "home",
        "new": "servicedesk:new",
        "palette": "servicedesk:palette",
        "portal": "portal:home",
        "notifications": "servicedesk:notifications",
        "bell": "servicedesk:notifications_bell",
        "profile": "people:profile",
        "language": "people:language",
        "sign_in": "people:sign_in",
        "sign_out": "people:sign_out",
        "password_reset": "people:password_reset",
    },
)
