"""How durations, instants, sizes and counts are written, in both languages.

Pure functions: the caller gives the language ("en" or "zh") and instants in the reader's zone.
"""

from datetime import datetime, timedelta

DAYS = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
UNITS = {"en": ("d", "h", "m", "s"), "zh": ("天", "小时", "分", "秒")}
SIZES = ("B", "KB", "MB", "GB", "TB")


def duration_text(seconds: float | timedelta, lang: str = "en") -> str:
    """A length of time in at most two units: "1 h 25 m", "2 d 3 h", "45 s"; "1 小时 25 分".

    Takes seconds or a timedelta; the sign is left to the sentence around it ("… over"). Minutes
    are cut, not rounded, so that "0 m left" is never shown as "1 m left".
    """
    if isinstance(seconds, timedelta):
        seconds = seconds.total_seconds()
    total = int(abs(seconds))
    days, rest = divmod(total, 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes, secs = divmod(rest, 60)
    day, hour, minute, second = UNITS[lang]
    if days:
        return f"{days} {day} {hours} {hour}" if hours else f"{days} {day}"
    if hours:
        return f"{hours} {hour} {minutes:02d} {minute}" if minutes else f"{hours} {hour}"
    if minutes:
        return f"{minutes} {minute}"
    return f"{secs} {second}"


def moment_text(at: datetime, now: datetime, lang: str = "en") -> str:
    """An instant as short as it can be: today "13:42"; this week "Tue 13:42"; else "18 Nov".

    Both are aware and already in the reader's zone. The year is added when it is another one.
    """
    clock = f"{at.hour:02d}:{at.minute:02d}"
    if at.date() == now.date():
        return clock
    if at.isocalendar()[:2] == now.isocalendar()[:2]:
        return f"{DAYS[lang][at.weekday()]} {clock}"
    return date_text(at, lang, with_year=at.year != now.year)


def date_text(at, lang: str = "en", with_year: bool = True) -> str:
    """A date or the date of an instant: "18 Nov 2025"; "2025年11月18日"."""
    if lang == "zh":
        return f"{at.year}年{at.month}月{at.day}日" if with_year else f"{at.month}月{at.day}日"
    short = f"{at.day} {MONTHS[at.month - 1]}"
    return f"{short} {at.year}" if with_year else short


def moment_full(at: datetime, lang: str = "en") -> str:
    """An instant with day, year, time and zone, for a title or where the exact time matters."""
    day, clock = DAYS[lang][at.weekday()], f"{at.hour:02d}:{at.minute:02d}"
    zone, offset = getattr(at.tzinfo, "key", ""), offset_text(at)
    if lang == "zh":
        place = f"{zone}（{offset}）" if zone and zone != "UTC" else offset
        return f"{date_text(at, lang)} {day} {clock}，{place}"
    place = f"{zone} ({offset})" if zone and zone != "UTC" else offset
    return f"{day} {date_text(at, lang)} {clock}, {place}"


def offset_text(at: datetime) -> str:
    """The distance from UTC: "UTC", "UTC+08:00", "UTC−03:30"."""
    minutes = int(at.utcoffset().total_seconds() // 60) if at.utcoffset() is not None else 0
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours:02d}:{rest:02d}"


def size_text(size: int) -> str:
    """A file's size: "214 KB", "1.2 MB". 1 KB is 1,024 bytes; the units read alike in Chinese."""
    amount = float(size)
    for unit in SIZES:
        if amount < 1024 or unit == SIZES[-1]:
            break
        amount /= 1024
    digits = 1 if unit not in ("B", "KB") and amount < 10 else 0
    return f"{amount:.{digits}f} {unit}"


def count_text(count: int, cap: int = 1000) -> str:
    """A count of rows, capped where counting on would cost: "38", "1,000+"."""
    return f"{cap:,}+" if count > cap else f"{count:,}"


def initials(name: str) -> str:
    """What stands in an avatar: two Latin initials, or the last Han character of the name."""
    words = [word for word in name.split() if word[:1].isascii() and word[:1].isalpha()]
    if words:
        first, last = words[0][0], words[-1][0] if len(words) > 1 else words[0][1:2]
        return (first + last).upper()
    letters = [char for char in name if char.isalnum()]
    if not letters:
        return "?"
    return letters[-1] if "\u2e80" <= letters[-1] <= "\ufaff" else letters[0].upper()
