"""The filters in force as tokens: words for people, and addresses that change or remove them.

Names behind keys are asked for in one statement, and only those that the reader may see.
"""

from dataclasses import dataclass

from django.db.models import CharField, Value
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from people.models import Person
from servicedesk.queue.fields import FIELDS, KEY


@dataclass(frozen=True)
class Token:
    name: str
    label: str
    verb: str
    text: str
    edit: str
    remove: str


def tokens_of(selection, person):
    """The tokens of a selection, in the order of the fields."""
    names = names_of(selection.values, person)
    edit = reverse("servicedesk:queue_filter")
    query = selection.query()
    made = []
    for name, words in selection.values.items():
        if name == "phase" and words == ("any",):
            continue
        field = FIELDS[name]
        texts = [text_of(field, word, names) for word in words]
        made.append(
            Token(
                name=name,
                label=str(field.label),
                verb=pgettext("filter", "in") if name == "updated" else pgettext("filter", "is"),
                text=", ".join(texts),
                edit=f"{edit}?{query}&field={name}",
                remove=selection.href(**{name: None}),
            )
        )
    return sorted(made, key=lambda token: list(FIELDS).index(token.name))


def text_of(field, word, names):
    choices = field.choices()
    if word in choices:
        return str(choices[word])
    return names.get((field.model, int(word))) or _("not found")


def names_of(values, person):
    """{(model, key): name} of all keys among the words, in one statement."""
    wanted = {}
    for name, words in values.items():
        model = FIELDS[name].model
        keys = {int(word) for word in words if KEY.match(word)}
        if model is not None and keys:
            wanted.setdefault(model, set()).update(keys)
    if not wanted:
        return {}
    first, second = ("name_zh", "name_en")
    if not (get_language() or "").startswith("zh"):
        first, second = second, first
    parts = []
    for model, keys in wanted.items():
        found = model.objects
        found = found.visible_to(person) if hasattr(found, "visible_to") else found.all()
        columns = ("name", Value("", CharField())) if model is Person else (first, second)
        label = Value(model._meta.label, CharField())
        parts.append(found.filter(pk__in=keys).order_by().values_list(label, "pk", *columns))
    rows = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    models = {model._meta.label: model for model in wanted}
    return {(models[label], pk): name or other for label, pk, name, other in rows}
