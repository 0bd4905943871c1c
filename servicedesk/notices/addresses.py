"""Addresses and ids of mails: where an answer goes, which thread a mail belongs to.

The token in a reply address is bound to one record and one person. It is lower-case base32, so
that systems which fold the case of an address do no harm, and short enough for 64 octets.
"""

import base64
import hashlib
import hmac
import re
from functools import partial

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from records.notify import message_id

SALT = b"servicedesk.notices.addresses"
# A keyed digest of 160 bits, whole: 32 characters.
DIGEST = partial(hashlib.blake2b, digest_size=20)
FORM = re.compile(
    r"^[^+@]+\+(?P<number>[A-Z]{2,4}-\d{1,12})\.(?P<token>[a-z2-7]{32})@", re.IGNORECASE
)


def make(record, person):
    """`desk+INC-000123.<token>@domain`: who writes there answers as this person on this record."""
    local, _, domain = desk_address().rpartition("@")
    return f"{local}+{record.number}.{_token(settings.SECRET_KEY, record, person)}@{domain}"


def parse(address):
    """(number, token) of a reply address, or None. Says nothing about whether it is genuine."""
    found = FORM.match((address or "").strip().strip("<>"))
    return (found["number"].upper(), found["token"].lower()) if found else None


def verify(address, record, person):
    """Was this address made for this record and this person? Former keys still count."""
    parsed = parse(address)
    if parsed is None:
        return False
    number, token = parsed
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    fits = [constant_time_compare(token, _token(key, record, person)) for key in keys]
    return any(fits) and number == record.number


def _token(key, record, person):
    key = hashlib.sha256(SALT + key.encode()).digest()
    text = f"{record.number}\n{record.pk}\n{person.pk}".encode()
    return base64.b32encode(hmac.new(key, text, DIGEST).digest()).decode().lower()


def thread_root(record):
    """The id that all mails about a record refer to, so that mail programs keep them together."""
    return message_id(f"thread:{record.number}")


def desk_address():
    """The bare address of the desk."""
    return settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].strip("<> ")


def site_url(name, *args, query=""):
    """An absolute link. Only the configured address counts, never what a request says."""
    return settings.SITE_BASE_URL + reverse(name, args=args) + query
