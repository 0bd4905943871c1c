"""Difficult mails, made here: each with the decision that it must end in.

`cases(place)` gives Case rows. `record` names what it must stand in: a record of the place, "new"
for one that was not there before, "" for none. `text` must be part of what was read.
"""

import base64
import quopri
from dataclasses import dataclass
from email.message import EmailMessage
from itertools import count

from servicedesk.notices import addresses

DESK = "desk@lanting.example"
NEW, REPLY, FOLLOW, COPY = "new_ticket", "reply", "follow_up", "joined_as_cc"
AUTO, BOUNCE, LOOP, OWN = "ignored_auto", "ignored_bounce", "ignored_loop", "ignored_own"
HELD, DOUBLE = "quarantined", "duplicate"
CHINESE = "打印机坏了，请尽快帮忙处理，谢谢。"
_serial = count(1)


@dataclass
class Case:
    name: str
    raw: bytes
    decision: str
    record: str = ""
    text: str = ""
    subject: str = ""
    files: tuple = ()


def mail(*, body=None, **headers):
    """A mail of lines; header names are written with _ for -, values may be bytes or a list."""
    number = next(_serial)
    lines = {
        "From": "Zhang San <r1@lanting.example>", "To": DESK, "Subject": f"Case {number}",
        "Date": "Mon, 12 Oct 2026 10:00:00 +0800", "Message-ID": f"<case{number}@client.example>",
    }  # fmt: skip
    lines |= {name.replace("_", "-"): value for name, value in headers.items()}
    made = b""
    for name, value in lines.items():
        for one in value if isinstance(value, list) else [value]:
            if one is not None:
                made += name.encode() + b": " + as_bytes(one) + b"\r\n"
    body = f"Words of case {number}." if body is None else body
    body = as_bytes(body)
    return made + b"\r\n" + body.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def as_bytes(text):
    return text if isinstance(text, bytes) else text.encode("utf-8")


def word(text, charset, kind="B", label=None):
    data = text.encode(charset)
    if kind == "B":
        content = base64.b64encode(data)
    else:
        content = quopri.encodestring(data, header=True).replace(b"=\n", b"").replace(b"?", b"=3F")
    return b"=?" + (label or charset).encode() + b"?" + kind.encode() + b"?" + content + b"?="


def multipart(kind, *parts, boundary="cut", end=True, **headers):
    body = b""
    for part in parts:
        body += f"--{boundary}\n".encode() + as_bytes(part) + b"\n"
    if end:
        body += f"--{boundary}--\n".encode()
    headers.setdefault("Content_Type", f'multipart/{kind}; boundary="{boundary}"')
    return mail(body=body, MIME_Version="1.0", **headers)


def part(content, kind="text/plain; charset=utf-8", encoding="", disposition="", **more):
    lines = [f"Content-Type: {kind}" if kind else None]
    lines += [f"Content-Transfer-Encoding: {encoding}"] if encoding else []
    lines += [f"Content-Disposition: {disposition}"] if disposition else []
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in more.items()]
    head = "\n".join(line for line in lines if line).encode("utf-8", "surrogateescape")
    content = content if isinstance(content, bytes) else content.encode("utf-8")
    return head + b"\n\n" + content


def cases(place):
    for group in (charsets, names, structures, senders, threads, strangers, automatic, bounces,
                  loops, doubles, quotes, security):  # fmt: skip
        yield from group(place)


