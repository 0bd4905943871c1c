"""Header fields as mails really write them: encoded words, raw eight-bit text, continued
parameters, addresses. Pure; bytes in, text out; never raises.
"""

import base64
import binascii
import quopri
import re
from datetime import UTC, datetime
from email.utils import getaddresses, parsedate_to_datetime
from urllib.parse import unquote_to_bytes

from servicedesk.mail import charsets

WORD = re.compile(rb"=\?([^?\s*]{1,60})(?:\*[^?]*)?\?([bBqQ])\?([^?]*)\?=")
# The id up to the bracket; what follows a blank or a second bracket is not part of it.
MESSAGE_ID = re.compile(r"<[^<>\s\x00-\x1f\x7f]{1,490}>")
ADDRESS = re.compile(r"^[!#-'*+\-./0-9=?A-Z^_`a-z{|}~]{1,64}@[A-Za-z0-9._-]{1,190}$")
PARAMETER = re.compile(
    rb";\s*([A-Za-z0-9_\-]+)(?:\*(\d+))?(\*)?\s*=\s*(\"(?:[^\"\\]|\\.)*\"|[^;]*)", re.DOTALL
)
LONGEST = 20_000


def raw(value):
    """A field of the parser as the bytes that stood in the mail."""
    if isinstance(value, bytes):
        return value[:LONGEST]
    return str(value)[:LONGEST].encode("utf-8", "surrogateescape")


def unfolded(data):
    return re.sub(rb"[\r\n]+[ \t]*", b" ", data)


def text_of(value, notes=None):
    """The words of a field: encoded words decoded, two halves of a character joined again."""
    data = unfolded(raw(value))
    made, end, held, label = [], 0, b"", None
    notes = [] if notes is None else notes

    def flush():
        nonlocal held, label
        if label is not None:
            made.append(_decoded(held, label, notes))
        held, label = b"", None

    for found in WORD.finditer(data):
        between = data[end : found.start()]
        charset = found[1].decode("ascii", "replace").casefold()
        content = _word(found[2], found[3])
        if between.strip() or (label is not None and charset != label):
            flush()
        if between.strip() or (end == 0 and between):
            made.append(_decoded(between, "", notes))
        held, label, end = held + content, charset, found.end()
    flush()
    made.append(_decoded(data[end:], "", notes))
    text = charsets.clean("".join(made)).replace("\n", " ").replace("\t", " ")
    return " ".join(text.split())


def _word(kind, content):
    if kind in b"bB":
        content = re.sub(rb"[^A-Za-z0-9+/]", b"", content)
        try:
            return base64.b64decode(content + b"=" * (-len(content) % 4))
        except (binascii.Error, ValueError):
            return base64.b64decode(content[: len(content) // 4 * 4])
    return quopri.decodestring(content.replace(b"_", b"=20"))


def _decoded(data, charset, notes):
    if not data:
        return ""
    text, found = charsets.decode(data, charset)
    notes += found
    return text


def parameters(value, notes=None):
    """{name: text} of a field such as Content-Type: continued, percent-encoded, encoded words in
    quotes, raw GBK: all of them."""
    notes = [] if notes is None else notes
    pieces = {}
    for found in PARAMETER.finditer(b";" + unfolded(raw(value)).partition(b";")[2]):
        name = found[1].decode("ascii").casefold()
        content = found[4].strip()
        if content[:1] == b'"':
            content = re.sub(rb"\\(.)", rb"\1", content[1:-1])
        place = int(found[2]) if found[2] and len(found[2]) < 5 else 0
        pieces.setdefault(name, {}).setdefault(place, (content, bool(found[3])))
    return {name: _joined(parts, notes) for name, parts in pieces.items()}


def _joined(parts, notes):
    charset, data, is_encoded = "", b"", False
    for place in sorted(parts):
        content, percent = parts[place]
        if percent:
            is_encoded = True
            if place == min(parts) and content.count(b"'") >= 2:
                label, _language, content = content.split(b"'", 2)
                charset = label.decode("ascii", "replace")
            content = unquote_to_bytes(content)
        data += content
    if is_encoded:
        return charsets.clean(_decoded(data, charset, notes))
    return text_of(data, notes)


def addresses(values, notes=None):
    """[(name, address)] of address fields; what is no address is left out, case is folded."""
    notes = [] if notes is None else notes
    # the structure is read before the words are decoded: a comma in a name is no separator
    fields = [unfolded(raw(value)).decode("latin-1") for value in values]
    try:
        pairs = getaddresses(fields)
    except (IndexError, ValueError, TypeError, RecursionError):
        pairs = []
    found = []
    for name, spelled in pairs:
        address = spelled.strip().strip("'").casefold()
        if ADDRESS.match(address) and len(address) <= 254 and address.isascii():
            found.append((text_of(name.encode("latin-1", "replace"), notes)[:200], address))
    return found


def one_sender(values, notes=None):
    """(name, address, problem): the one whom the From fields name. problem: "", "none" or
    "ambiguous"; of several that could be meant, none is."""
    found = addresses(values, notes)
    distinct = {address for _name, address in found}
    in_brackets = {
        inner.decode("latin-1").strip().casefold()
        for value in values
        for inner in re.findall(rb"<([^<>]*@[^<>]*)>", _unquoted(unfolded(raw(value))))
    }
    if len(values) > 1 or len(distinct) > 1 or (in_brackets and in_brackets != distinct):
        return "", "", "ambiguous" if distinct or in_brackets else "none"
    if not distinct:
        return "", "", "none"
    return found[0][0], found[0][1], ""


def _unquoted(data):
    return re.sub(rb'"(?:[^"\\]|\\.)*"', b"", data)


def message_ids(values):
    """The ids that fields name, in their order, each once."""
    found = {}
    for value in values:
        for one in MESSAGE_ID.findall(unfolded(raw(value)).decode("latin-1")):
            found.setdefault(one, None)
    return list(found)


def instant(value):
    """The moment of a Date field as ISO text in UTC, or "" where there is none to believe."""
    try:
        moment = parsedate_to_datetime(text_of(value))
    except (TypeError, ValueError, IndexError, OverflowError, AttributeError):
        return ""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    try:
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return ""
    return moment.isoformat() if datetime(1990, 1, 1, tzinfo=UTC) < moment else ""
