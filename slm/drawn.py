"""The next clock of a list's row, drawn from the cache on the record: no query a row.

The time that a running clock has counted since the cache was written is asked of its timetable,
which this process keeps compiled; the text is business time, the tape is time on the wall.
"""

from datetime import UTC, datetime

from django.utils.translation import gettext as _

from calendars.timetables import timetable
from core import formats
from slm.terms import Metric

MOST_STRETCHES = 6  # of open hours drawn apart; beyond that a bar is drawn whole
SOON_SECONDS = 3600


def drawn(cache, now, zone, lang):
    """The mapping that {% sla %} takes, or None where nothing is promised.

    In: `Record.sla`; now, aware; the reader's zone; "en" or "zh".
    """
    if not cache:
        return None
    state = cache.get("state")
    if state in {"met", "missed"}:
        return _stopped(cache, state, lang)
    elapsed = elapsed_seconds(cache, now)
    left = cache["target"] - elapsed
    look = {"metric": metric_word(cache["metric"])}
    if state == "paused":
        look |= {"state": "pause", "text": _("Paused"), "moment": _left(left, lang)}
        return look | _tape(cache, now, None, left)
    due = datetime.fromtimestamp(cache["due"], UTC) if cache.get("due") else None
    look |= {
        "state": _look_of(cache, elapsed, left, due, now),
        "text": _left(left, lang),
        "moment": formats.moment_text(due.astimezone(zone), now.astimezone(zone), lang)
        if due
        else "",
        "due": due.astimezone(zone) if due else None,
        "ticks": due is not None and abs((due - now).total_seconds() - left) < 2,
    }
    return look | _tape(cache, now, due, left)


def metric_word(code):
    """What is promised, in a word; an unknown promise is simply due."""
    return str(Metric(code).label) if code in Metric.values else _("Due")


def elapsed_seconds(cache, now):
    """Business seconds that count by now: what was stored, and what has run since."""
    elapsed = cache["elapsed"]
    if cache["state"] == "running":
        since = datetime.fromtimestamp(cache["at"], UTC)
        elapsed += _timetable(cache).between(since, now)
    return elapsed


def _timetable(cache):
    version, kind, zone = cache["key"]
    return timetable(version, kind, zone or None)


def _look_of(cache, elapsed, left, due, now):
    if left < 0 or (due is not None and due <= now):
        return "breached"
    soon = due is not None and (due - now).total_seconds() <= SOON_SECONDS
    if soon or elapsed * 100 >= cache["target"] * cache.get("warn", 75):
        return "risk"
    return "ok"


def _left(seconds, lang):
    text = formats.duration_text(seconds, lang)
    if seconds < 0:
        return _("%(time)s over") % {"time": text}
    return _("%(time)s left") % {"time": text}


def _stopped(cache, state, lang):
    took = formats.duration_text(cache["elapsed"], lang)
    text = _("Met in %(time)s") if state == "met" else _("Missed, %(time)s")
    over = cache["elapsed"] > cache["target"]
    notch = 100 * cache["target"] / cache["elapsed"] if over else 100
    share = 100 if over else 100 * cache["elapsed"] / max(cache["target"], 1)
    parts = [(0, min(share, notch), "met" if state == "met" else "run")]
    if over:
        parts.append((notch, 100, "over"))
    return {
        "state": "met" if state == "met" else "breached", "text": text % {"time": took},
        "metric": metric_word(cache["metric"]), "moment": "", "tape": parts, "notch": notch,
    }  # fmt: skip


def _tape(cache, now, due, left):
    """Stretches of running and pausing on the wall, from the start to the due or to now."""
    pieces = cache.get("tape") or []
    if not pieces:
        return {"tape": (), "notch": 100}
    at, start = now.timestamp(), pieces[0][0]
    # while it pauses no due is known: as if it went on now, around the clock
    end = max(due.timestamp() if due else at + max(left, 0), start)
    scale = 100 / max(max(end, at) - start, 1)
    parts = []
    for begun, ended, kind in pieces:
        until = at if ended is None else ended
        stretches = _open_parts(cache, begun, until) if kind == "run" else ((begun, until),)
        for low, high in stretches:
            if kind == "run" and due and low < end < high:
                _add(parts, (low - start) * scale, (end - start) * scale, "run")
                _add(parts, (end - start) * scale, (high - start) * scale, "over")
            else:
                look = "over" if kind == "run" and due and low >= end else kind
                _add(parts, (low - start) * scale, (high - start) * scale, look)
    return {"tape": parts, "notch": min((end - start) * scale, 100) if due else 100}


def _add(parts, x0, x1, look):
    """What touches and looks alike is one bar."""
    if parts and parts[-1][2] == look and x0 - parts[-1][1] < 0.5:
        parts[-1] = (parts[-1][0], max(x1, parts[-1][1]), look)
    elif x1 > x0:
        parts.append((x0, x1, look))


def _open_parts(cache, begun, ended):
    table = _timetable(cache)
    if table.is_24x7:
        return ((begun, ended),)
    found = table.stretches(datetime.fromtimestamp(begun, UTC), datetime.fromtimestamp(ended, UTC))
    if not 0 < len(found) <= MOST_STRETCHES:
        return ((begun, ended),)
    return [(low.timestamp(), high.timestamp()) for low, high in found]
