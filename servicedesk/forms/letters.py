"""What an administrator writes for a letter: the same three fields in every language."""

from django import forms

from core.text import without_nul
from people.models import Person
from servicedesk.models import LetterWords
from servicedesk.notices.wording import FIELDS, Words


def key_of(field, language):
    return f"{field}_{language.replace('-', '_')}"


class LetterForm(forms.Form):
    """`words`: {language: Words} that hold now."""

    def __init__(self, *args, words=None, **kwargs):
        super().__init__(*args, **kwargs)
        for language in Person.Locale.values:
            for name in FIELDS:
                column = LetterWords._meta.get_field(name)
                widget = forms.TextInput if name == "subject" else forms.Textarea(attrs={"rows": 4})
                self.fields[key_of(name, language)] = forms.CharField(
                    label=column.verbose_name, max_length=column.max_length, required=False,
                    widget=widget, initial=getattr(words[language], name) if words else "",
                )  # fmt: skip

    def of_language(self, language):
        """The bound fields of one language."""
        return [self[key_of(name, language)] for name in FIELDS]

    def words(self, language):
        """What was written for a language. Only after is_valid()."""
        return Words(*(
            without_nul(self.cleaned_data.get(key_of(name, language), "")).strip()
            for name in FIELDS
        ))  # fmt: skip
