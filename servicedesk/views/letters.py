"""Letters for administrators: which reach requesters, their own words in both languages, a preview,
and back to the words that the desk came with."""

from copy import copy

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.access import Gate, access
from people.models import Person
from records.models import Notification
from servicedesk.forms.letters import LetterForm
from servicedesk.models import LetterWords
from servicedesk.notices import rendering, repair, wording

# A preview looks for a mail of its sort among so many of the newest, not further.
LOOKED_AT = 20_000


@require_GET
@access(Gate.ADMIN)
def index(request):
    changed = set(LetterWords.objects.values_list("template", "language"))
    rows = [
        {
            "template": template,
            "name": wording.name_of(template),
            "languages": [
                (label, (template, code) in changed) for code, label in Person.Locale.choices
            ],
        }
        for template in wording.editable()
    ]
    return render(request, "notices/letters.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@access(Gate.ADMIN)
def edit(request, template):
    """The words of one letter. A POST with `preview` shows them and keeps nothing."""
    _check(template)
    held = wording.own_words(template)
    form = LetterForm(request.POST or None, words=held)
    is_posted = request.method == "POST"
    is_valid = is_posted and form.is_valid()
    if is_valid and "preview" not in request.POST:
        for language in Person.Locale.values:
            if form.words(language) != held[language]:
                wording.save(template, language, form.words(language), by=request.user)
        messages.success(request, _("The letter is saved."))
        return redirect("servicedesk:letter", template)
    words = {code: form.words(code) if is_valid else held[code] for code in held}
    context = {
        "template": template,
        "name": wording.name_of(template),
        "form": form,
        "placeholders": [(f"{{{key}}}", text) for key, text in wording.PLACEHOLDERS.items()],
        "languages": [
            (code, label, form.of_language(code)) for code, label in Person.Locale.choices
        ],
        "previews": previews(template, words, request.user),
        "is_changed": any(not one.are_ours for one in held.values()),
        "is_unsaved": is_valid,
    }
    status = 422 if form.errors else 200
    return render(request, "notices/letter.html", context, status=status)


@require_POST
@access(Gate.ADMIN)
def reset(request, template):
    _check(template)
    wording.reset(template, by=request.user)
    messages.success(request, _("The delivered words hold again."))
    return redirect("servicedesk:letter", template)


def _check(template):
    if template not in wording.editable():
        raise Http404


def previews(template, words, person):
    """[(language, its name, subject, text, whether it stands on a real mail)]."""
    row = _example(template, person)
    found = []
    for code, label in Person.Locale.choices:
        if row is None:
            subject, text = _of_sample(template, words[code], code, person)
        else:
            row.person = copy(person)
            row.person.locale = code
            mail = rendering.mail_of(row, words[code])
            subject, text = mail.subject, mail.text
        found.append((code, label, subject, text, row is not None))
    return found


def _example(template, person):
    """The newest mail of this sort that the administrator may see; written to them, so that no link
    of another person shows."""
    newest = Notification.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    rows = repair.mails_for(person).filter(
        template=template, data__side="portal", pk__gt=newest - LOOKED_AT
    )
    rows = rows.exclude(record=None).select_related("entry__author", "entry__record")
    return rows.order_by("-pk").first()


def _of_sample(template, words, language, person):
    """Without any mail to show: the administrator's own words about a made-up ticket."""
    values = wording.sample(language, person)
    with translation.override(language):
        subject = wording.filled(words.subject, values) or wording.name_of(template)
        opening = wording.filled(words.opening, values) or _("(the delivered first words)")
        closing = wording.filled(words.closing, values)
    head = f"[{values['number']}] {subject}"
    return head, "\n\n".join(part for part in (values["title"], opening, closing) if part)
