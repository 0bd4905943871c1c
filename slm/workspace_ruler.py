"""The large drawing of one clock and its story in words, worked out so that templates only print."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from core import formats
from slm.engine import explain
from slm.workspace_words import rule_word

RULER_PIXELS = 720  # what a hundred per cent measure on a usual page: labels keep clear by it
MOST_BAR_TEXT = 7
MOST_RIGHT = 101


@dataclass(frozen=True)
class Bar:
    x: float
    width: float
    css: str
    y: float
    height: float
    text: str = ""
    middle: float = 0


@dataclass(frozen=True)
class Label:
    x: float
    anchor: str
    css: str
    text: str
    second: str = ""


@dataclass(frozen=True)
class Drawing:
    """The ruler, ready to print: no arithmetic is left to the template."""

    ticks: list
    bed: tuple
    bars: list
    labels: list
    warnings: list
    due: float | None
    now: float | None
    told: str


def drawing_of(card, reasons):
    zone = timezone.get_current_timezone()
    now = card.now if card.is_live else None
    ruler = explain.ruler(card.segments, card.deadline, now, zone=zone, warnings=card.fired)
    if ruler is None:
        return None
    is_daily = ruler.step >= explain.DAY
    ticks = [
        (mark.x, formats.date_text(mark.at, card.lang, with_year=False) if is_daily
         else f"{mark.at:%H:%M}")
        for mark in ruler.ticks
    ]  # fmt: skip
    return Drawing(
        ticks=ticks,
        bed=(ruler.bed[0], round(ruler.bed[1] - ruler.bed[0], 2)),
        bars=[_bar(card, bar) for bar in ruler.bars],
        labels=_labels(card, ruler, reasons),
        warnings=[mark.x for mark in ruler.warnings],
        due=ruler.due.x if ruler.due else None,
        now=ruler.now.x if ruler.now else None,
        told=" ".join(story_of(card, reasons)),
    )


def _bar(card, bar):
    width = round(max(bar.x1 - bar.x0, 0.3), 2)
    css = "pz" if bar.look == "pause" else bar.look
    text = ""
    if bar.look == "run" and bar.segment.seconds and width > MOST_BAR_TEXT:
        text = card.length(bar.segment.seconds)
    y, height = (28.5, 17) if css == "pz" else (26, 22)
    return Bar(bar.x0, width, css, y, height, text, round(bar.x0 + width / 2, 2))


def _labels(card, ruler, reasons):
    """Words under the drawing, the weighty ones first; what finds no room stands in the text."""
    wanted = []
    if ruler.due:
        words = _("Due %(at)s") % {"at": _on_ruler(card, ruler, ruler.due.at)}
        wanted.append((ruler.due.x, "due-t", words, "", "end"))
    if ruler.now:
        wanted.append((ruler.now.x, "now-t", _("Now"), "", "start"))
    if card.segments:
        first = _on_ruler(card, ruler, card.segments[0].from_at)
        wanted.append((ruler.bed[0], "lab", first, _("started"), "start"))
    for bar in ruler.bars:
        if bar.look == "pause":
            length = _("%(time)s not counted") % {"time": card.length(bar.segment.length_seconds)}
            words = rule_word(bar.segment.rule, reasons)
            wanted.append((bar.x0, "lab", words, length, "start"))
    for mark in ruler.warnings:
        words = _("%(percent)s %% warned") % {"percent": mark.percent}
        wanted.append((mark.x, "lab", words, _on_ruler(card, ruler, mark.at), "start"))
    taken, labels = [], []
    for x, css, text, second, anchor in wanted:
        wide = 100 * max(_pixels(text), _pixels(second)) / RULER_PIXELS
        places = [("start", x), ("end", x - wide)]
        for side, low in places if anchor == "start" else reversed(places):
            if low >= -1 and low + wide <= MOST_RIGHT and _is_free(taken, low, low + wide):
                taken.append((low, low + wide))
                labels.append(Label(x, side, css, text, second))
                break
    return labels


def _on_ruler(card, ruler, at):
    """An instant beside ticks of hours needs no date."""
    if ruler.step >= explain.DAY:
        return card.moment(at)
    return f"{at.astimezone(timezone.get_current_timezone()):%H:%M}"


def _pixels(text):
    return sum(12 if ord(char) > 0x2E80 else 6.3 for char in text) + 6


def _is_free(taken, low, high):
    return all(high <= begun or low >= ended for begun, ended in taken)


def story_of(card, reasons):
    """The same story in sentences: what the drawing tells those who do not see it."""
    shown, sentences = card.shown, []
    for part in card.segments:
        if part.kind is explain.SegmentKind.OFF_HOURS or part.from_at == part.to_at:
            continue
        words = {
            "from": card.moment(part.from_at), "to": card.moment(part.to_at),
            "time": card.length(part.length_seconds), "why": rule_word(part.rule, reasons),
        }  # fmt: skip
        if part.kind is explain.SegmentKind.RUNNING:
            words["time"] = card.length(part.seconds)
            sentences.append(_("Ran %(time)s from %(from)s to %(to)s.") % words)
        elif part.kind is explain.SegmentKind.PAUSED:
            sentences.append(_("Paused %(time)s from %(from)s to %(to)s: %(why)s.") % words)
        else:
            sentences.append(_("Stopped from %(from)s to %(to)s.") % words)
    if len(sentences) > MOST_BAR_TEXT:
        sentences = [*sentences[:3], "…", *sentences[-3:]]
    if shown.due_at:
        sentences.append(_("Due %(at)s.") % {"at": card.moment(shown.due_at)})
    return sentences
