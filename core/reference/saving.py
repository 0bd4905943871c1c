"""The one way in which reference data is written: atomic, with its actor, checked, never over
another writer's change. What the database refuses is told in words, at the field."""

import re

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import Refused, Stale
from core.models import AuditEntry, SubmitToken
from core.reference.registry import WORDS

CIRCLE = "a tree must not run in a circle"
COLUMNS = re.compile(r"\(([a-z0-9_, ]+)\)=")
CHECK, UNIQUE, OVERLAP = "23514", "23505", "23P01"


class NotSaved(Exception):
    """The form carries the reasons now; show it again."""


def sent_before(person, token):
    """Where the first sending of this form led to, or nothing: it must not be judged again, since
    it would find its own row in its way."""
    if not token:
        return ""
    sent = SubmitToken.objects.filter(person=person, token=token[:64]).first()
    return sent.location if sent else ""


@transaction.atomic
def save(form, *, by, parts=()):
    """Write the row of a valid form and its parts. Returns the row.

    Raises Stale where the row is no longer as the writer saw it, and NotSaved, with the reasons
    at the form's fields, where the database has a rule against it.
    """
    audit.acting(by)
    row = form.instance
    if row.pk is not None:
        refuse_if_stale(form)
    before = many_of(form)
    try:
        with transaction.atomic():
            row = form.save()
            for part in parts:
                part.instance = row
                part.save()
    except IntegrityError as error:
        explain(form, error)
        raise NotSaved from error
    record_many(form, row, before, by=by)
    return row


@transaction.atomic
def set_active(row, is_active, *, by, reasons=()):
    """Take a row out of use, or back in. Refused while something still stands on it."""
    if reasons and not is_active:
        raise Refused(*reasons)
    audit.acting(by)
    row = type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
    if row.is_active == is_active:
        return row
    row.is_active = is_active
    try:
        with transaction.atomic():
            row.save(update_fields=["is_active"])
    except IntegrityError as error:
        raise Refused(reason_of(error)) from error
    return row


# --- other writers ----------------------------------------------------------------------------
def refuse_if_stale(form):
    """Compare what the writer saw with the present row, held until the transaction ends."""
    model = form._meta.model
    present = model._default_manager.select_for_update(of=("self",)).get(pk=form.instance.pk)
    if stale := stale_of(form, present):
        raise stale


def stale_of(form, present=None):
    """The refusal of a form whose row, or a part of it, another writer changed; else None."""
    present = present or form._meta.model._default_manager.get(pk=form.instance.pk)
    seen, now = form.seen_signature(), form.marks(present)
    changed = [name for name in now if name in seen and now[name] != seen[name]]
    if not changed:
        return None
    stale = Stale(
        seen=seen,
        present=now,
        by=last_writer(present),
        changes=[
            _("Changed meanwhile: %(field)s.") % {"field": form.label_of(name)} for name in changed
        ],
    )
    stale.names = changed
    return stale


def last_writer(row):
    entry = (
        AuditEntry.objects.filter(table_name=row._meta.db_table, object_id=str(row.pk))
        .order_by("-pk")
        .first()
    )
    return entry.actor_label if entry else ""


def merged(form, stale):
    """A fresh form for one that was refused as stale: what its writer left alone is as it is now,
    what they typed is kept, and sending it again is meant."""
    row = form._meta.model._default_manager.get(pk=form.instance.pk)
    fresh = type(form)(instance=row)
    typed, data = form.posted_marks(), form.data.copy()
    for name in stale.names:
        if name in fresh.fields and typed.get(name) == stale.seen.get(name):
            put(data, form.add_prefix(name), fresh[name].value())
    for name in ("seen", "submit_token"):
        data[form.add_prefix(name)] = fresh[name].value()
    again = type(form)(data, instance=row)
    again.is_valid()
    again.add_error(None, stale.reasons)
    return again


def put(data, key, value):
    """A value into form data, as a browser would send it."""
    data.pop(f"{key}_text", None)
    if isinstance(value, list | tuple):
        data.setlist(key, [str(getattr(one, "pk", one)) for one in value])
    elif isinstance(value, bool):
        data.pop(key, None)
        if value:
            data[key] = "on"
    else:
        data[key] = "" if value is None else str(value)


# --- relations without a row of their own -----------------------------------------------------
def many_of(form):
    """{field: [labels]} of the many-to-many fields; the database audits rows, not these."""
    if form.instance.pk is None:
        return {}
    return {
        field.name: sorted(str(one) for one in getattr(form.instance, field.name).all())
        for field in form._meta.model._meta.many_to_many
        if field.name in form.fields
    }


def record_many(form, row, before, *, by):
    after = {
        field.name: sorted(str(one) for one in form.cleaned_data.get(field.name) or ())
        for field in form._meta.model._meta.many_to_many
        if field.name in form.fields
    }
    changed = [name for name in after if before.get(name, []) != after[name]]
    if changed:
        audit.record(
            "update",
            by=by,
            subject=row._meta.db_table,
            object_id=row.pk,
            before={name: before.get(name, []) for name in changed},
            after={name: after[name] for name in changed},
        )


# --- the database's refusals in words ---------------------------------------------------------
def explain(form, error):
    """Put what PostgreSQL refused at its field, in words."""
    cause = error.__cause__
    code = getattr(cause, "pgcode", "")
    name = getattr(getattr(cause, "diag", None), "constraint_name", "") or ""
    if code == CHECK and CIRCLE in str(error):
        form.add_error("parent" if "parent" in form.fields else None, reason_of(error))
        return
    if name not in WORDS and code == UNIQUE and (columns := COLUMNS.search(str(error))):
        first = columns[1].split(",")[0].strip().removesuffix("_id")
        if first in form.fields:
            form.add_error(first, _("This is taken by another one already."))
            return
    form.blame(name, reason_of(error))


def reason_of(error):
    cause = error.__cause__
    code = getattr(cause, "pgcode", "")
    if code == CHECK and CIRCLE in str(error):
        return _("This would run in a circle: choose one that is not below this one.")
    if code == UNIQUE:
        return _("This is taken by another one already.")
    if code == OVERLAP:
        return _("This overlaps in time with another entry of the same kind.")
    return _("The database has a rule against this: %(rule)s.") % {
        "rule": getattr(getattr(cause, "diag", None), "constraint_name", "") or code
    }
