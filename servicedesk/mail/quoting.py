"""What somebody wrote now, apart from what their mail program put below it. Pure; never raises.

Folds replies of Outlook, Gmail, Apple Mail, Foxmail, QQ and 163 in English and Chinese, and
signatures. Answers between the quoted lines, and forwards, are left whole.
"""

import re

# The line that our own mails begin with (templates/mail/message.txt), quoted or not.
MARKER = re.compile(r"^[\s>|]*#{2}- .{2,120} -#{2}\s*$")
FORWARD = re.compile(r"^\s*(fwd?|wg|tr|转发|轉寄|转寄)\s*[:：]", re.IGNORECASE)
DASHED = re.compile(
    r"^[\s>]*[-_=]{2,}\s*(original message|reply message|原始邮件|原邮件|原始郵件|回复的原邮件"
    r"|ursprüngliche nachricht|message d'origine)\s*[-_=]{2,}\s*$",
    re.IGNORECASE,
)
WROTE = re.compile(
    r"^[\s>]*(on\s.{5,300}\swrote|am\s.{5,300}\sschrieb.{0,120}|le\s.{5,300}\sa écrit"
    r"|在\s?.{5,300}写道|.{0,200}\d{4}.{0,200}(写道|寫道|wrote)|.{2,200}(写道|寫道))\s?[:：]\s*$",
    re.IGNORECASE,
)
# Only such a line may go on in the next ones.
BEGINS = re.compile(r"^[\s>]*(on|am|le|在)\s", re.IGNORECASE)
FROM = re.compile(r"^[\s>*]*(from|发件人|寄件者|von|de)\s*[*]?\s*[:：]", re.IGNORECASE)
SENT = re.compile(r"^[\s>*]*(sent|date|发送时间|发件日期|日期|时间|寄件日期|gesendet|envoyé)\s*[*]?\s*[:：]",
                  re.IGNORECASE)  # fmt: skip
TO = re.compile(r"^[\s>*]*(to|subject|收件人|收件者|主题|主旨|an|betreff|à|objet)\s*[*]?\s*[:：]",
                re.IGNORECASE)  # fmt: skip
QUOTE = re.compile(r"^\s?[>|]")
SIGNATURE = re.compile(
    r"^(-- ?|—|sent from my .{2,60}|sent from .{2,30} for (ios|android|windows)|get outlook for .{2,40}"
    r"|发自我的.{1,40}|从我的.{1,40}发送|获取 ?outlook.{0,40}|来自我的.{1,40})$",
    re.IGNORECASE,
)
LONGEST_SIGNATURE = 15


def split(text, subject=""):
    """(what is new, what is folded away, [rules that cut])."""
    lines = text.split("\n")
    if FORWARD.match(subject):
        return text.strip(), "", []
    end, rule = _cut(lines)
    rules = [rule] if rule else []
    shown = _without_attribution(lines[:end]) if rule == "marker" else lines[:end]
    signed = _signature(shown)
    if signed is not None and "".join(shown[:signed]).strip():
        shown = shown[:signed]
        rules.append("signature")
    if not "".join(shown).strip():
        return text.strip(), "", []
    folded = "\n".join(lines[len(shown) :]).strip("\n")
    return "\n".join(shown).strip(), folded, rules


def _cut(lines):
    """(first line that is folded, the rule that says so)."""
    for place, line in enumerate(lines):
        if "##-" in line and MARKER.match(line):
            return place, "marker"
    for place, line in enumerate(lines):
        rule = _rule_at(lines, place, line)
        if rule and not _answers_between(lines, place + 1):
            return place, rule
    return _before_quotes(lines)


def _rule_at(lines, place, line):
    if not line.strip() or len(line) > 400:
        return ""
    if DASHED.match(line):
        return "original"
    if FROM.match(line) and _is_block(lines, place):
        return "header"
    for more in (0, 1, 2) if BEGINS.match(line) else (0,):
        joined = " ".join(lines[place : place + more + 1])
        if len(joined) < 500 and _ends_attribution(joined) and WROTE.match(joined):
            return "wrote"
    return ""


def _ends_attribution(line):
    return line.rstrip().endswith((":", "："))


def _is_block(lines, place):
    """“From: … Sent: … To: …” as Outlook and Foxmail write it, with at most empty lines between."""
    near = [line for line in lines[place + 1 : place + 9] if line.strip()][:5]
    return any(SENT.match(line) for line in near) and any(TO.match(line) for line in near)


def _answers_between(lines, place):
    """Whether somebody wrote below and between the quoted lines."""
    was_quote = False
    for line in lines[place:]:
        if QUOTE.match(line):
            was_quote = True
        elif was_quote and line.strip() and not SIGNATURE.match(line.strip()):
            return True
        elif was_quote and SIGNATURE.match(line.strip()):
            return False
    return False


def _before_quotes(lines):
    """The quoted lines at the very end."""
    end = len(lines)
    while end and (not lines[end - 1].strip() or QUOTE.match(lines[end - 1])):
        end -= 1
    return (end, "quotes") if any(QUOTE.match(line) for line in lines[end:]) else (len(lines), "")


def _without_attribution(lines):
    """Above our marker stands who wrote the mail that is quoted."""
    for place in range(max(0, len(lines) - 12), len(lines)):
        line = lines[place]
        if _rule_at(lines, place, line) or (FROM.match(line) and place >= len(lines) - 8):
            return lines[:place]
    return lines


def _signature(lines):
    for place in range(max(0, len(lines) - LONGEST_SIGNATURE), len(lines)):
        if SIGNATURE.match(lines[place].rstrip("\n")) or SIGNATURE.match(lines[place].strip()):
            return place
    return None
