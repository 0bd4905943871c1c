"""Delivery reports (RFC 3464 and what servers send instead), and receipts. Pure; never raises."""

import re

from servicedesk.mail import headers

DAEMON = re.compile(r"^(mailer-daemon|postmaster|mail-daemon|bounce[s]?([+-].*)?)@", re.IGNORECASE)
SUBJECT = re.compile(
    r"(undeliver|delivery status notification|delivery (has )?failed|failure notice|returned mail"
    r"|mail delivery (failed|subsystem)|退信|無法傳遞|无法投递|邮件投递失败|unzustellbar|delayed)",
    re.IGNORECASE,
)
STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
CODE = re.compile(r"\b([45]\d\d)[ -]")
ADDRESS = re.compile(r"[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9.-]{1,190}\.[A-Za-z]{2,20}")
MESSAGE_ID = re.compile(rb"message-id:\s*(<[^<>\s]{1,490}>)", re.IGNORECASE)
LOOKED_AT = 200_000


def is_receipt(message):
    """A read receipt (RFC 8098)."""
    return _report_type(message) == "disposition-notification"


def bounce_of(message, raw, made):
    """{} or {"recipients", "status", "action", "reason", "message_ids"} of a delivery report.
    `message_ids` are those of the mail that did not arrive."""
    blocks = _status_blocks(message)
    is_machine = bool(DAEMON.match(made.sender)) or "null_sender" in made.automatic
    if not (blocks and is_machine) and not _looks_like_one(message, made):
        return {}  # a person may send on what a server reported
    recipients, status, action, reason = [], "", "", ""
    for block in blocks:
        for name in ("Final-Recipient", "Original-Recipient"):
            value = headers.text_of(block.get(name) or "")
            recipients += [found.casefold() for found in ADDRESS.findall(value)]
        status = status or _status(headers.text_of(block.get("Status") or ""))
        action = action or headers.text_of(block.get("Action") or "").casefold()[:20]
        reason = reason or headers.text_of(block.get("Diagnostic-Code") or "")
    said = f"{made.text}\n{made.quoted}"[:LOOKED_AT]
    status = status or _status(reason) or _status(said) or _from_code(reason or said)
    if not recipients:
        recipients = [found.casefold() for found in ADDRESS.findall(said)][:5]
    ids = [found.decode("latin-1") for found in MESSAGE_ID.findall(raw[:2_000_000])]
    return {
        "recipients": list(dict.fromkeys(recipients))[:20],
        "status": status,
        "action": action or ("failed" if status.startswith("5") else ""),
        "reason": " ".join((reason or said[:200]).split())[:300],
        "message_ids": [one for one in dict.fromkeys(ids) if one != made.message_id][:20],
    }


def _status_blocks(message):
    found = []
    for part in _parts(message):
        below = part.get_payload() if part.is_multipart() else None
        if _kind(part) == "message/delivery-status" and isinstance(below, list):
            found += [block for block in below if hasattr(block, "get")]
    return found


def _parts(message, most=50):
    """The message and its parts, without those of a mail inside."""
    todo, seen = [message], 0
    while todo and seen < most:
        part = todo.pop(0)
        seen += 1
        yield part
        below = part.get_payload() if part.is_multipart() else None
        if isinstance(below, list) and _kind(part).startswith("multipart/"):
            todo += below


def _kind(part):
    try:
        return part.get_content_type()
    except Exception:  # noqa: BLE001 - a header that the standard library cannot read
        return ""


def _report_type(message):
    if _kind(message) != "multipart/report":
        return ""
    return headers.parameters(message.get("Content-Type") or "").get("report-type", "").casefold()


def _looks_like_one(message, made):
    """Without a status part: a report by its type, or a daemon that speaks of a failure."""
    if _report_type(message) == "delivery-status":
        return True
    is_daemon = bool(DAEMON.match(made.sender)) or (
        not made.sender and "null_sender" in made.automatic
    )
    return is_daemon and bool(SUBJECT.search(made.subject))


def _status(text):
    found = STATUS.search(text)
    return found[1] if found else ""


def _from_code(text):
    found = CODE.search(text)
    return f"{found[1][0]}.0.0" if found else ""