# --- charsets (CN-06) ---------------------------------------------------------------------------
def charsets(place):
    wide = "朱镕基的€100报销单㎎打不开"
    for label in ("gb2312", "GBK", "gb18030", "cp936", "x-gbk", "GB2312_CHARSET", "euc-cn"):
        yield text_case(f"GB18030 bytes as {label}", wide, "gb18030", label)
    for label in ("iso-8859-1", "us-ascii", "utf-8", "windows-1252", "", "x-unknown", "klingon",
                  "unknown-8bit", "zlib", "idna", "utf-9", "'", "rot13", "latin1"):  # fmt: skip
        yield text_case(f"GBK bytes as {label or 'nothing'}", CHINESE, "gbk", label)
    for label in ("gb2312", "iso-8859-1", "us-ascii", "", "gbk", "big5", "klingon"):
        yield text_case(f"UTF-8 bytes as {label or 'nothing'}", CHINESE, "utf-8", label)
    for charset, text in (
        ("big5", "印表機壞了，請儘快處理"), ("iso-2022-jp", "プリンタが壊れました"),
        ("shift_jis", "プリンタが壊れました"), ("koi8-r", "Принтер сломался"),
        ("windows-1251", "Принтер сломался"), ("iso-8859-1", "Drucker kaputt, grüße aus Köln"),
        ("iso-8859-15", "Drucker für 100 €"), ("euc-kr", "프린터가 고장났습니다"),
        ("utf-16", "Printer 打印机"), ("utf-7", "Printer 打印机"), ("hz", "打印机坏了"),
        ("euc-jp", "プリンタが壊れました"), ("cp1252", "“naïve” café – 100 €"), ("utf-8", "😀 emoji 🖨"),
    ):  # fmt: skip
        yield text_case(f"{charset} as said", text, charset, charset, base64_body=True)
    yield text_case("broken GBK in the middle", CHINESE * 20, "gbk", "gb2312", damage=True)
    yield Case(
        "NULs in the body", mail(body=b"one\x00two\x00 three"), NEW, "new", text="onetwo three"
    )
    for encoding in ("gbk", "utf-8", "gb18030"):
        raw = mail(Subject=f"{CHINESE}".encode(encoding), body="x " + encoding)
        yield Case(f"raw {encoding} in the subject", raw, NEW, "new", subject=CHINESE)
    for kind in "BQ":
        for label in ("gb2312", "gbk", "utf-8"):
            raw = mail(Subject=word(CHINESE, "utf-8" if label == "utf-8" else "gbk", kind, label))
            yield Case(f"subject {label} {kind}", raw, NEW, "new", subject=CHINESE)
    half = CHINESE.encode("gbk")
    split = b" ".join(
        b"=?gb2312?B?" + base64.b64encode(piece) + b"?=" for piece in (half[:7], half[7:])
    )
    yield Case("a character cut by two words", mail(Subject=split), NEW, "new", subject=CHINESE)
    yield Case("UTF-8 in a word that says GBK", mail(Subject=word(CHINESE, "utf-8", "B", "gbk")), NEW,
               "new", subject=CHINESE)  # fmt: skip
    yield Case(
        "a word of no charset", mail(Subject="=?klingon?Q?abc?= rest"), NEW, "new", subject="abc"
    )
    yield Case(
        "a word without its end", mail(Subject="=?utf-8?B?5omT5Y2w"), NEW, "new", subject="=?utf-8"
    )
    yield Case("broken base64 in a word", mail(Subject="=?utf-8?B?5omT5Y2w5p?="), NEW, "new",
               subject="打印")  # fmt: skip
    yield Case("folded words", mail(Subject=b"=?utf-8?Q?one_?=\r\n =?utf-8?Q?two?="), NEW, "new",
               subject="one two")  # fmt: skip
    html = f"<html><head><meta charset=gb2312></head><body><p>{CHINESE}</p></body></html>"
    raw = mail(body=html.encode("gbk"), Content_Type="text/html")
    yield Case("charset only in the HTML", raw, NEW, "new", text=CHINESE)


def text_case(name, text, charset, label, *, base64_body=False, damage=False):
    data = text.encode(charset)
    if damage:
        data = data[:101] + data[102:]
    kind = f"text/plain; charset={label}" if label else "text/plain"
    if base64_body:
        raw = mail(
            body=base64.encodebytes(data), Content_Type=kind, Content_Transfer_Encoding="base64"
        )
    else:
        raw = mail(body=data, Content_Type=kind, Content_Transfer_Encoding="8bit")
    return Case(name, raw, NEW, "new", text=text[:6] if damage else text)


