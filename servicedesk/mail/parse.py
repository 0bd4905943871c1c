"""Raw bytes to what a mail says: pure, limited, and it never raises, whatever the bytes.

Knows no Django and no database, so that it can run in a process of its own (servicedesk.mail.child).
"""

import re
from dataclasses import asdict, dataclass, field
from email import message_from_bytes, policy
from hashlib import sha256

from servicedesk.mail import charsets, headers, html, quoting, reports


@dataclass(frozen=True)
class Limits:
    bytes: int = 25 * 1024 * 1024
    parts: int = 300
    depth: int = 20
    headers: int = 1000
    header_bytes: int = 256 * 1024
    text: int = 200_000


@dataclass
class Attachment:
    name: str
    mime: str
    content: bytes
    is_inline: bool = False


@dataclass
class Parsed:
    """What a mail says. `fatal` is [code, {values}] where it is not to be read at all; `notes` are
    of the same form and say where something was guessed."""

    subject: str = ""
    sender: str = ""
    sender_name: str = ""
    sender_problem: str = "none"
    reply_to: list = field(default_factory=list)
    to: list = field(default_factory=list)
    cc: list = field(default_factory=list)
    delivered_to: list = field(default_factory=list)
    message_id: str = ""
    references: list = field(default_factory=list)
    sent_at: str = ""
    text: str = ""
    quoted: str = ""
    rules: list = field(default_factory=list)
    attachments: list = field(default_factory=list)
    automatic: list = field(default_factory=list)
    is_list: bool = False
    loops: list = field(default_factory=list)
    hops: int = 0
    authentication: list = field(default_factory=list)
    bounce: dict = field(default_factory=dict)
    content_key: str = ""
    headers: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    fatal: list = field(default_factory=list)

    def as_dict(self):
        return scrubbed(asdict(self))

    @classmethod
    def of(cls, data):
        data = dict(data)
        data["attachments"] = [Attachment(**one) for one in data["attachments"]]
        return cls(**data)


def scrubbed(value):
    """The same without what the database cannot keep: NULs and halves of characters."""
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {key: scrubbed(one) for key, one in value.items()}
    return [scrubbed(one) for one in value] if isinstance(value, list | tuple) else value


SHOWN_HEADERS = 60
AUTOMATIC_SUBJECT = re.compile(
    r"^\s*(自动回复|自動回覆|自动答复|automatic reply|auto(matic)?[- ]?(reply|response|antwort)|auto:"
    r"|out of (the )?office|abwesenheitsnotiz|réponse automatique|不在办公室)",
    re.IGNORECASE,
)
BULK = {"bulk", "junk", "auto_reply", "auto-reply"}
SUPPRESSING = {"all", "oof", "autoreply"}


