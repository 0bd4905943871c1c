"""Building an offering in the browser: its form, approval and fulfilment, each a page with rows.

Every button sends the whole page: what was typed is kept in the draft, whole or half done, and the
page comes back. It works by keyboard and without a script. The version in use is never touched.
"""

from types import SimpleNamespace

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from core import preferences
from core.errors import Refused, Stale
from core.pages import check, wants_partial
from core.text import without_nul
from servicedesk.catalogue import actions, rows, schema
from servicedesk.catalogue.asking import OrderForm
from servicedesk.requests import face, policies


class Editor:
    """Views over one offering; its own pages are `pages`."""

    def __init__(self, pages):
        self.pages, self.reference = pages, pages.reference

    def form(self, request, pk):
        return self.part(request, pk, "form")

    def approval(self, request, pk):
        return self.part(request, pk, "approval")

    def fulfilment(self, request, pk):
        return self.part(request, pk, "fulfilment")

    def part(self, request, pk, part):
        offering = self.pages.find(request, pk)
        if request.method != "POST":
            typed = actions.draft_of(offering, part)
            return self.page(request, offering, part, typed)
        check(policies.can_manage_offerings, offering, request.user)
        do = request.POST.get("do", "save")
        typed = rows.read(part, request.POST)
        changed, focus = rows.change(part, typed, do, request.POST)
        seen = request.POST.get("seen", "")
        try:
            offering = actions.save_draft(
                offering, part, changed, by=request.user,
                seen=int(seen) if seen.isdigit() and len(seen) < 9 else None,
            )  # fmt: skip
        except Stale as stale:
            return self.page(request, offering, part, changed, refused=stale.reasons, status=409)
        if do == "publish":
            return self.put_in_use(request, offering, part, changed)
        problems = actions.problems_of(offering).get(part, []) if do == "save" else []
        if do == "save" and not problems:
            messages.success(request, _("The draft is kept. The version in use is as it was."))
        return self.page(
            request, offering, part, changed, problems=problems, focus=focus,
            status=422 if problems else 200,
        )  # fmt: skip

    def page(self, request, offering, part, typed, *, problems=(), focus=None, refused=(),
             status=200):  # fmt: skip
        kind = rows.KINDS[part]
        may_edit = policies.can_manage_offerings(offering, request.user)
        offering.shown_name = getattr(offering, "shown_name", str(offering))
        elsewhere = {
            name: len(found)
            for name, found in actions.problems_of(offering).items()
            if name != part
        }
        tabs = {tab.name: tab.label for tab in self.reference.tabs}
        context = self.pages.context(request, offering, part) | {
            "offering": offering, "part": part, "may_edit": may_edit, "refused": list(refused),
            "rows": [kind(row, typed, place, problems, focus) for place, row in enumerate(typed)],
            "problems": [_said(problem, typed) for problem in problems],
            "elsewhere": [
                (tabs[name], self.reference.url(name, offering), count)
                for name, count in elsewhere.items()
            ],
            "types": list(schema.TYPES.items()), "action": self.reference.url(part, offering),
            "preview_url": self.reference.url("preview", offering),
            "discard_url": self.reference.url("discard", offering),
            "preview": preview_of(request, offering, typed) if part == "form" else None,
            "megabytes": preferences.get("upload_megabytes"),
        }  # fmt: skip
        if wants_partial(request) and status == 409:
            status = 422
        return render(request, "servicedesk/offerings/part.html", context, status=status)

    def preview(self, request, pk):
        """The form as people will see it, of what is typed just now; nothing is kept."""
        offering = self.pages.find(request, pk)
        typed = rows.read("form", request.POST)
        context = {
            "preview": preview_of(request, offering, typed),
            "megabytes": preferences.get("upload_megabytes"),
        }
        return render(request, "servicedesk/offerings/_preview.html", context)

    # --- putting it in use ----------------------------------------------------------------------

    def publish(self, request, pk):
        offering = self.pages.find(request, pk)
        check(policies.can_manage_offerings, offering, request.user)
        return self.put_in_use(request, offering, "form", actions.draft_of(offering, "form"))

    def put_in_use(self, request, offering, part, typed):
        found = actions.problems_of(offering)
        if found:
            problems = found.get(part, [])
            refused = [] if problems else [_("Other parts have to be mended first, see below.")]
            return self.page(request, offering, part, typed, problems=problems, refused=refused,
                             status=422)  # fmt: skip
        note = without_nul(request.POST.get("note", ""))[:300]
        try:
            made = actions.publish(offering, by=request.user, note=note)
        except Refused as refusal:
            return self.page(request, offering, part, typed, refused=refusal.reasons, status=409)
        words = _("Version %(number)d of “%(name)s” is in use now.")
        messages.success(request, words % {"number": made.current.number, "name": made.name})
        url = self.reference.url("versions", offering)
        return HttpResponseClientRedirect(url) if wants_partial(request) else redirect(url)

    def discard(self, request, pk):
        offering = self.pages.find(request, pk)
        check(policies.can_manage_offerings, offering, request.user)
        actions.discard_draft(offering, by=request.user)
        messages.success(request, _("The draft is gone; the version in use is as it was."))
        return redirect(self.reference.url("form", offering))

    # --- what was in use ------------------------------------------------------------------------

    def versions(self, request, pk):
        offering = self.pages.find(request, pk)
        found = list(offering.versions.select_related("published_by")[:200])
        for version in found:
            version.href = f"{version.number}/"
            version.price_text = face.money(version.price, version.currency)
        context = self.pages.context(request, offering, "versions") | {
            "offering": offering, "versions": found,
            "may_edit": policies.can_manage_offerings(offering, request.user),
        }  # fmt: skip
        return render(request, "servicedesk/offerings/versions.html", context)

    def version(self, request, pk, number):
        offering = self.pages.find(request, pk)
        found = offering.versions.filter(number=number).first() if number < 2**31 else None
        if found is None:
            raise Http404
        context = self.pages.context(request, offering, "versions") | {
            "offering": offering, "version": found,
            "preview": preview_of(request, offering, found.form),
            "stages": [rows.StageRow(row, found.approval, place).title
                       for place, row in enumerate(found.approval)],
            "tasks": [rows.TaskRow(row, found.fulfilment, place).title
                      for place, row in enumerate(found.fulfilment)],
            "price": face.money(found.price, found.currency),
            "megabytes": preferences.get("upload_megabytes"),
        }  # fmt: skip
        return render(request, "servicedesk/offerings/version.html", context)


def preview_of(request, offering, typed):
    """The form of half done questions, as far as it can be drawn: what is no question yet is left
    out."""
    questions, seen = [], set()
    for question in schema.read(typed):
        if schema.KEY.fullmatch(question.key) and question.key not in seen:
            seen.add(question.key)
            questions.append(question)
    version = SimpleNamespace(form=schema.write(questions), number=0)
    try:
        return OrderForm(
            offering=offering, version=version, by=request.user, requester=request.user
        )
    except (ValidationError, ValueError):
        return None


def _said(problem, typed):
    """(place, sentence with the row's own name)"""
    row = typed[problem.place] if problem.place < len(typed) else {}
    name = row.get("label_en") or row.get("label_zh") or row.get("title_en") or row.get("title_zh")
    return problem.place, f"{name or problem.place + 1}: {problem.text}"