# --- file names (CN-06, XS05) -------------------------------------------------------------------
def names(place):
    png = base64.encodebytes(
        base64.b64decode(
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="
        )
    )
    gbk = "屏幕截图.png".encode("gbk").decode("utf-8", "surrogateescape")
    spelled = {
        "RFC 2231 UTF-8": "attachment; filename*=utf-8''%E5%B1%8F%E5%B9%95%E6%88%AA%E5%9B%BE.png",
        "RFC 2231 GBK": "attachment; filename*=gb2312''%C6%C1%C4%BB%BD%D8%CD%BC.png",
        "RFC 2231 in pieces": "attachment; filename*0*=utf-8''%E5%B1%8F%E5%B9%95;"
        " filename*1*=%E6%88%AA%E5%9B%BE; filename*2=.png",
        "encoded word": 'attachment; filename="=?gb2312?B?xsHEu73YzbwucG5n?="',
        "raw GBK": f'attachment; filename="{gbk}"',
        "raw UTF-8": 'attachment; filename="屏幕截图.png"',
        "in the type": "attachment",
    }
    for name, disposition in spelled.items():
        kind = "image/png"
        if name == "in the type":
            kind = 'image/png; name="=?gb2312?B?xsHEu73YzbwucG5n?="'
        raw = multipart("mixed", part("See the picture"), part(png, kind, "base64", disposition))
        yield Case(f"file name {name}", raw, NEW, "new", files=("屏幕截图.png",))
    for name, ending in (
        ('x"><img src=x onerror=1>.png', ".png"), ("../../etc/passwd.png", ".png"),
        ("a\u202egnp.exe.png", ".png"), ("n" * 300 + ".png", ".png"), ("CON.png", ".png"),
    ):  # fmt: skip
        safe = name.replace('"', "'")
        raw = multipart("mixed", part("See"), part(png, "image/png", "base64",
                        f'attachment; filename="{safe}"'))  # fmt: skip
        yield Case(f"file name {name[:20]!r}", raw, NEW, "new", files=(ending,))
    for ending in ("exe", "svg", "html", "js", "docm"):
        raw = multipart("mixed", part("See " + ending), part("x<script>", "application/octet-stream",
                        "", f'attachment; filename="a.{ending}"'))  # fmt: skip
        yield Case(f"a file that is not taken: {ending}", raw, NEW, "new", text="See " + ending)
    raw = multipart("mixed", part("Lying"), part("<html><script>", "image/png", "",
                    'attachment; filename="a.png"'))  # fmt: skip
    yield Case("a picture that is none", raw, NEW, "new", text="Lying")
    raw = multipart("mixed", part("TNEF"), part(b"\x78\x9f\x3e\x22junk", "application/ms-tnef", "",
                    'attachment; filename="winmail.dat"'))  # fmt: skip
    yield Case("winmail.dat", raw, NEW, "new", text="TNEF")
    many = [part(png, "image/png", "base64", f'attachment; filename="{n}.png"') for n in range(15)]
    yield Case("fifteen files", multipart("mixed", part("Many"), *many), NEW, "new", text="Many")


