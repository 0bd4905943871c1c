"""Text as search sees it: one width, one case, one script; names by sound too."""

import re
import unicodedata
from functools import lru_cache

from opencc import OpenCC
from pypinyin import Style, lazy_pinyin

HAN = re.compile(r"[㐀-䶿一-鿿豈-﫿]")


@lru_cache(maxsize=1)
def _to_simplified():
    return OpenCC("t2s")


def fold(text):
    """NFKC, lower case, traditional to simplified, single spaces, no control characters."""
    text = unicodedata.normalize("NFKC", text or "").casefold()
    if HAN.search(text):
        text = _to_simplified().convert(text)
    text = "".join(" " if unicodedata.category(char)[0] == "C" else char for char in text)
    return " ".join(text.split())


def sounds(name):
    """How a name may be typed without Chinese input: "zhangsan zhang san zs" for 张三."""
    if not HAN.search(name or ""):
        return ""
    syllables = [part for part in lazy_pinyin(name, style=Style.NORMAL) if part.strip()]
    initials = "".join(part[0] for part in syllables)
    return fold(f"{''.join(syllables)} {' '.join(syllables)} {initials}")


def without_nul(text):
    """PostgreSQL stores no NUL; a pasted one is dropped rather than refused."""
    return text.replace("\x00", "") if text else text
