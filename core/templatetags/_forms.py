"""The HTML of form fields and of the box that lists their errors. Behind the tags of ui.py."""

from django import forms
from django.utils.html import conditional_escape, escape, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from core.icons import icon

MANY = (forms.RadioSelect, forms.CheckboxSelectMultiple)


def field_html(bound, label=None, help_text=None, cls="") -> SafeString:
    """One bound field: label, help and error around the input, all tied together for readers."""
    widget = bound.field.widget
    if bound.is_hidden:
        return mark_safe(str(bound))
    if isinstance(widget, MANY):
        return _choices(bound, label, help_text, cls)
    if isinstance(widget, forms.CheckboxInput):
        return _tick(bound, label, help_text, cls)
    key = bound.id_for_label or bound.auto_id or bound.html_name
    classes = f"{widget.attrs.get('class', '')} input".strip()
    control = bound.as_widget(attrs=_attrs(bound, key, help_text) | {"class": classes})
    if isinstance(widget, forms.Select):
        control = control.replace(">---------<", f">{_nothing(bound)}<", 1)
    heading = f'<label for="{escape(key)}">{_heading(bound, label)}</label>'
    return _wrap(bound, key, heading, control, help_text, cls)


def _nothing(bound) -> str:
    """What a list says while nothing is chosen: an order where it must be, a dash where it may."""
    return escape(gettext("Choose…")) if bound.field.required else "–"


def picker_html(bound, url, text="", label=None, help_text=None, placeholder="") -> SafeString:
    """A combobox over a list that the server answers, and a hidden input that holds the key."""
    key = bound.auto_id or bound.html_name
    name, value = escape(bound.html_name), bound.value()
    aria = "".join(
        f' {attr}="{escape(val)}"' for attr, val in _attrs(bound, key, help_text).items()
    )
    suggestions = escape(gettext("Suggestions"))
    control = (
        f'<div class="picker" data-picker>'
        f'<input type="hidden" name="{name}" value="{escape("" if value is None else value)}">'
        f'<input class="input" id="{escape(key)}" name="{name}_text" value="{escape(text)}"'
        f' placeholder="{escape(placeholder)}" role="combobox" aria-expanded="false"'
        f' aria-autocomplete="list" aria-controls="{escape(key)}-list" autocomplete="off"'
        f' spellcheck="false" data-url="{escape(url)}"{aria}>'
        f'<div class="menu picker__list" id="{escape(key)}-list" role="listbox"'
        f' aria-label="{suggestions}" popover="manual"></div></div>'
    )
    heading = f'<label for="{escape(key)}">{_heading(bound, label)}</label>'
    return _wrap(bound, key, heading, control, help_text, "")


def error_box(form) -> SafeString:
    """The summary of a refused form, with a link to each field; empty while nothing is wrong."""
    if not form or not form.errors:
        return SafeString("")
    lines = [f"<li>{escape(message)}</li>" for message in form.non_field_errors()]
    for bound in form:
        key = bound.id_for_label or bound.auto_id
        if bound.errors and isinstance(bound.field.widget, MANY):
            key = f"{bound.auto_id}_0"
        for message in bound.errors:
            said = f"{bound.label}: {message}" if bound.label else str(message)
            lines.append(f'<li><a href="#{escape(key)}">{escape(strip_tags(said))}</a></li>')
    title = ngettext(
        "%(count)d thing needs attention before this can be saved",
        "%(count)d things need attention before this can be saved",
        len(lines),
    ) % {"count": len(lines)}
    return mark_safe(
        '<div class="error-box" role="alert" tabindex="-1" aria-labelledby="error-box-title">'
        f'<h2 id="error-box-title">{escape(title)}</h2><ul>{"".join(lines)}</ul></div>'
    )


def _choices(bound, label, help_text, cls) -> SafeString:
    key = bound.auto_id or bound.html_name
    described = _described(bound, key, help_text)
    rows = []
    for option in bound.subwidgets:
        data = option.data
        attrs = dict(data["attrs"]) | {"class": "check"}
        ticks = "".join(
            f' {name}="{escape(value)}"' if value is not True else f" {name}"
            for name, value in attrs.items()
            if value not in (False, None) and name not in ("required", "aria-describedby")
        )
        checked = " checked" if data["selected"] and "checked" not in attrs else ""
        rows.append(
            f'<label class="choice"><input type="{data["type"]}" name="{escape(data["name"])}"'
            f' value="{escape(data["value"])}"{ticks}{checked}>'
            f"<span><b>{conditional_escape(data['label'])}</b></span></label>"
        )
    aria = f' aria-describedby="{escape(described)}"' if described else ""
    bad = " is-bad" if bound.errors else ""
    return mark_safe(
        f'<fieldset class="field{bad} {escape(cls)}"{aria}><legend>{_heading(bound, label)}</legend>'
        f'{_help(bound, key, help_text)}{_error(bound, key)}<div class="cols">{"".join(rows)}</div>'
        "</fieldset>"
    )


def _tick(bound, label, help_text, cls) -> SafeString:
    key = bound.id_for_label or bound.auto_id or bound.html_name
    control = bound.as_widget(attrs=_attrs(bound, key, help_text) | {"class": "check"})
    words = escape(bound.label if label is None else label)
    line = (
        f'<label class="row row--nowrap" for="{escape(key)}">{control}<span>{words}</span></label>'
    )
    bad = " is-bad" if bound.errors else ""
    return mark_safe(
        f'<div class="field field--tick{bad} {escape(cls)}">{_error(bound, key)}{line}'
        f"{_help(bound, key, help_text)}</div>"
    )


def _wrap(bound, key, heading, control, help_text, cls) -> SafeString:
    classes = " ".join(filter(None, ("field", "is-bad" if bound.errors else "", cls)))
    return mark_safe(
        f'<div class="{escape(classes)}">{heading}{_error(bound, key)}{control}'
        f"{_help(bound, key, help_text)}</div>"
    )


def _heading(bound, label) -> str:
    words = escape(bound.label if label is None else label)
    if bound.field.required:
        return words
    optional = escape(gettext("optional"))
    return f'{words} <span class="opt">{optional}</span>'


def _help(bound, key, help_text) -> str:
    words = bound.help_text if help_text is None else help_text
    if not words:
        return ""
    return f'<span class="help" id="{escape(key)}-help">{conditional_escape(words)}</span>'


def _error(bound, key) -> str:
    if not bound.errors:
        return ""
    words = " ".join(escape(message) for message in bound.errors)
    said = escape(gettext("Error:"))
    return (
        f'<span class="error" id="{escape(key)}-error">{icon("octagon-alert")}'
        f'<span><span class="sr">{said} </span>{words}</span></span>'
    )


def _described(bound, key, help_text) -> str:
    words = bound.help_text if help_text is None else help_text
    ids = [f"{key}-error"] if bound.errors else []
    return " ".join(ids + ([f"{key}-help"] if words else []))


def _attrs(bound, key, help_text) -> dict:
    described = _described(bound, key, help_text)
    attrs = {"aria-describedby": described} if described else {}
    return attrs | ({"aria-invalid": "true"} if bound.errors else {})