# --- structure ----------------------------------------------------------------------------------
def structures(place):
    yield Case("nothing at all", b"", HELD)
    yield Case("only blanks", b"\r\n\r\n\r\n", HELD)
    yield Case("bytes that are no mail", bytes(range(256)) * 20, HELD)
    yield Case("no body", mail(body=""), NEW, "new")
    yield Case("no subject", mail(Subject=None), NEW, "new")
    yield Case("empty subject", mail(Subject=""), NEW, "new")
    yield Case("no date", mail(Date=None), NEW, "new")
    yield Case("a date that is none", mail(Date="yesterday, 25:99"), NEW, "new")
    yield Case("a date of the year 0", mail(Date="Mon, 1 Jan 0000 00:00:00 +0000"), NEW, "new")
    yield Case("no Message-ID", mail(Message_ID=None), NEW, "new")
    yield Case("no Message-ID, again", mail(Message_ID=None), NEW, "new")
    yield Case("an id without brackets", mail(Message_ID="abc@d"), NEW, "new")
    yield Case("an id of 5000 characters", mail(Message_ID=f"<{'a' * 5000}@b>"), NEW, "new")
    yield Case("multipart without parts", mail(body="plain words", Content_Type="multipart/mixed"),
               NEW, "new", text="plain words")  # fmt: skip
    yield Case("multipart, boundary never there",
               mail(body="lost words", Content_Type='multipart/mixed; boundary="no"'), NEW, "new")  # fmt: skip
    yield Case("multipart without its end",
               multipart("mixed", part("open end"), end=False), NEW, "new", text="open end")  # fmt: skip
    both = (part("plain side"), part("<p>html side</p>", "text/html; charset=utf-8"))
    yield Case("alternatives", multipart("alternative", *both), NEW, "new", text="plain side")
    yield Case("alternatives, plain is empty",
               multipart("alternative", part(" \n"), both[1]), NEW, "new", text="html side")  # fmt: skip
    yield Case("only HTML", mail(body="<p>Hello <b>you</b></p><p>two</p>", Content_Type="text/html"),
               NEW, "new", text="Hello you")  # fmt: skip
    yield Case("only a file",
               multipart("mixed", part("%PDF-1.4 x", "application/pdf", "",
                                       'attachment; filename="a.pdf"')), NEW, "new")  # fmt: skip
    deep = part("deep inside")
    for level in range(60):
        deep = (
            f'Content-Type: multipart/mixed; boundary="b{level}"\n\n--b{level}\n'.encode()
            + deep + f"\n--b{level}--\n".encode()
        )  # fmt: skip
    yield Case(
        "sixty levels", mail(MIME_Version="1.0").split(b"\r\n\r\n")[0] + b"\r\n" + deep, HELD
    )
    yield Case("two thousand parts", multipart("mixed", *[part(str(n)) for n in range(2000)]), HELD)
    yield Case("five thousand headers", mail(X_Many=["x"] * 5000), HELD)
    yield Case("a header of a megabyte", mail(X_Long="x" * 1_000_000), HELD)
    inner = mail(Subject="inside", body="inner words").decode()
    yield Case("a mail in the mail",
               multipart("mixed", part("look below"), part(inner, "message/rfc822")), NEW, "new",
               text="look below", files=("inside.eml",))  # fmt: skip
    yield Case("a forward inline", mail(Subject="Fwd: old", body="FYI\n\n-----Original Message-----\n"
               "From: somebody\nSent: x\nTo: y\n\nforwarded words"), NEW, "new",
               text="forwarded words")  # fmt: skip
    yield Case("转发", mail(Subject="转发：旧邮件", body="请处理\n\n发件人：某人\n发送时间：昨天\n收件人：我\n\n被转发的内容"),
               NEW, "new", text="被转发的内容")  # fmt: skip
    yield Case("unknown transfer encoding", mail(body="as is", Content_Transfer_Encoding="x-uue2"),
               NEW, "new", text="as is")  # fmt: skip
    yield Case("base64 that is none",
               mail(body="this is not base64!", Content_Transfer_Encoding="base64"), NEW, "new")  # fmt: skip
    yield Case("quoted-printable, broken",
               mail(body="a=ZZb=", Content_Transfer_Encoding="quoted-printable"), NEW, "new")  # fmt: skip
    yield Case("a type that is none", mail(Content_Type="spam; eggs; ==="), NEW, "new")
    yield Case("line ends of old Macs", mail().replace(b"\r\n", b"\n"), NEW, "new")
    yield Case("an mbox line first", b"From r1@lanting.example Mon Oct 12\n" + mail(), NEW, "new")
    yield Case("calendar", mail(body="BEGIN:VCALENDAR\nEND:VCALENDAR",
               Content_Type="text/calendar; method=REQUEST"), NEW, "new")  # fmt: skip
    yield Case("encrypted", multipart("encrypted", part("Version: 1", "application/pgp-encrypted"),
               part("-----BEGIN PGP", "application/octet-stream")), NEW, "new")  # fmt: skip
    yield Case("signed", multipart("signed", part("signed words"),
               part("x", "application/pkcs7-signature", "", 'attachment; filename="smime.p7s"')),
               NEW, "new", text="signed words")  # fmt: skip
    yield Case(
        "200,000 quoted lines", mail(body="new\n" + "> old\n" * 200_000), NEW, "new", text="new"
    )
    yield Case("one line of 500,000", mail(body="x" * 500_000), NEW, "new")
    yield Case("Apple: words around a picture", multipart("mixed", part("above"),
               part("x", "image/png", "", "inline"), part("below")), NEW, "new", text="below")  # fmt: skip


