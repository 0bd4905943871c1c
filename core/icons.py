"""Icons as cached strings of small SVG. The pictures come from the lucide package, read once each."""

import logging
from functools import cache, lru_cache
from importlib import resources
from io import BytesIO
from zipfile import ZipFile

from defusedxml import ElementTree
from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

logger = logging.getLogger(__name__)


class UnknownIcon(LookupError):
    """No picture has this name."""


@lru_cache(maxsize=4096)
def icon(name: str, cls: str = "", label: str = "") -> SafeString:
    """The picture as inline SVG; with a label it speaks for itself, without one it is decoration.

    A name that does not exist raises UnknownIcon while DEBUG is on and leaves an empty square
    otherwise, because a missing picture must not cost a person the page.
    """
    try:
        shapes = shapes_of(name)
    except UnknownIcon:
        if settings.DEBUG:
            raise
        logger.warning("unknown icon %r", name)
        shapes = ""
    classes = f"i {escape(cls)}" if cls else "i"
    reading = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return mark_safe(f'<svg class="{classes}" viewBox="0 0 24 24" {reading}>{shapes}</svg>')


@cache
def shapes_of(name: str) -> str:
    """The shapes inside the picture, without the white space that its file carries."""
    try:
        svg = ElementTree.fromstring(_archive().read(f"{name}.svg"))
    except KeyError:
        raise UnknownIcon(f"There is no icon called {name!r}.") from None
    return "".join(_compact(node) for node in svg)


def _compact(node) -> str:
    tag = node.tag.rpartition("}")[2]
    attributes = "".join(f' {key}="{escape(value)}"' for key, value in node.attrib.items())
    return f"<{tag}{attributes}/>"


@cache
def _archive() -> ZipFile:
    return ZipFile(BytesIO(resources.files("lucide").joinpath("lucide.zip").read_bytes()))
