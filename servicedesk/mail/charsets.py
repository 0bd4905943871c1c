"""Bytes to text, whatever the label says. Pure; never raises.

Mails from China often say gb2312 and use more than it has, or say iso-8859-1 and mean GBK: the
label is believed only where the bytes agree with it.
"""

import codecs
import re
import unicodedata

# What a label means here. GB18030 holds all that its elders have.
ALIASES = {
    "gb2312": "gb18030", "gbk": "gb18030", "cp936": "gb18030", "x-gbk": "gb18030",
    "gb_2312-80": "gb18030", "gb2312_charset": "gb18030", "hz": "hz", "hz-gb-2312": "hz",
    "chinese": "gb18030", "euc-cn": "gb18030", "gb18030-2000": "gb18030",
    "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "shift_jis": "cp932", "shift-jis": "cp932",
    "x-sjis": "cp932", "big5": "big5hkscs", "utf8": "utf-8", "unicode-1-1-utf-8": "utf-8",
    "x-unknown": "", "unknown": "", "unknown-8bit": "", "default": "", "x-user-defined": "",
    "iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "iso8859-1": "cp1252",
    "us-ascii": "ascii", "ascii": "ascii", "ansi_x3.4-1968": "ascii",
}  # fmt: skip
# Text codecs that a mail may name; others (zlib, rot13, idna, punycode …) are no charsets.
ALLOWED = re.compile(
    r"^(utf[-_]?(8(-sig|_sig)?|7|16|16[-_]?[lb]e|32|32[-_]?[lb]e)|ascii|cp\d+|gb18030|hz|big5(hkscs)?"
    r"|iso[-_]?8859[-_]\d+|iso[-_]?2022[-_][a-z0-9_-]+|koi8[-_][rut]|mac[-_][a-z0-9]+|euc[-_]j\w+"
    r"|windows[-_]?\d+|johab|tis[-_]?620|kz1048|ptcp154)$"
)
# Labels that say little: bytes beyond ASCII under them are looked at, not believed.
WEAK = {"", "ascii", "cp1252"}
LONGEST_LOOK = 20_000


def decode(data, declared=""):
    """(text, notes): notes are [code, {values}] where the label did not hold."""
    name = (declared or "").strip().strip("\"'").casefold()
    codec = _codec(name)
    notes = []
    if name and codec == "" and name not in ALIASES:
        notes.append(["charset_unknown", {"charset": name[:60]}])
    if codec not in WEAK:
        text = _try(data, codec)
        better = _try(data, "utf-8") if codec == "gb18030" else None
        if better is not None and any(ord(char) > 0x7FF for char in better):
            return better, _noted(notes, name, "utf-8", codec)
        if text is not None:
            return text, notes
    return _guess(data, codec, name, notes)


def _codec(name):
    name = ALIASES.get(name, name)
    if not name or not ALLOWED.match(name):
        return ""
    try:
        return codecs.lookup(name).name if name != "cp1252" else "cp1252"
    except (LookupError, ValueError):
        return ""


def _try(data, codec):
    try:
        return data.decode(codec)
    except (UnicodeError, ValueError, LookupError):
        return None


def _guess(data, codec, name, notes):
    """The label is weak or wrong: pure ASCII, then UTF-8, then Chinese where it reads as such."""
    text = _try(data, "ascii")
    if text is not None and not _is_escaped(data):
        return text, notes
    for candidate in (*_escaped(data), "utf-8"):
        text = _try(data, candidate)
        if text is not None:
            return text, _noted(notes, name, candidate, codec)
    return _eight_bit(data, codec, name, notes)


def _eight_bit(data, codec, name, notes):
    chinese = _try(data, "gb18030")
    if chinese is None and codec in WEAK:
        # one broken character at a cut must not cost the whole text
        chinese = _nearly(data)
    if chinese is not None and (codec != "cp1252" or _reads_chinese(chinese)):
        return chinese, _noted(notes, name, "gb18030", codec)
    if codec in {"cp1252", ""}:
        text = data.decode("cp1252", "replace")
        return text, notes if codec == "cp1252" else _noted(notes, name, "cp1252", codec)
    text = data.decode(codec, "replace")
    notes.append(["charset_broken", {"charset": name[:60]}])
    return text, notes


def _nearly(data):
    text = data.decode("gb18030", "replace")
    broken = text.count("�")
    return text if broken and broken * 50 <= len(text) and _reads_chinese(text) else None


def _reads_chinese(text):
    """Whether most of what is beyond ASCII are common Chinese characters and marks: a Western text
    that is read as Chinese gives rare characters between Latin letters."""
    seen = [char for char in text[:LONGEST_LOOK] if ord(char) > 127]
    if not seen:
        return False
    usual = sum(1 for char in seen if _is_common(char))
    if usual < 0.85 * len(seen):
        return False
    # «Gr黡e»: single ideographs that touch Latin letters on both sides
    stuck = len(re.findall(r"[A-Za-z][^\x00-\x7f][A-Za-z]", text[:LONGEST_LOOK]))
    return stuck * 3 < len(seen)


def _is_common(char):
    """In the first level of GB2312, or a mark: rows 16 to 55 are the 3755 usual characters."""
    try:
        pair = char.encode("gb2312")
    except UnicodeError:
        return unicodedata.category(char)[0] in "PSZ" and char != "�"
    return len(pair) == 2 and (0xA1 <= pair[0] <= 0xA9 or 0xB0 <= pair[0] <= 0xD7)


def _is_escaped(data):
    return b"\x1b" in data


def _escaped(data):
    """Seven-bit encodings show by their escapes."""
    if not _is_escaped(data):
        return ()
    return ("iso2022_jp_2", "iso2022_kr", "iso2022_jp_ext")


def _noted(notes, name, used, codec):
    if codec != used and not (name in {"", "utf-8"} and used == "utf-8"):
        notes.append(["charset_guessed", {"charset": name[:60] or "-", "used": used}])
    return notes


def clean(text):
    """Text as a page and the database can keep it: one kind of line end, no NUL, no lone
    surrogates, no other control characters but the tabulator."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return "".join(char for char in text if char in "\n\t" or unicodedata.category(char) != "Cc")