# --- senders (EM03) -----------------------------------------------------------------------------
def senders(place):
    for name, value in {
        "no From": None, "empty From": "", "two addresses": "r1@lanting.example, a1@lanting.example",
        "two From fields": ["r1@lanting.example", "a1@lanting.example"], "a group": "undisclosed:;",
        "a name only": "Zhang San", "an address that is none": "<@@>",
        "address in the name": "a1@lanting.example <r1@lanting.example> <x@y.example>",
        "a NUL": "r1\x00@lanting.example",
    }.items():  # fmt: skip
        yield Case(f"From: {name}", mail(From=value), HELD)
    for name, value in {
        "capitals": "R1@LANTING.EXAMPLE", "a comment": "r1@lanting.example (Zhang San)",
        "a quoted comma": '"San, Zhang" <r1@lanting.example>',
        "GBK in the name": word("张三", "gbk", "B", "gb2312") + b" <r1@lanting.example>",
        "raw GBK in the name": "张三".encode("gbk") + b" <r1@lanting.example>",
        "another's address as name": '"a1@lanting.example" <r1@lanting.example>',
        "a comma inside a word": b"=?utf-8?Q?San=2C_Zhang?= <r1@lanting.example>",
        "an address inside a word": b"=?utf-8?Q?=3Ca1=40lanting=2Eexample=3E?= <r1@lanting.example>",
        "folded": "Zhang San\r\n <r1@lanting.example>",
    }.items():  # fmt: skip
        yield Case(f"From: {name}", mail(From=value), NEW, "new")
    yield Case("Sender is another", mail(Sender="a1@lanting.example"), NEW, "new")
    yield Case("Reply-To is another", mail(Reply_To="evil@outside.example"), NEW, "new")
    for number in range(6):
        yield Case(f"unknown sender {number}", mail(From=f"Guest {number} <guest{number}@out.example>"),
                   NEW, "new")  # fmt: skip
    yield Case("unknown sender in Chinese", mail(From=word("李四", "gbk", "B", "gb2312")
               + b" <lisi@out.example>", body=CHINESE), NEW, "new", text=CHINESE)  # fmt: skip


# --- threads (CN-01, CN-05) ---------------------------------------------------------------------
def threads(place):
    number = place.open.number
    mine, token = place.mail_to_requester, addresses.make(place.open, place.world.requester)
    yield Case("In-Reply-To", mail(In_Reply_To=mine), REPLY, "open")
    yield Case("References", mail(References=f"<other@x> {mine}"), REPLY, "open")
    yield Case("References folded", mail(References=f"<other@x>\r\n\t{mine}"), REPLY, "open")
    yield Case("token in To", mail(To=token), REPLY, "open")
    yield Case("token in Cc", mail(Cc=f"Desk <{token}>"), REPLY, "open")
    yield Case("token in Delivered-To", mail(Delivered_To=token), REPLY, "open")
    yield Case("token in capitals", mail(To=token.upper()), REPLY, "open")
    short = token.partition("+")[2].partition("@")[0]
    yield Case("token in the subject", mail(Subject=f"Re: [{short}] x"), REPLY, "open")
    for subject in (
        f"Re: [{number}] VPN",
        f"{number}",
        f"AW: VPN {number.lower()}",
        f"回复：【{number}】",
    ):
        yield Case(f"bare number of one's own: {subject}", mail(Subject=subject), REPLY, "open")
    root = addresses.thread_root(place.open)
    yield Case(
        "our thread and number", mail(References=root, Subject=f"Re: [{number}]"), REPLY, "open"
    )
    yield Case("a token that was changed", mail(To=token.replace(short[-4:], "aaaa")), NEW, "new")
    yield Case("a number that is none", mail(Subject="INC-999999999"), NEW, "new")
    yield Case("an id that is none", mail(In_Reply_To="<never@there>"), NEW, "new")
    yield Case("the agent, by the agent's own mail",
               mail(From="a1@lanting.example", In_Reply_To=place.mail_to_agent), REPLY, "open")  # fmt: skip
    agent_token = addresses.make(place.open, place.world.agent)
    yield Case("the agent, by the agent's own token",
               mail(From="Jonas <a1@lanting.example>", To=agent_token), REPLY, "open")  # fmt: skip
    yield Case("the agent, an internal note",
               mail(From="a1@lanting.example", To=agent_token, body="[internal] do not tell"), REPLY,
               "open")  # fmt: skip
    yield Case("closed", mail(In_Reply_To=place.mail_of_closed), FOLLOW, "new")
    yield Case("closed, by its number", mail(Subject=f"Re: {place.closed.number}"), FOLLOW, "new")
    yield Case("merged", mail(Subject=f"Re: {place.merged.number}"), REPLY, "open")
    for who in ("r2@lanting.example", "friend@out.example"):
        yield Case(f"copied before any answer: {who}",
                   mail(From=who, In_Reply_To="<first@client.example>"), COPY, "mailed")  # fmt: skip
        yield Case(f"copied, a second time: {who}",
                   mail(From=who, In_Reply_To="<first@client.example>"), REPLY, "mailed")  # fmt: skip
    yield Case("the first sender again", mail(References="<first@client.example>"), REPLY, "mailed")
    yield Case("two tickets named: one's own is taken",
               mail(Subject=f"Re: {place.foreign.number} {number}"), REPLY, "open")  # fmt: skip


