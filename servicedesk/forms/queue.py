"""Forms of the queue: filters, views that are kept, and steps on many tickets."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from core import time
from people.models import Person, SupportGroup
from records.kinds import queued_kinds
from records.models import ClosureCode, PendingReason
from servicedesk import policies
from servicedesk.models import SavedView
from servicedesk.queue.columns import COLUMNS, MOST, USUAL, cleaned
from servicedesk.queue.fields import FIELDS, KEY

PICKED = {"service", "category", "requester", "organization", "site"}


class FilterForm(forms.Form):
    """Every filter of the queue as a field. Read as an address, so it needs no validation here,
    and "optional" stands at none of them, because all are."""

    use_required_attribute = False

    def __init__(self, selection, person, names):
        super().__init__()
        self.selection, self.person = selection, person
        for name, field in FIELDS.items():
            words = selection.values.get(name, ())
            if name in PICKED:
                self.fields[name] = forms.CharField(label=field.label)
                self.initial[name] = next(iter(words), "")
                continue
            choices = {word: str(label) for word, label in field.choices().items()}
            for word in words:  # keys that a link or a view brought
                if KEY.match(word):
                    choices[word] = names.get((field.model, int(word))) or _g("not found")
            if name == "group":
                choices |= groups_of(person)
            self.fields[name] = self._choice(name, field, choices, words)

    def _choice(self, name, field, choices, words):
        if name in {"phase", "updated", "waiting"}:
            self.initial[name] = next(iter(words), "any" if name == "phase" else "")
            first = [] if name == "phase" else [("", _g("any"))]
            return forms.ChoiceField(label=field.label, choices=first + list(choices.items()))
        self.initial[name] = list(words)
        return forms.MultipleChoiceField(
            label=field.label, choices=list(choices.items()),
            widget=forms.CheckboxSelectMultiple,
        )  # fmt: skip


def groups_of(person):
    """The groups of one's own: the others are found by the name of the group in a ticket."""
    mine = SupportGroup.objects.active().filter(pk__in=person.access.all_group_ids)
    return {str(group.pk): group.name for group in mine.order_by("code")[:30]}


class ViewForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=60)
    sharing = forms.ChoiceField(
        label=_("Shown to"), choices=SavedView.Sharing.choices, initial="owner"
    )
    group = forms.ModelChoiceField(
        label=_("Group"), queryset=SupportGroup.objects.none(), required=False,
        empty_label=_("Choose a group"), help_text=_("Only where it is shown to a group."),
    )  # fmt: skip
    is_default = forms.BooleanField(label=_("Open the queue with this view"), required=False)
    takes_filters = forms.BooleanField(
        label=_("Take over the filters and columns of this page"), required=False
    )

    def __init__(self, *args, person, is_new, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person
        groups = SupportGroup.objects.active().order_by("code")
        if not person.access.is_admin:
            groups = groups.filter(pk__in=person.access.all_group_ids)
        self.fields["group"].queryset = groups
        if not person.access.is_manager:
            self.fields["sharing"].choices = [
                choice for choice in SavedView.Sharing.choices if choice[0] != "everybody"
            ]
        if is_new:
            del self.fields["takes_filters"]

    def clean(self):
        found = super().clean()
        sharing, group = found.get("sharing"), found.get("group")
        if sharing == SavedView.Sharing.GROUP and group is None:
            self.add_error("group", _("Choose the group."))
        elif sharing and not policies.can_share(self.person, sharing, group):
            self.add_error("sharing", _("You may not share views so widely."))
        return found


class AssignForm(forms.Form):
    """To a group, to a person of it, or both."""

    group = forms.ModelChoiceField(
        label=_("Group"), queryset=SupportGroup.objects.active().order_by("code"),
        empty_label=_("Choose a group"),
    )  # fmt: skip
    person = forms.ModelChoiceField(
        label=_("Person"), queryset=Person.objects.none(), required=False,
        help_text=_("Left empty, the group decides."),
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = Person.objects.active().humans()
        self.fields["person"].widget = forms.TextInput()

    def clean(self):
        found = super().clean()
        group, person = found.get("group"), found.get("person")
        if group and person and not is_member(person, group):
            self.add_error("person", _("This person is not a member of the group."))
        return found

    def inputs(self):
        return {"group": self.cleaned_data["group"], "person": self.cleaned_data["person"]}


def is_member(person, group):
    today = time.now().date()
    found = person.memberships.filter(group=group, valid__contains=today)
    return group.lead_id == person.pk or found.exists()


class HoldForm(forms.Form):
    reason = forms.ModelChoiceField(
        label=_("Waiting for"), queryset=PendingReason.objects.active(), empty_label=None
    )
    until = forms.DateTimeField(
        label=_("Until"), required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip

    def clean(self):
        found = super().clean()
        reason, until = found.get("reason"), found.get("until")
        if reason and reason.needs_date and not until:
            self.add_error("until", _("This reason needs a date."))
        if until and until <= timezone.localtime():
            self.add_error("until", _("Give a moment in the future."))
        return found

    def inputs(self):
        return {"reason": self.cleaned_data["reason"], "until": self.cleaned_data["until"]}


class NoteForm(forms.Form):
    body = forms.CharField(
        label=_("Internal note"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 5})
    )

    def inputs(self):
        return {"body": self.cleaned_data["body"]}


class ResolveForm(forms.Form):
    """One solution for all of them: what else a ticket needs, its own process says."""

    resolution = forms.CharField(
        label=_("Solution"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Every requester reads this about their own ticket."),
    )  # fmt: skip
    closure_code = forms.ModelChoiceField(
        label=_("Closure code"), queryset=ClosureCode.objects.none(), to_field_name="code",
        empty_label=_("Choose a closure code"),
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        offered = ClosureCode.objects.active().filter(is_offered=True, kind__in=queued_kinds())
        self.fields["closure_code"].queryset = offered

    def inputs(self):
        return dict(self.cleaned_data)


class PriorityForm(forms.Form):
    priority = forms.TypedChoiceField(
        label=_("Priority"), coerce=int, required=False, empty_value=None,
        choices=[("", _("as the matrix says")), *((level, f"P{level}") for level in range(1, 6))],
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Why the priority differs"), required=False, max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed for a priority that the matrix does not give."),
    )  # fmt: skip

    def clean(self):
        found = super().clean()
        if found.get("priority") and not found.get("reason", "").strip():
            self.add_error("reason", _("Say why the priority differs from the matrix."))
        return found

    def inputs(self):
        return dict(self.cleaned_data)


class LookForm(forms.Form):
    """The columns and the height of the rows of one view, for oneself."""

    columns = forms.MultipleChoiceField(
        label=_("Columns"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=lambda: [(column.key, column.label) for column in COLUMNS.values()],
        help_text=_("Priority and ticket always stand there."),
    )  # fmt: skip
    density = forms.ChoiceField(
        label=_("Row density"), required=False,
        choices=[("", _("as everywhere")), *SavedView.Density.choices],
    )  # fmt: skip

    def clean_columns(self):
        """The usual ones are no choice: they may change, and the compact list shows more of them."""
        found = cleaned(self.cleaned_data["columns"])
        if len(found) > MOST:
            raise forms.ValidationError(
                _("At most %(most)d columns: the ticket itself needs room.") % {"most": MOST}
            )
        return () if found == USUAL else found


BULK_FORMS = {
    "assign": AssignForm, "hold": HoldForm, "note": NoteForm, "resolve": ResolveForm,
    "priority": PriorityForm,
}  # fmt: skip