def parse(raw, limits=None):
    """Parsed of `raw`. Whatever goes wrong inside stands in `fatal`, with what was read so far."""
    limits, made = limits or Limits(), Parsed()
    try:
        _read(bytes(raw), limits, made)
    except RecursionError:
        made.fatal = ["too_deep", {"most": limits.depth}]
    except MemoryError:
        made.fatal = ["too_large", {"most": limits.bytes // (1024 * 1024)}]
    except Exception as error:  # noqa: BLE001 - a mail that nobody foresaw is quarantined, not lost
        made.fatal = ["unreadable", {"error": f"{type(error).__name__}: {error}"[:300]}]
    return made


def _read(raw, limits, made):
    if len(raw) > limits.bytes:
        made.fatal = ["too_large", {"most": limits.bytes // (1024 * 1024)}]
        raw = raw[: limits.header_bytes]
    head = _head(raw)
    if len(head) > limits.header_bytes or head.count(b"\n") > limits.headers:
        made.fatal = made.fatal or ["too_many_headers", {"most": limits.headers}]
        head = head[: limits.header_bytes]
    if made.fatal:
        _headers(message_from_bytes(b"\n".join(head.split(b"\n")[:200]) + b"\n\n"), made)
        return
    message = message_from_bytes(raw, policy=policy.compat32)
    _headers(message, made)
    body = _Body(limits, made.notes)
    body.take(message)
    if body.fatal:
        made.fatal = body.fatal
    made.attachments = body.attachments
    text = charsets.clean(body.text())
    if len(text) > limits.text:
        made.notes.append(["text_cut", {"most": limits.text}])
        text = text[: limits.text]
    made.text, made.quoted, made.rules = quoting.split(text, made.subject)
    made.bounce = reports.bounce_of(message, raw, made)
    if reports.is_receipt(message):
        made.automatic.append("receipt")
    if made.message_id:
        parts = (made.message_id, made.sender, made.sent_at, made.subject, text)
        made.content_key = sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()
    made.notes = _once(made.notes)


def _head(raw):
    ends = [place for end in (b"\n\n", b"\r\n\r\n") if (place := raw.find(end)) >= 0]
    return raw[: min(ends)] if ends else raw


def _once(notes):
    found = []
    for note in notes:
        if note not in found:
            found.append(note)
    return found[:20]


def _headers(message, made):
    fields = {}
    for name, value in message.raw_items():
        fields.setdefault(str(name).casefold(), []).append(value)
    notes = made.notes

    def all_of(*names):
        return [value for name in names for value in fields.get(name, [])]

    def words(name):
        return headers.text_of(fields[name][0], notes) if name in fields else ""

    made.headers = [
        [charsets.clean(str(name))[:80], headers.text_of(value)[:1000]]
        for name, value in list(message.raw_items())[:SHOWN_HEADERS]
    ]
    made.subject = words("subject")[:500]
    named = headers.one_sender(all_of("from"), notes)
    made.sender_name, made.sender, made.sender_problem = named
    for name, into in (("reply-to", made.reply_to), ("to", made.to), ("cc", made.cc)):
        into.extend([address for _name, address in headers.addresses(all_of(name), notes)][:200])
    direct = all_of("delivered-to", "x-original-to", "envelope-to", "x-envelope-to")
    made.delivered_to = [address for _name, address in headers.addresses(direct)][:20]
    made.message_id = (headers.message_ids(all_of("message-id")) or [""])[0]
    made.references = headers.message_ids(all_of("in-reply-to", "references"))[-60:]
    if "date" in fields:
        made.sent_at = headers.instant(fields["date"][0])
    made.hops = len(all_of("received"))
    made.loops = [headers.text_of(value)[:200] for value in all_of("x-loop", "x-itsm-loop")]
    made.authentication = [
        headers.text_of(value)[:1000] for value in all_of("authentication-results")
    ][:10]
    _automatic(fields, words, made)


def _automatic(fields, words, made):
    """Signs that no person wrote it (RFC 3834 and what programs send besides)."""
    submitted = words("auto-submitted").casefold().partition(";")[0].strip()
    precedence = words("precedence").casefold().strip()
    suppress = {part.strip() for part in words("x-auto-response-suppress").casefold().split(",")}
    signs = {
        "auto_submitted": submitted not in {"", "no"},
        "precedence": precedence in BULK,
        "suppress": bool(suppress & SUPPRESSING),
        "null_sender": "return-path" in fields and words("return-path").strip() in {"<>", ""},
        "autoreply": bool({"x-autoreply", "x-autorespond", "x-auto-reply"} & set(fields)),
        "subject": bool(AUTOMATIC_SUBJECT.match(made.subject)),
    }
    made.automatic = [name for name, holds in signs.items() if holds]
    lists = {"list-id", "list-unsubscribe", "list-post", "mailing-list"} & set(fields)
    made.is_list = bool(lists) or precedence == "list"


class _Body:
    """Walks the parts: words to the text, everything else to the attachments."""

    def __init__(self, limits, notes):
        self.limits, self.notes = limits, notes
        self.words, self.attachments, self.fatal, self.seen = [], [], [], 0

    def text(self):
        return "\n\n".join(part.strip("\n") for part in self.words if part.strip())

    def take(self, part, depth=0):
        self.seen += 1
        if self.seen > self.limits.parts:
            self.fatal = self.fatal or ["too_many_parts", {"most": self.limits.parts}]
            return
        if depth > self.limits.depth:
            self.fatal = self.fatal or ["too_deep", {"most": self.limits.depth}]
            return
        kind = _kind(part)
        below = _below(part)
        if isinstance(below, list) and kind.startswith("multipart/"):
            if kind == "multipart/alternative":
                self._best(below, depth)
            else:
                for one in below:
                    self.take(one, depth + 1)
        elif isinstance(below, list):
            self._nested(part, kind, below)
        else:
            self._leaf(part, kind)

    def _best(self, parts, depth):
        """Of alternatives: the plain one where it says something, else the HTML."""
        outer, best = self.words, ""
        for part in parts:
            self.words = []
            self.take(part, depth + 1)
            words = self.text()
            if words.strip() and (not best or _kind(part) == "text/plain"):
                best = words
        self.words = [*outer, best]

    def _nested(self, part, kind, below):
        if kind != "message/rfc822":
            return  # the parts of a delivery report: reports.py reads them
        try:
            content = below[0].as_bytes()
        except Exception:  # noqa: BLE001 - the generator raises what it likes on broken mails
            content = str(below[0]).encode("utf-8", "replace") if below else b""
        name = headers.text_of(_field(below[0], "Subject"), []) if below else ""
        self._attach(part, kind, f"{name[:80] or 'mail'}.eml", content)

    def _leaf(self, part, kind):
        content = _content(part)
        disposition = headers.raw(_field(part, "Content-Disposition")).strip().lower()
        name = _name(part, self.notes)
        is_apart = disposition.startswith(b"attachment") or bool(name)
        if kind in {"text/plain", "text/html"} and not is_apart:
            charset = headers.parameters(_field(part, "Content-Type")).get("charset", "")
            if not charset and kind == "text/html":
                charset = _declared_in_html(content)
            text, notes = charsets.decode(content, charset)
            self.notes += notes
            self.words.append(html.text_of(text) if kind == "text/html" else text)
        elif content.strip():
            self._attach(part, kind, name or _default_name(kind), content)

    def _attach(self, part, kind, name, content):
        is_inline = bool(part.get("Content-ID")) and kind.startswith("image/")
        name = charsets.clean(name).replace("\n", " ")[:1000]
        self.attachments.append(Attachment(name, kind[:100], content, is_inline))


def _field(part, wanted):
    """A field as it stands: the parser's own reading loses raw eight-bit names."""
    for name, value in part.raw_items():
        if str(name).casefold() == wanted.casefold():
            return value
    return ""


def _below(part):
    """The parts of a part, or None where it is a leaf. Never decodes."""
    return part.get_payload() if part.is_multipart() else None


def _kind(part):
    try:
        kind = part.get_content_type()
    except Exception:  # noqa: BLE001 - a header that the standard library cannot read
        return "text/plain"
    if kind.startswith("multipart/") and _below(part) is None:
        return "text/plain"  # it says multipart and has no parts: what stands there is text
    return kind


def _content(part):
    try:
        content = part.get_payload(decode=True)
    except Exception:  # noqa: BLE001 - broken encodings raise in many ways
        content = None
    if content is None:
        content = headers.raw(str(part.get_payload())[:50_000_000])
    return content


def _name(part, notes):
    for field_name, parameter in (("Content-Disposition", "filename"), ("Content-Type", "name")):
        found = headers.parameters(_field(part, field_name), notes).get(parameter, "")
        if found.strip():
            return found.strip()
    return ""


def _declared_in_html(content):
    found = re.search(rb"charset\s*=\s*[\"']?([A-Za-z0-9_\-]{2,40})", content[:4000], re.IGNORECASE)
    return found[1].decode("ascii") if found else ""


ENDINGS = {
    "text/calendar": "invitation.ics", "application/ms-tnef": "winmail.dat", "image/png": "image.png",
    "image/jpeg": "image.jpg", "image/gif": "image.gif", "application/pdf": "document.pdf",
    "application/pkcs7-mime": "smime.p7m", "application/pkcs7-signature": "smime.p7s",
    "application/pgp-signature": "signature.asc", "application/pgp-encrypted": "encrypted.asc",
    "text/html": "page.html", "text/csv": "table.csv", "message/delivery-status": "status.txt",
    "text/rfc822-headers": "headers.txt",
}  # fmt: skip


def _default_name(kind):
    return ENDINGS.get(kind, "text.txt" if kind.startswith("text/") else "file.bin")


def peek(raw):
    """The Message-ID, without reading the mail: so that an answer to it can wait for it."""
    found = reports.MESSAGE_ID.search(_head(bytes(raw[:65536])))
    return found[1].decode("latin-1").replace("\x00", "")[:500] if found else ""
