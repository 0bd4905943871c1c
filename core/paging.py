"""Paging by key: the thousandth page costs what the first one does."""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, Q
from django.utils.dateparse import parse_datetime


@dataclass(frozen=True)
class Page:
    rows: list
    after: str = ""
    before: str = ""

    def __iter__(self):
        return iter(self.rows)

    def __len__(self):
        return len(self.rows)


def paginate(queryset, *, order, size=50, after="", before=""):
    """One page of `queryset`, ordered by `order` (field names, "-" for descending, nulls last).

    The last key must be unique. `after` and `before` are cursors of a former page; a cursor that
    cannot be read counts as none.
    """
    keys = [(name.lstrip("-"), name.startswith("-")) for name in order]
    backwards = bool(before)
    cursor = _decode(before or after, len(keys))
    if cursor is None:
        backwards = False
    else:
        queryset = queryset.filter(_beyond(queryset, keys, cursor, backwards))
    rows = list(queryset.order_by(*_ordering(queryset, keys, backwards))[: size + 1])
    has_more = len(rows) > size
    rows = rows[:size]
    if backwards:
        rows.reverse()
    if not rows:
        return Page([])
    has_next = has_more if not backwards else True
    has_previous = (cursor is not None) if not backwards else has_more
    return Page(
        rows,
        after=_encode(rows[-1], keys) if has_next else "",
        before=_encode(rows[0], keys) if has_previous else "",
    )


def _may_be_null(queryset, name):
    """Columns that are never null keep the plain order, which is the one their index has."""
    try:
        return queryset.model._meta.get_field(name).null
    except FieldDoesNotExist:
        return True


def _ordering(queryset, keys, backwards):
    ordering = []
    for name, descends in keys:
        key, falls = F(name), descends != backwards
        if not _may_be_null(queryset, name):
            ordering.append(key.desc() if falls else key.asc())
        elif backwards:
            ordering.append(key.desc(nulls_first=True) if falls else key.asc(nulls_first=True))
        else:
            ordering.append(key.desc(nulls_last=True) if falls else key.asc(nulls_last=True))
    return ordering


def _beyond(queryset, keys, values, backwards):
    """Rows strictly behind `values` in reading order; a null stands behind every value."""
    condition = Q(pk__in=[])
    same = Q()
    for (name, descends), value in zip(keys, values, strict=True):
        is_nullable = _may_be_null(queryset, name)
        condition |= same & _beyond_one(name, descends, value, backwards, is_nullable)
        same &= Q(**{f"{name}__isnull": True}) if value is None else Q(**{name: value})
    return condition


def _beyond_one(name, descends, value, backwards, is_nullable):
    if value is None:
        return Q(**{f"{name}__isnull": False}) if backwards else Q(pk__in=[])
    comparison = "lt" if descends != backwards else "gt"
    further = Q(**{f"{name}__{comparison}": value})
    if backwards or not is_nullable:
        return further
    return further | Q(**{f"{name}__isnull": True})


def _encode(row, keys):
    values = []
    for name, _ in keys:
        value = row
        for part in name.split("__"):
            value = getattr(value, part)
        values.append({"t": value.isoformat()} if isinstance(value, datetime) else value)
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def _decode(cursor, length):
    if not cursor:
        return None
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        values = json.loads(raw)
        if not isinstance(values, list) or len(values) != length:
            return None
        return [parse_datetime(v["t"]) if isinstance(v, dict) else v for v in values]
    except (ValueError, KeyError, TypeError, binascii.Error):
        return None
