"""What people do with the queue itself: views they keep, and one step on many tickets at once.

A step on a ticket is the process's own verb (records.kinds); nothing here changes a record.
"""

from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from core.models import SubmitToken
from records.models import Record
from servicedesk import policies
from servicedesk.models import SavedView, ViewLook
from slm import work

MOST_AT_ONCE = 50  # the rows of a page: nobody has seen more than that


# --- views ------------------------------------------------------------------------------------


@transaction.atomic
def save_view(*, by, name, filters, sort="", density="", columns=(), sharing="owner", group=None,
              is_default=False):  # fmt: skip
    """Keep a selection under a name. The same name of the same owner is overwritten by nobody."""
    view = SavedView(owner=by, filters=filters, sort=sort, density=density, columns=list(columns))
    return _set(view, by, name, sharing, group, is_default)


@transaction.atomic
def edit_view(view, *, by, name, sharing, group=None, is_default=False, filters=None, sort=None,
              density=None, columns=None):  # fmt: skip
    """Rename, share, or take over the filters of the page. Only its owner and administrators."""
    view = SavedView.objects.lock(view)
    if not policies.can_edit_view(view, by):
        raise PermissionDenied
    if filters is not None:
        view.filters = filters
    if sort is not None:
        view.sort = sort
    if density is not None:
        view.density = density
    if columns is not None:
        view.columns = list(columns)
    return _set(view, by, name, sharing, group, is_default)


def _set(view, by, name, sharing, group, is_default):
    if not policies.can_share(by, sharing, group):
        raise PermissionDenied
    view.name = name
    view.sharing = sharing
    view.group = group if sharing == SavedView.Sharing.GROUP else None
    view.is_default = is_default
    same = SavedView.objects.filter(owner_id=view.owner_id, name=name).exclude(pk=view.pk)
    if same.exists():
        raise Refused(_("You have a view called “%(name)s” already.") % {"name": name})
    if is_default:
        others = SavedView.objects.filter(owner_id=view.owner_id, is_default=True)
        others.exclude(pk=view.pk).update(is_default=False)
    view.save()
    return view


@transaction.atomic
def delete_view(view, *, by):
    view = SavedView.objects.lock(view)
    if not policies.can_edit_view(view, by):
        raise PermissionDenied
    ViewLook.objects.filter(view=str(view.pk)).delete()
    view.delete()


def choose_look(key, *, by, columns=(), density=""):
    """How `by` sees the view `key` from now on; nothing chosen is how the view itself says."""
    if not columns and not density:
        ViewLook.objects.filter(person=by, view=key).delete()
        return
    ViewLook.objects.update_or_create(
        person=by, view=key, defaults={"columns": list(columns), "density": density}
    )


# --- many tickets at once ---------------------------------------------------------------------


@dataclass
class Outcome:
    """How a step on many went: the numbers done, and (number, title, reason) of the refused."""

    done: list = field(default_factory=list)
    refused: list = field(default_factory=list)


def on_many(name, ids, *, by, token="", **inputs):
    """Do the verb `name` to each of the tickets that `by` may see, in the order of their ids.

    Each is a transaction of its own: one that is refused takes none of the others back. An id that
    is hidden from `by` is no different from one that does not exist. More than a page of them is
    refused as a whole, and so is the second sending of one form (the same `token`).
    """
    outcome = Outcome()
    wanted = sorted(set(ids))
    if len(wanted) > MOST_AT_ONCE:
        raise Refused(_("At most %(most)d tickets at once.") % {"most": MOST_AT_ONCE})
    if token and not _is_first(token, by):
        raise Refused(_("This was sent already."))
    seen = Record.objects.queue_of(by).filter(pk__in=wanted).order_by("pk")
    for record in seen.select_related("organization"):
        try:
            with transaction.atomic():
                _do(name, record, by, inputs)
            outcome.done.append(record.number)
        except Refused as refusal:
            outcome.refused.append((record.number, record.title, " ".join(refusal.reasons)))
        except ValidationError as wrong:
            outcome.refused.append((record.number, record.title, " ".join(wrong.messages)))
        except PermissionDenied:
            reason = _("You may not do this here.")
            outcome.refused.append((record.number, record.title, reason))
    return outcome


def _is_first(token, person):
    return SubmitToken.objects.get_or_create(person=person, token=token)[1]


def _do(name, record, by, inputs):
    if name == "watch":
        work.watch(record, by, by=by)
        return
    closure = inputs.get("closure_code")
    if closure is not None and closure.kind != record.kind:
        raise Refused(_("This closure code is for another kind of ticket."))
    work.do(record, name, by=by, **inputs)