def strangers(place):
    number, token = place.open.number, addresses.make(place.open, place.world.requester)
    for who, name in (("r3@lanting.example", "known"), ("nobody@out.example", "unknown")):
        yield Case(f"{name}, bare number", mail(From=who, Subject=f"Re: [{number}]"), NEW, "new")
        yield Case(f"{name}, id of our mail", mail(From=who, In_Reply_To=place.mail_to_requester), NEW,
                   "new")  # fmt: skip
        yield Case(f"{name}, another's token", mail(From=who, To=token), NEW, "new")
        yield Case(f"{name}, our thread",
                   mail(From=who, References=addresses.thread_root(place.open), Subject=number), NEW,
                   "new")  # fmt: skip
        yield Case(f"{name}, id of another's mail", mail(From=who, In_Reply_To="<first@client.example>"),
                   NEW, "new")  # fmt: skip
        yield Case(f"{name} puts oneself in copy",
                   mail(From=who, Cc=who, Subject=f"Re: [{number}]"), NEW, "new")  # fmt: skip
        yield Case(f"{name}, closed", mail(From=who, Subject=place.closed.number), NEW, "new")
        yield Case(f"{name}, merged", mail(From=who, Subject=place.merged.number), NEW, "new")
    yield Case("copied elsewhere, bare number here",
               mail(From="friend@out.example", Subject=f"Re: {number}"), NEW, "new")  # fmt: skip
    yield Case(
        "a colleague who only sees it", mail(From="r2@lanting.example", Subject=number), NEW, "new"
    )
    for how, more in {
        "bare number": {"Subject": f"[{number}] close"}, "the requester's token": {"To": token},
        "the requester's mail": {"In_Reply_To": place.mail_to_requester},
    }.items():  # fmt: skip
        raw = mail(From="Jonas Weber <a1@lanting.example>", **more)
        yield Case(f"an agent's address without proof, {how}", raw, NEW, "new")


# --- machines (CN-02, EM04) ---------------------------------------------------------------------
def automatic(place):
    signs = {
        "Auto-Submitted: auto-replied": {"Auto_Submitted": "auto-replied"},
        "Auto-Submitted: auto-generated": {"Auto_Submitted": "Auto-Generated; x=y"},
        "Precedence: bulk": {"Precedence": "bulk"}, "Precedence: junk": {"Precedence": "Junk"},
        "Precedence: auto_reply": {"Precedence": "auto_reply"},
        "Precedence: list": {"Precedence": "list"}, "List-Id": {"List_Id": "<a.b.c>"},
        "List-Unsubscribe": {"List_Unsubscribe": "<mailto:x@y>"},
        "X-Auto-Response-Suppress": {"X_Auto_Response_Suppress": "OOF, AutoReply"},
        "an empty Return-Path": {"Return_Path": "<>"}, "X-Autoreply": {"X_Autoreply": "yes"},
        "自动回复": {"Subject": "自动回复: 您好"}, "Out of Office": {"Subject": "Out of Office: VPN"},
        "Automatic reply": {"Subject": "Automatic reply: VPN"},
        "自動回覆": {"Subject": word("自動回覆：休假", "big5")},
        "a read receipt": {
            "Content_Type": 'multipart/report; report-type=disposition-notification; boundary="x"',
            "body": "--x\n\nread\n--x\nContent-Type: message/disposition-notification\n\nA: b\n--x--\n",
        },
    }  # fmt: skip
    for name, more in signs.items():
        yield Case(name, mail(**more), AUTO)
        if "body" not in more and "Subject" not in more:
            yield Case(
                f"{name}, to a ticket", mail(In_Reply_To=place.mail_to_requester, **more), AUTO
            )
    yield Case("Auto-Submitted: no", mail(Auto_Submitted="no"), NEW, "new")


