"""What the shells around every page need. One name in the context, `shell`, and nothing is worked
out before a template asks for it; no query but the one that knows the person."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, cached_property
from operator import itemgetter

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation
from django.utils.module_loading import import_string

from core import preferences
from core.access import Gate

THEMES = ("light", "dark")
DENSITIES = ("compact", "comfy")


@dataclass(frozen=True)
class Entry:
    """One area in the side bar. Left out where its address does not exist or its gate is shut."""

    group: str  # "work", "manage" or "portal"
    url: str  # name of an address without arguments, "problems:index"
    label: str
    icon: str
    key: str = ""  # "g p"
    gate: Gate = Gate.AGENT
    area: str = ""  # what extras call it; unless given, the namespace of the address
    also: tuple[str, ...] = ()  # beginnings of further addresses that belong to it

    def __post_init__(self):
        if not self.area:
            object.__setattr__(self, "area", self.url.partition(":")[0])


@dataclass(frozen=True)
class View:
    """A saved view, listed under its area while the reader is inside it."""

    label: str
    href: str
    count: str = ""
    tone: str = ""
    is_current: bool = False


@dataclass(frozen=True)
class Extra:
    """What an app adds to its entry for this reader: a count, its tone, its views."""

    count: str = ""
    tone: str = ""
    views: tuple[View, ...] = ()


@dataclass(frozen=True)
class Navigation:
    """The table in itsm/navigation.py: entries in their order, and who adds counts and views.

    An extra takes the request and returns {area: Extra}; it is asked once a full page.
    """

    entries: tuple[Entry, ...]
    extras: tuple[Callable | str, ...] = ()
    links: dict[str, str] = field(default_factory=dict)  # new, palette, profile, home, portal …
    # What stands above every page: {area: request → [whatever the shell of that area prints]}.
    banners: dict[str, str] = field(default_factory=dict)


@dataclass
class Item:
    """An entry as this page shows it."""

    entry: Entry
    href: str
    is_current: bool
    extra: Extra


class Shell:
    """What a shell shows, each part made when it is first read."""

    def __init__(self, request):
        self.request = request

    @property
    def person(self):
        return getattr(self.request, "user", None) or AnonymousUser()

    @cached_property
    def frame(self) -> str:
        """The shell in which this reader meets a failure: the one they know, or the plain one."""
        if not self.person.is_authenticated:
            return "shells/plain.html"
        return "shells/agent.html" if Gate.AGENT.admits(self.person) else "shells/portal.html"

    @cached_property
    def lang(self) -> str:
        """The language of the page as HTML names it: "en" or "zh-Hans"."""
        return "zh-Hans" if (translation.get_language() or "").startswith("zh") else "en"

    @cached_property
    def product_name(self) -> str:
        return preferences.get(f"product_name_{self.lang[:2]}")

    @cached_property
    def portal_name(self) -> str:
        return preferences.get(f"portal_name_{self.lang[:2]}")

    @property
    def server_now(self) -> str:
        return timezone.localtime().isoformat(timespec="milliseconds")

    @property
    def theme(self) -> str:
        """light or dark where the reader chose; empty follows the system."""
        chosen = self.request.COOKIES.get("theme", "")
        return chosen if chosen in THEMES else ""

    @property
    def density(self) -> str:
        """Of the page, where it has one of its own (request.density), else as the reader chose."""
        own = getattr(self.request, "density", "")
        chosen = own or self.request.COOKIES.get("density", "")
        return chosen if chosen in DENSITIES else ""

    @property
    def request_id(self) -> str:
        return getattr(self.request, "request_id", "")[:8]

    @property
    def path(self) -> str:
        """Where a change of language leads back to. A form that was refused has no address."""
        return self.request.get_full_path() if self.request.method == "GET" else self.request.path

    @cached_property
    def links(self) -> dict[str, str]:
        """Addresses that the shells offer, those that exist."""
        return {name: url for name, target in _table().links.items() if (url := _address(target))}

    @property
    def home(self) -> str:
        return self.links.get("home") or "/"

    @property
    def unread(self) -> str:
        """The number on the bell, as an extra of the area "notifications" says."""
        return (self._extras.get("notifications") or Extra()).count

    @cached_property
    def banners(self):
        """For the portal's pages their own; for all others the agents'."""
        match = getattr(self.request, "resolver_match", None)
        area = "portal" if match and match.namespace == "portal" else self.frame_area
        found = _table().banners.get(area)
        return import_string(found)(self.request) if found else []

    @property
    def frame_area(self):
        return "portal" if self.frame == "shells/portal.html" else "agent"

    @cached_property
    def work(self) -> list[Item]:
        return self._items("work")

    @cached_property
    def manage(self) -> list[Item]:
        return self._items("manage")

    @cached_property
    def portal(self) -> list[Item]:
        return self._items("portal")

    def _items(self, group):
        entries = [
            (entry, href)
            for entry in _table().entries
            if entry.group == group
            and (href := _address(entry.url))
            and entry.gate.admits(self.person)
        ]
        current = self._current(entries)
        return [
            Item(entry, href, entry is current, self._extras.get(entry.area) or Extra())
            for entry, href in entries
        ]

    def _current(self, entries):
        """The entry whose own page this is, else the one whose address goes furthest along ours."""
        match = getattr(self.request, "resolver_match", None)
        own = [entry for entry, _ in entries if match and entry.url == match.view_name]
        around = [
            (len(start), entry)
            for entry, href in entries
            for start in (href, *entry.also)
            if self.request.path.startswith(start)
        ]
        return own[0] if own else max(around, key=itemgetter(0), default=(0, None))[1]

    @cached_property
    def _extras(self) -> dict[str, Extra]:
        found = {}
        for extra in _table().extras:
            found |= (import_string(extra) if isinstance(extra, str) else extra)(self.request)
        return found


def shell(request):
    """Context processor."""
    return {"shell": Shell(request)}


def _table() -> Navigation:
    return import_string(settings.NAVIGATION)


@cache
def _address(name: str) -> str:
    """The address behind a name, or nothing where no app serves it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
