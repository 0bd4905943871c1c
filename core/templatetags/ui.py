"""The tags that every page is made of. String functions, cached where they can be: a list calls
them fifty times over, so none of them renders a template or asks the database."""

import json
from datetime import date, datetime
from functools import lru_cache
from html import escape as _escape

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, pgettext

from core import formats
from core.icons import icon as icon_svg
from core.templatetags import _forms

register = template.Library()

_BARS = (
    '<rect class="on" x="1" y="10" width="3.5" height="5" rx="1"/>'
    '<rect{} x="6.25" y="6" width="3.5" height="9" rx="1"/>'
    '<rect{} x="11.5" y="2" width="3.5" height="13" rx="1"/>'
)
_OCTAGON = (
    '<path class="on" d="M5 1h6l4 4v6l-4 4H5l-4-4V5z"/>'
    '<path class="ink" d="M7 4h2v5H7zm0 6h2v2H7z"/>'
)
_ON = ' class="on"'
SLA_ICONS = {
    "ok": "timer",
    "risk": "alarm-clock",
    "breached": "octagon-alert",
    "pause": "circle-pause",
    "met": "circle-check",
}


def escape(value) -> str:
    """Quicker than Django's, which wraps lazy strings that no value here needs."""
    return _escape(str(value))


def language() -> str:
    """The language: "zh" or "en", in which the page is being written (core.formats names it so)."""
    return "zh" if (get_language() or "en").startswith("zh") else "en"


# --- pictures and words -----------------------------------------------------------------------
@register.simple_tag
def icon(name, cls="", label=""):
    """{% icon "plus" "i--sm" %}; with label= it is read aloud, else it is decoration."""
    return icon_svg(str(name), str(cls), str(label))


@register.simple_tag
def prio(number, text=False):
    """{% prio 1 %} in lists, {% prio 1 True %} in headers: the level as picture, digit and word."""
    return _prio(int(number), bool(text), get_language()) if number else SafeString("")


@lru_cache(maxsize=64)
def _prio(number: int, text: bool, lang: str) -> SafeString:
    level = min(max(number, 1), 5)
    word = escape(priority_word(level))
    shape = _OCTAGON if level == 1 else _BARS.format(_ON * (level < 4), _ON * (level < 3))
    said = f" {word}" if text else f'<span class="sr"> {word}</span>'
    return mark_safe(
        f'<span class="prio" data-prio="{level}"><svg viewBox="0 0 16 16" aria-hidden="true">'
        f"{shape}</svg><span>P{level}{said}</span></span>"
    )


def priority_word(level: int) -> str:
    """The word for a level from 1 to 5."""
    words = {
        1: pgettext("priority", "Critical"),
        2: pgettext("priority", "High"),
        3: pgettext("priority", "Medium"),
        4: pgettext("priority", "Low"),
        5: pgettext("priority", "Planning"),
    }
    return words[level]


@register.simple_tag
def state_chip(state, tone="", icon="", plain=False):
    """{% state_chip label tone icon plain=True %}, or one object with label, tone and icon."""
    if not isinstance(state, str) and hasattr(state, "label") and hasattr(state, "icon"):
        state, tone, icon = state.label, state.tone, state.icon
    return _chip(str(state), str(tone or ""), str(icon or ""), bool(plain))


@lru_cache(maxsize=1024)
def _chip(text: str, tone: str, icon_name: str, plain: bool) -> SafeString:
    cls = "chip chip--plain" if plain else "chip" if icon_name else "chip chip--text"
    picture = icon_svg(icon_name) if icon_name else ""
    return mark_safe(
        f'<span class="{cls}" data-tone="{escape(tone)}">{picture}{escape(text)}</span>'
    )


@register.simple_tag
def kbd(keys):
    """{% kbd "g t" %}: one key cap for each word."""
    return mark_safe("".join(f'<kbd class="kbd">{escape(key)}</kbd>' for key in str(keys).split()))


# --- people -----------------------------------------------------------------------------------
@register.simple_tag
def avatar(person, cls=""):
    """The round mark of a person or group: anything with a name, or nobody."""
    if not person:
        return mark_safe('<span class="avatar avatar--none" aria-hidden="true"></span>')
    return _avatar(_name(person), (getattr(person, "pk", None) or 0) % 8 + 1, str(cls))


@register.simple_tag
def who(person, nobody=None):
    """Avatar and name; without a person the word for nobody (or the one given)."""
    if not person:
        word = escape(gettext("Nobody") if nobody is None else nobody)
        return mark_safe(
            '<span class="who mute"><span class="avatar avatar--none" aria-hidden="true"></span>'
            f"<span>{word}</span></span>"
        )
    return mark_safe(
        f'<span class="who">{avatar(person)}<span>{escape(_name(person))}</span></span>'
    )


def _name(person) -> str:
    return person if isinstance(person, str) else str(getattr(person, "name", person))


@lru_cache(maxsize=4096)
def _avatar(name: str, hue: int, cls: str) -> SafeString:
    classes = f"avatar {escape(cls)}" if cls else "avatar"
    return mark_safe(
        f'<span class="{classes}" data-hue="{hue}" aria-hidden="true">'
        f"{escape(formats.initials(name))}</span>"
    )