def report(place, *, status="5.1.1", action="failed", original=None, to="r1@lanting.example",
           inside="text/rfc822-headers"):  # fmt: skip
    original = place.mail_to_requester if original is None else original
    inner = f"Message-ID: {original}\nSubject: x\nX-Loop: {DESK}\n"
    return multipart(
        "report",
        part("Your mail could not be delivered."),
        part(f"Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; {to}\nAction: {action}\n"
             f"Status: {status}\nDiagnostic-Code: smtp; 550 {status} no such user\n",
             "message/delivery-status"),
        part(inner, inside),
        From="MAILER-DAEMON@mx.example", Return_Path="<>", Subject="Undelivered Mail",
        Content_Type='multipart/report; report-type=delivery-status; boundary="cut"',
    )  # fmt: skip


def bounces(place):
    yield Case("a report of a lasting failure", report(place), BOUNCE, "open")
    yield Case(
        "the same with the whole mail", report(place, inside="message/rfc822"), BOUNCE, "open"
    )
    yield Case("a passing failure", report(place, status="4.2.2", action="delayed"), BOUNCE, "open")
    yield Case("of a mail that is not ours", report(place, original="<not@ours>"), BOUNCE)
    yield Case("of another recipient", report(place, to="else@where.example"), BOUNCE)
    yield Case("from Exchange", report(place, status="5.7.1"), BOUNCE, "open")
    yield Case("without a status part",
               mail(From="postmaster@mx.example", Return_Path="<>", Subject="Undeliverable: VPN",
                    body=f"550 5.1.1 r1@lanting.example\n\nMessage-ID: {place.mail_to_requester}"),
               BOUNCE, "open")  # fmt: skip
    yield Case("系统退信", mail(From="postmaster@qq.example", Subject="系统退信/Systems bounce",
               body="您的邮件被退回 550"), BOUNCE)  # fmt: skip
    yield Case("qmail", mail(From="MAILER-DAEMON@mx.example", Subject="failure notice",
               body="Hi. This is the qmail-send program.\n<r1@lanting.example>:\n550 no"), BOUNCE)  # fmt: skip
    yield Case("a broken report",
               mail(From="MAILER-DAEMON@mx.example", Subject="x", Content_Type="multipart/report;"
                    " report-type=delivery-status", body="nothing"), BOUNCE)  # fmt: skip
    yield Case("a report as a forward by a person",
               multipart("mixed", part("What is this?"), part(report(place).decode(), "message/rfc822"),
                         Subject="FW: Undelivered"), NEW, "new")  # fmt: skip


def loops(place):
    yield Case("our own mail came back", mail(Message_ID=place.mail_to_requester), OWN)
    yield Case("from the desk's address", mail(From=f"Desk <{DESK}>"), OWN)
    yield Case("from a reply address of the desk",
               mail(From=addresses.make(place.open, place.world.requester)), OWN)  # fmt: skip
    yield Case("our loop mark", mail(X_Loop=DESK), LOOP)
    yield Case("somebody else's loop mark", mail(X_Loop="other@place.example"), NEW, "new")
    yield Case("sixty hops", mail(Received=["from a by b"] * 60), LOOP)
    yield Case("twenty hops", mail(Received=["from a by b"] * 20), NEW, "new")
    for number in range(1, 6):
        raw = mail(
            From="robot@out.example", Subject="ticket received", body="Thank you for your mail."
        )
        yield Case(
            f"a robot without marks, round {number}",
            raw,
            *((NEW, "new") if number < 4 else (LOOP,)),
        )


def doubles(place):
    raw = mail(Subject="Twice", Message_ID="<twice@client.example>")
    yield Case("the first time", raw, NEW, "new")
    yield Case("again by another way", b"Received: from x by y\r\n" + raw, DOUBLE)
    other = mail(Subject="Another", Message_ID="<twice@client.example>")
    yield Case("another mail with this id", other, NEW, "new")
    same = {"Subject": "Equal", "body": "Equal words", "Message_ID": None}
    yield Case("equal subjects, no ids: one", mail(**same), NEW, "new")
    yield Case("equal subjects, no ids: two", mail(**same, Date="Mon, 12 Oct 2026 11:00:00 +0800"), NEW,
               "new")  # fmt: skip


