"""What authors, reviewers and readers are asked. The actions say the rules again."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cmdb.models import CIClass, Service
from core import time
from core.forms import OnceForm
from core.reference import PickerField
from core.text import without_nul
from knowledge.models import Article
from knowledge.models.articles import TEXTS
from people.models import SupportGroup
from people.pickers import named
from records import files
from records.models import Category

ANY = [("", _("any"))]
SHOWS = ("all", "mine", "review", "due")


class Words(forms.CharField):
    """Text without what the database cannot keep."""

    def to_python(self, value):
        return without_nul(super().to_python(value))


class CategoryChoice(forms.ModelChoiceField):
    """Categories as the tree they are."""

    def label_from_instance(self, category):
        depth = max(category.path.strip("/").count("/"), 0)
        return "\u2003" * depth + category.name


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class FilesField(forms.FileField):
    """Any number of files up to the limit; the messages name the file."""

    def __init__(self, **kwargs):
        super().__init__(required=False, widget=ManyFilesInput(attrs={"multiple": True}), **kwargs)

    def clean(self, data, initial=None):
        uploads = data if isinstance(data, list | tuple) else [data] if data else []
        if len(uploads) > files.MOST_FILES:
            most = {"most": files.MOST_FILES}
            raise ValidationError(_("At most %(most)d files at once."), params=most)
        problems = []
        for upload in uploads:
            try:
                files.check(upload)
            except ValidationError as error:
                problems += error.messages
        if problems:
            raise ValidationError(problems)
        return list(uploads)


def service_field(**kwargs):
    return PickerField(
        Service.objects.all(), url_name="cmdb:pick_service", match=named, required=False,
        label=_("Service"), **kwargs,
    )  # fmt: skip


class FilterForm(forms.Form):
    q = Words(required=False, max_length=120)
    state = forms.ChoiceField(
        label=_("State"), choices=[*ANY, *Article.State.choices], required=False
    )
    audience = forms.ChoiceField(
        label=_("For whom"), choices=[*ANY, *Article.Audience.choices], required=False
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=[*ANY, *Article.Kind.choices], required=False)
    language = forms.ChoiceField(
        label=_("Language"), required=False,
        choices=[*ANY, ("en", _("has English")), ("zh", _("has Chinese")),
                 ("only_en", _("English only")), ("only_zh", _("Chinese only")),
                 ("old", _("translation older than its source"))],
    )  # fmt: skip
    service = service_field()

    def asked(self):
        """What was understood; a word that is none is left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


def body(label, **attrs):
    return Words(
        label=label, required=False,
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "true", **attrs}),
    )  # fmt: skip


class ArticleForm(OnceForm):
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title_en = Words(label=_("Title in English"), max_length=200, required=False)
    body_en = body(_("Text in English"), lang="en")
    title_zh = Words(label=_("Title in Chinese"), max_length=200, required=False)
    body_zh = body(_("Text in Chinese"), lang="zh-Hans")
    is_minor = forms.BooleanField(
        label=_("The other language needs no change"), required=False,
        help_text=_("A corrected typing error, for instance. Otherwise the translation is marked "
                    "as older than its source."),
    )  # fmt: skip
    note = Words(
        label=_("What did you change?"), max_length=300, required=False,
        help_text=_("For those who review it, and for the history."),
    )  # fmt: skip
    files = FilesField(
        label=_("Pictures and files"),
        help_text=_("A picture stands in the text as ![what it shows](name.png)."),
    )  # fmt: skip
    article_kind = forms.ChoiceField(label=_("Kind"), choices=Article.Kind.choices)
    audience = forms.ChoiceField(label=_("For whom"), choices=Article.Audience.choices)
    groups = forms.ModelMultipleChoiceField(
        None, label=_("Groups"), required=False,
        help_text=_("Who may read a restricted article."),
        widget=forms.SelectMultiple(attrs={"size": 5}),
    )  # fmt: skip
    service = service_field()
    category = CategoryChoice(None, label=_("Category"), required=False)
    ci_class = forms.ModelChoiceField(None, label=_("Class of configuration item"), required=False)
    keywords = Words(
        label=_("Keywords"), max_length=300, required=False,
        help_text=_("Other words that people use for it, in any language."),
    )  # fmt: skip
    source_language = forms.ChoiceField(
        label=_("Written first in"), choices=Article._meta.get_field("source_language").choices,
        help_text=_("The other language counts as its translation."),
    )  # fmt: skip
    review_due = forms.DateField(
        label=_("Review by"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    DETAILS = (
        "article_kind", "audience", "groups", "service", "category", "ci_class", "keywords",
        "source_language", "review_due",
    )  # fmt: skip

    def __init__(self, *args, article=None, may_change_details=True, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["groups"].queryset = SupportGroup.objects.active().order_by("code")
        self.fields["category"].queryset = Category.objects.active().order_by("path")
        self.fields["ci_class"].queryset = CIClass.objects.usable().order_by("name_en")
        if not may_change_details:
            for name in self.DETAILS:
                del self.fields[name]
        if article is None:
            self.initial.setdefault("audience", Article.Audience.PORTAL)
            del self.fields["is_minor"]
        elif not self.is_bound:
            self._fill(article)

    def _fill(self, article):
        latest = article.latest
        self.initial |= {name: getattr(latest, name) for name in TEXTS}
        for name in self.DETAILS:
            self.initial.setdefault(name, getattr(article, name))
        self.initial |= {
            "seen": article.version, "groups": list(article.groups.all()),
            "service": article.service_id, "category": article.category_id,
            "ci_class": article.ci_class_id,
        }  # fmt: skip

    @property
    def has_details(self):
        return "audience" in self.fields

    def clean(self):
        cleaned = super().clean()
        if not (cleaned.get("title_en") or cleaned.get("title_zh") or self.errors):
            self.add_error("title_en", _("Give it a title in one of the languages."))
        is_restricted = cleaned.get("audience") == Article.Audience.RESTRICTED
        if is_restricted and not cleaned.get("groups"):
            self.add_error("groups", _("Name at least one group that may read it."))
        return cleaned

    def texts(self):
        return {name: self.cleaned_data[name] for name in TEXTS}

    def details(self):
        """Without the groups, which are no column."""
        return {name: self.cleaned_data[name] for name in self.DETAILS if name != "groups"}


class StepForm(OnceForm):
    """A step with an optional word."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    comment = Words(
        label=_("Comment"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class ReasonForm(StepForm):
    """A step that needs a word."""

    def __init__(self, *args, label=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["comment"].required = True
        if label:
            self.fields["comment"].label = label


class PublishForm(OnceForm):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    review_due = forms.DateField(
        label=_("Review by"), widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("On this day the article is marked, and its owner is told."),
    )  # fmt: skip

    def clean_review_due(self):
        day = self.cleaned_data["review_due"]
        if day <= time.now().date():
            raise ValidationError(_("The next review must lie ahead."))
        return day


class VoteForm(forms.Form):
    is_helpful = forms.ChoiceField(choices=[("1", "yes"), ("0", "no")])
    comment = Words(
        label=_("What was missing or wrong?"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class SolutionForm(OnceForm):
    """An article from a ticket's solution: texts, and a decision about all that is marked."""

    title = Words(label=_("Title"), max_length=200)
    problem = Words(label=_("Problem"), widget=forms.Textarea(attrs={"rows": 5}))
    solution = Words(label=_("Solution"), widget=forms.Textarea(attrs={"rows": 7}))
    TEXTS = ("title", "problem", "solution")

    def texts(self):
        return {name: self.cleaned_data[name] for name in self.TEXTS}