# --- time -------------------------------------------------------------------------------------
@register.simple_tag
def when(value, mode=""):
    """An instant in the reader's zone, short; mode "full" writes it out, "rel" lets it tick.

    Mode "exact" gives date and seconds without the zone, for the column of a log. A date without a
    time is written as a date. Nothing gives a dash.
    """
    if not value:
        return mark_safe('<span class="mute">–</span>')
    lang = language()
    if isinstance(value, date) and not isinstance(value, datetime):
        text = formats.date_text(value, lang)
        return mark_safe(f'<time datetime="{value.isoformat()}">{text}</time>')
    zone = timezone.get_current_timezone()
    local = value.astimezone(zone)
    full = formats.moment_full(local, lang)
    if mode == "exact":
        text = f"{formats.date_text(local, lang)} {local:%H:%M:%S}"
    else:
        text = full if mode == "full" else formats.moment_text(local, datetime.now(zone), lang)
    ticks = " data-rel" if mode == "rel" else ""
    iso = local.isoformat(timespec="seconds")
    return mark_safe(f'<time datetime="{iso}" title="{escape(full)}"{ticks}>{text}</time>')


@register.simple_tag
def duration(value):
    """Seconds or a timedelta as "1 h 25 m" or "1 小时 25 分"; nothing gives a dash."""
    return "–" if value is None else formats.duration_text(value, language())


@register.filter
def file_size(value):
    """Bytes as "214 KB"."""
    return formats.size_text(int(value or 0))


@register.filter
def capped(value, cap=1000):
    """A count as "38" or "1,000+"."""
    return formats.count_text(int(value or 0), int(cap))


@register.simple_tag
def tape(segments, due=100, label=""):
    """The drawing of a clock: (from %, to %, kind) with kind run, pause, over, met, down, maint."""
    return mark_safe(_tape(segments or (), due, label))


def _tape(segments, due, label) -> str:
    parts = [
        f'<svg class="tape" role="img" aria-label="{escape(label)}">',
        f'<rect class="bed" x="0" y="25%" width="{due:.4g}%" height="50%" rx="1.5"/>',
        *(_segment(start, end, kind) for start, end, kind in segments),
    ]
    if due < 100:
        parts.append(f'<rect class="due" x="{due:.4g}%" y="-2" width="2" height="10"/>')
    parts.append("</svg>")
    return "".join(parts)


@lru_cache(maxsize=8192)
def _segment(start, end, kind) -> str:
    box = f'<rect class="{escape(kind)}" x="{start:.4g}%"'
    wide = f'width="{max(end - start, 0):.4g}%"'
    if kind == "pause":
        return f'{box} y="40%" {wide} height="20%"/>'
    return f'{box} y="0" {wide} height="100%" rx="1"/>'


@register.simple_tag
def sla(clock):
    """One clock in a list. Takes a mapping or object, all of it prepared by the view:

    state   ok, risk, breached, pause or met
    text    "41 m left", "12 m over", "Paused", "Met in 6 m"
    metric  "Resolve"; moment: when it is due ("14:35"), or what is left while it pauses
    due     the instant (datetime or ISO text) or None; crossing it turns the row red by itself
    ticks   true when the time left equals the time on the wall until due, so the browser may count
    tape    (from %, to %, kind)…; notch: where due stands on it, in %, 100 at the right edge
    """
    if not clock:
        return SafeString("")
    get = (
        clock.get
        if isinstance(clock, dict)
        else lambda name, other=None: getattr(clock, name, other)
    )
    state, text, due = get("state", "ok"), str(get("text", "")), get("due")
    metric, moment = str(get("metric", "")), str(get("moment", "") or "")
    running = state in ("ok", "risk", "breached")
    attrs = ""
    if due and running:
        iso = due if isinstance(due, str) else due.isoformat(timespec="seconds")
        attrs = f' data-due="{escape(iso)}"' + (" data-countdown" if get("ticks") else "")
    if state == "pause" or " " in moment or not moment:
        hint = f'<span class="sr">{escape(metric)} </span>{escape(moment)}'
    else:
        hint = f"{escape(metric)} · {escape(moment)}"
    notch = get("notch", 100)
    return mark_safe(
        f'<div class="sla" data-sla="{escape(state)}">{icon_svg(SLA_ICONS.get(state, "timer"))}'
        f'<span class="sla__t"><span{attrs}>{escape(text)}</span>'
        f'<span class="sla__m">{hint}</span></span>'
        f"{_tape(get('tape') or (), 100 if notch is None else notch, f'{metric} {text}'.strip())}"
        "</div>"
    )


# --- forms ------------------------------------------------------------------------------------
@register.simple_tag
def field(bound, label=None, help=None, cls=""):
    """A form field with label, help, optional mark and error above the input."""
    return _forms.field_html(bound, label=label, help_text=help, cls=cls)


@register.simple_tag
def picker(bound, url, text="", label=None, help=None, placeholder=""):
    """A field that chooses one thing out of many: types, asks url?q=, keeps the key hidden.

    url answers <div role="option" data-value="KEY" data-text="…">…</div> for each match.
    """
    return _forms.picker_html(
        bound, url, text, label=label, help_text=help, placeholder=placeholder
    )


@register.simple_tag
def form_errors(form):
    """The box above a form that was refused: what is wrong, each with a link to its field."""
    return _forms.error_box(form)


@register.filter
def json_attr(value):
    """A value as JSON for an attribute: hx-vals='{{ values|json_attr }}' or hx-vals="…"."""
    return json.dumps(value, ensure_ascii=False, default=str)