# --- quotes and signatures (CN-07) --------------------------------------------------------------
QUOTES = {
    "Outlook": "New.\n\nFrom: Desk <d@x>\nSent: Monday, 1 June\nTo: Zhang\nSubject: VPN\n\nold words",
    "Outlook, rule": "New.\n\n________________________________\nFrom: D\nDate: x\nTo: y\n\nold words",
    "Outlook, old": "New.\n\n-----Original Message-----\nFrom: D\n\nold words",
    "Outlook, Chinese": "New.\n\n发件人: 服务台\n发送时间: 2026年6月1日\n收件人: 张三\n主题: VPN\n\nold words",
    "Foxmail": "New.\n\n\n\n张三\n\n发件人： 服务台\n发送时间： 2026-06-01 10:00\n收件人： 张三\n\nold words",
    "QQ": "New.\n\n------------------ 原始邮件 ------------------\n发件人: x\n\nold words",
    "163": "New.\n\n在 2026-06-01 10:00:00，“服务台” <d@x> 写道：\n\nold words",
    "Gmail": "New.\n\nOn Mon, Jun 1, 2026 at 10:00 AM Desk <d@x> wrote:\n\n> old words\n> more",
    "Gmail, folded": "New.\n\nOn Mon, Jun 1, 2026 at 10:00 AM Service Desk of the Company\n"
    "<desk@lanting.example> wrote:\n\n> old words",
    "Gmail, Chinese": "New.\n\nDesk <d@x> 于2026年6月1日周一 10:00写道：\n\n> old words",
    "Apple Mail": "New.\n\n> On 1. Jun 2026, at 10:00, Desk <d@x> wrote:\n> \n> old words",
    "German": "New.\n\nAm 01.06.2026 um 10:00 schrieb Desk <d@x>:\n> old words",
    "our marker": "New.\n\n##- Please write your answer above this line -##\n\nold words",
    "our marker, quoted": "New.\n\nOn Mon, Desk <d@x> wrote:\n> ##- 请在此行上方书写您的答复 -##\n> old words",
    "signature": "New.\n\n-- \nZhang San\nold words", "iPhone": "New.\n\n发自我的iPhone",
    "only quotes at the end": "New.\n\n> old words\n> more",
}  # fmt: skip


def quotes(place):
    for name, body in QUOTES.items():
        raw = mail(body=f"{name}: " + body, In_Reply_To=place.mail_to_requester)
        yield Case(f"quote {name}", raw, REPLY, "open", text="New.")


def security(place):
    for name, body in {
        "script": "<script>alert(1)</script><p>words</p>",
        "svg": "<svg onload=alert(1)></svg><p>words</p>",
        "style": "<style>p{background:url(http://t)}</style><p>words</p>",
        "form": '<form action="http://t"><input name=p></form><p>words</p>',
        "pixel": '<img src="http://t/pixel.gif"><p>words</p>',
        "javascript link": '<a href="javascript:alert(1)">x</a><p>words</p>',
        "base and meta": '<base href="//t"><meta http-equiv=refresh content="0;http://t"><p>words</p>',
        "mxss": '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1'
        ' onerror=alert(1)&gt;"><p>words</p>',
        "template": "<p>words {{ settings.SECRET_KEY }} {% debug %}</p>",
    }.items():  # fmt: skip
        yield Case(f"HTML {name}", mail(body=body, Content_Type="text/html"), NEW, "new")
    for name in ("X-ITSM-Action", "X-RT-Command", "X-OTRS-State"):
        yield Case(name, mail(**{name.replace("-", "_"): "close"}), NEW, "new")
    for body in ("#close", "@assign admin", "status: closed"):
        raw = mail(In_Reply_To=place.mail_to_requester, body=body)
        yield Case(f"a command from outside: {body}", raw, REPLY, "open", text=body)
    yield Case("CRLF in the subject", mail(Subject=b"=?utf-8?Q?a=0D=0ABcc:_x=40y?="), NEW, "new")
    yield Case("an inner header as subject", mail(Subject="x\r\n y: z"), NEW, "new")


def plain(subject, body, **more):
    """An ordinary mail as a mail program writes it."""
    message = EmailMessage()
    message["From"], message["To"] = more.pop("sender", "r1@lanting.example"), DESK
    message["Subject"], message["Message-ID"] = subject, f"<plain{next(_serial)}@client.example>"
    for name, value in more.items():
        message[name.replace("_", "-")] = value
    message.set_content(body)
    return message.as_bytes()
