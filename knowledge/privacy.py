"""What in a text may tell of a person: found and marked, never removed by itself.

Names and staff numbers are asked of the directory; mail addresses, telephone numbers and IP
addresses are known by their shape. The author decides about each (feature KB-04).
"""

import ipaddress
import re
from dataclasses import dataclass

from django.db import models
from django.db.models import Value
from django.db.models.functions import Length, Lower, StrIndex
from django.utils.translation import gettext_lazy as _

from core.text import HAN
from people.models import Person

MAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
IP4 = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.]*\d)")
IP6 = re.compile(r"(?<![0-9A-Za-z:])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?![0-9A-Za-z:])")
PHONE = re.compile(r"(?<![\w.])\+?\(?\d[\d ()\-./]{5,20}\d(?![\w])")
STAFF = re.compile(r"(?<![\w-])[A-Za-z]{1,4}-?\d{1,10}(?![\w-])", re.ASCII)
FEWEST_DIGITS, MOST_DIGITS = 7, 15
DATE = re.compile(r"\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{4}")


class Sort(models.TextChoices):
    NAME = "name", _("Name")
    MAIL = "mail", _("Mail address")
    PHONE = "phone", _("Telephone number")
    IP = "ip", _("IP address")
    STAFF = "staff", _("Staff number")


@dataclass(frozen=True)
class Found:
    start: int
    end: int
    sort: str
    text: str

    @property
    def key(self):
        """The same text is decided about once, wherever it stands."""
        return f"{self.sort}:{self.text.casefold()}"


def find(text, names=(), staff=()):
    """[Found] in the order of the text, none overlapping another. `names` and `staff`: what the
    directory knows. Where two overlap, the longer one counts."""
    found = [
        *(_hit(match, Sort.MAIL) for match in MAIL.finditer(text)),
        *(_hit(match, Sort.IP) for match in IP4.finditer(text) if _is_ip(match[0])),
        *(_hit(match, Sort.IP) for match in IP6.finditer(text) if _is_ip(match[0])),
        *(_hit(match, Sort.PHONE) for match in PHONE.finditer(text) if _is_phone(match[0])),
        *_known(text, names, Sort.NAME),
        *_known(text, staff, Sort.STAFF),
    ]
    kept = []
    for one in sorted(found, key=lambda one: (one.start - one.end, one.start)):
        if all(one.end <= other.start or one.start >= other.end for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)


def _hit(match, sort):
    return Found(match.start(), match.end(), sort, match[0])


def _is_ip(text):
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return not (address.is_loopback or address.is_unspecified)


def _is_phone(text):
    digits = sum(char.isdigit() for char in text)
    return FEWEST_DIGITS <= digits <= MOST_DIGITS and not DATE.fullmatch(text) and not _is_ip(text)


def _known(text, words, sort):
    for word in set(words):
        if not word:
            continue
        edge = "" if HAN.search(word) else r"(?!\w)"
        start = "" if HAN.search(word) else r"(?<!\w)"
        for match in re.finditer(start + re.escape(word) + edge, text, re.IGNORECASE):
            yield _hit(match, sort)


def directory(text):
    """(names, staff numbers) of the directory that stand in the text. Three questions, however long it is."""
    humans = Person.objects.humans()
    written = Value(text.casefold(), output_field=models.TextField())
    names = set()
    for column in ("name", "name_latin"):
        rows = humans.annotate(long=Length(column), place=StrIndex(written, Lower(column)))
        rows = rows.filter(long__gte=2, place__gt=0)
        names |= set(rows.values_list(column, flat=True)[:200])
    codes = {match[0] for match in STAFF.finditer(text)}
    upper = {code.upper() for code in codes}
    staff = set(humans.filter(code__in=codes | upper).values_list("code", flat=True))
    return names, staff


def replaced(text, found, words):
    """The text with each found piece as decided: `words` is {key: new text, None to keep it}."""
    made, at = [], 0
    for one in found:
        new = words.get(one.key)
        made += [text[at : one.start], one.text if new is None else new]
        at = one.end
    return "".join([*made, text[at:]])
