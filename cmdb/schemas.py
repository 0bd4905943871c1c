"""Attributes that a CI class defines, and the values that its CIs give them.

Pure: a schema is a list of plain dicts as stored in `CIClass.attribute_schema`. The only place
that knows the types; forms, API and imports all pass through `clean_values`.
"""

import ipaddress
import re
from datetime import date
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

TYPES = ("text", "integer", "number", "boolean", "date", "choice", "ip")
KEYS = {
    "name", "label_en", "label_zh", "type", "unit", "required", "choices", "unique",
    "discoverable",
}  # fmt: skip
NAME = re.compile(r"^[a-z][a-z0-9_]{0,39}$")
LONGEST_TEXT = 500


def check_schema(schema):
    """Raise ValidationError unless `schema` is a list of well-formed attribute definitions."""
    if not isinstance(schema, list):
        raise ValidationError(_("The attributes of a class are a list."))
    names = set()
    for entry in schema:
        _check_entry(entry)
        if entry["name"] in names:
            raise ValidationError(
                _("The attribute “%(name)s” is defined twice.") % {"name": entry["name"]}
            )
        names.add(entry["name"])


def _check_entry(entry):
    name = entry.get("name") if isinstance(entry, dict) else None
    if not isinstance(name, str) or not NAME.match(name):
        raise ValidationError(
            _("Each attribute needs a name of small letters, digits and underscores.")
        )
    context = {"name": name}
    if unknown := set(entry) - KEYS:
        context["key"] = min(unknown)
        raise ValidationError(_("The attribute “%(name)s” has an unknown key “%(key)s”.") % context)
    if entry.get("type") not in TYPES:
        raise ValidationError(_("The attribute “%(name)s” has no known type.") % context)
    choices = entry.get("choices", [])
    is_list = isinstance(choices, list) and all(isinstance(c, str) and c for c in choices)
    if not is_list or (entry["type"] == "choice") != bool(choices):
        raise ValidationError(
            _("The attribute “%(name)s” must list its choices, and only if it is a choice.")
            % context
        )


def label_of(entry):
    """The label in the reader's language, else the other one, else the name."""
    first, second = entry.get("label_en"), entry.get("label_zh")
    if (get_language() or "").startswith("zh"):
        first, second = second, first
    return first or second or entry["name"]


def clean_values(schema, values):
    """`values` as they are stored, checked against `schema`.

    In: {name: anything a form, JSON or CSV gives}. Out: {name: text, int, float, bool or ISO
    date}; empty values are left out. Raises ValidationError with one message per attribute.
    """
    if not isinstance(values, dict):
        raise ValidationError({"attributes": _("Attributes are given as names with values.")})
    errors, cleaned = {}, {}
    for name in values.keys() - {entry["name"] for entry in schema}:
        errors[name] = _("This class has no such attribute.")
    for entry in schema:
        name, value = entry["name"], values.get(entry["name"])
        if isinstance(value, str):
            value = value.strip()
        if value is None or value == "":
            if entry.get("required"):
                errors[name] = _("This attribute is required.")
            continue
        try:
            cleaned[name] = _READERS[entry["type"]](entry, value)
        except ValidationError as error:
            errors[name] = error.messages[0]
        except (ValueError, TypeError, InvalidOperation, OverflowError):
            errors[name] = _HINTS[entry["type"]]()
    if errors:
        raise ValidationError(errors)
    return cleaned


def _text(_entry, value):
    if not isinstance(value, str):
        raise TypeError
    if len(value) > LONGEST_TEXT:
        raise ValidationError(_("Give at most %(count)d characters.") % {"count": LONGEST_TEXT})
    return value


def _integer(_entry, value):
    if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
        raise TypeError
    number = int(value)
    if abs(number) > 2**53:
        raise OverflowError
    return number


def _number(_entry, value):
    if isinstance(value, bool):
        raise TypeError
    number = Decimal(str(value))
    if not number.is_finite() or abs(number) > 10**15:
        raise OverflowError
    return int(number) if number == number.to_integral_value() else float(number)


def _boolean(_entry, value):
    words = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    if isinstance(value, bool):
        return value
    if str(value).lower() not in words:
        raise ValueError
    return words[str(value).lower()]


def _date(_entry, value):
    return value.isoformat() if isinstance(value, date) else date.fromisoformat(value).isoformat()


def _choice(entry, value):
    if value not in entry["choices"]:
        raise ValueError
    return value


def _ip(_entry, value):
    return str(ipaddress.ip_interface(value)) if "/" in value else str(ipaddress.ip_address(value))


_READERS = {
    "text": _text, "integer": _integer, "number": _number, "boolean": _boolean,
    "date": _date, "choice": _choice, "ip": _ip,
}  # fmt: skip
_HINTS = {
    "text": lambda: _("Give text."),
    "integer": lambda: _("Give a whole number."),
    "number": lambda: _("Give a number."),
    "boolean": lambda: _("Give yes or no."),
    "date": lambda: _("Give a date as 2026-09-22."),
    "choice": lambda: _("Choose one of the listed values."),
    "ip": lambda: _("Give an IP address, such as 10.24.8.12 or 10.24.8.0/24."),
}
