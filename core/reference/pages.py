"""The pages of reference data: list, new, edit, history, in and out of use. One class for all."""

from django.contrib import messages
from django.core.paginator import EmptyPage, Paginator
from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.access import access
from core.errors import Stale
from core.forms import once
from core.pages import check
from core.paging import Page, paginate
from core.reference import history
from core.reference.registry import REGISTRY
from core.reference.saving import NotSaved, merged, save, sent_before, set_active, stale_of
from core.text import without_nul

SIZE = 50
LARGEST_TREE = 20_000


def urlpatterns():
    """The addresses of everything that is registered."""
    patterns = []
    for reference in REGISTRY.values():
        patterns += (reference.pages or Pages)(reference).urls()
    return patterns


class Pages:
    """The pages of one kind. A method is a view: it finds, checks, calls one action, renders."""

    def __init__(self, reference):
        self.reference = reference

    def urls(self):
        slug, gate = self.reference.slug, access(self.reference.gate)
        both = require_http_methods(["GET", "HEAD", "POST"])
        return [
            path(f"{slug}/", require_safe(gate(self.index)), name=slug),
            path(f"{slug}/new/", both(gate(self.new)), name=f"{slug}_new"),
            path(f"{slug}/<int:pk>/", both(gate(self.edit)), name=f"{slug}_edit"),
            path(
                f"{slug}/<int:pk>/history/",
                require_safe(gate(self.history)),
                name=f"{slug}_history",
            ),
            path(
                f"{slug}/<int:pk>/active/", require_POST(gate(self.active)), name=f"{slug}_active"
            ),
            *self.reference.more_urls(self),
        ]

    # --- views ------------------------------------------------------------------------------
    def index(self, request):
        reference = self.reference
        check(reference.can_see, None, request.user)
        words = without_nul(request.GET.get("q", "")).strip()[:100]
        with_inactive = request.GET.get("inactive") == "1"
        rows = reference.rows(reference.model._default_manager.all())
        if not with_inactive:
            rows = rows.filter(is_active=True)
        if words:
            rows = self.found(rows, words)
        page = self.page_of(request, rows, as_tree=reference.is_tree and not words)
        for row in page:
            row.shown_cells = [(column, column.value(row)) for column in reference.columns]
            row.href = reference.url("edit", row)
        context = self.context(request) | {
            "page": page,
            "words": words,
            "with_inactive": with_inactive,
            "may_add": reference.can_edit(None, request.user),
            "is_filtered": bool(words),
        }
        return render(request, "reference/index.html", context)

    def new(self, request):
        check(self.reference.can_edit, None, request.user)
        return self.answer(request, self.reference.model())

    def edit(self, request, pk):
        row = self.find(request, pk)
        if request.method == "POST":
            check(self.reference.can_edit, row, request.user)
        return self.answer(request, row)

    def history(self, request, pk):
        row = self.find(request, pk)
        page = history.of_row(
            row,
            self.reference.children,
            after=request.GET.get("after", ""),
            before=request.GET.get("before", ""),
        )
        context = self.context(request, row, "history") | {"page": page}
        return render(request, "reference/history.html", context)

    def active(self, request, pk):
        row = self.find(request, pk)
        check(self.reference.can_edit, row, request.user)
        wanted = request.POST.get("active") == "1"
        set_active(row, wanted, by=request.user, reasons=self.reference.holds(row))
        if wanted:
            messages.success(request, _("%(name)s is in use again.") % {"name": row})
        else:
            messages.success(request, _("%(name)s is no longer in use.") % {"name": row})
        return redirect(self.reference.url("edit", row))

    # --- the form ---------------------------------------------------------------------------
    def answer(self, request, row):
        """The form of a row, shown, or taken and saved."""
        data = request.POST or None
        if location := sent_before(request.user, request.POST.get("submit_token")):
            return redirect(location)
        form = self.reference.form(data, instance=row)
        parts = [part(row, data) for part in self.reference.parts]
        status = 200
        if data is not None:
            if all([form.is_valid(), *[part.is_valid() for part in parts]]):
                try:
                    return redirect(self.saved(request, form, parts))
                except NotSaved:
                    pass
                except Stale as stale:
                    form, parts, status = self.again(form, stale)
            elif row.pk and form.is_valid() and (stale := stale_of(form)):
                # a part that another writer removed is bad input only at first sight
                form, parts, status = self.again(form, stale)
            status = 422 if status == 200 else status
        context = self.context(request, row if row.pk else None, "edit") | {
            "form": form,
            "parts": parts,
            "everything": Together(form, parts),
            "may_edit": self.reference.can_edit(row if row.pk else None, request.user),
        }
        return render(request, "reference/form.html", context, status=status)

    def saved(self, request, form, parts):
        def make():
            row = save(form, by=request.user, parts=parts)
            messages.success(request, _("%(name)s is saved.") % {"name": row})
            return self.reference.url("edit", row)

        return once(request.user, form.cleaned_data["submit_token"], make)

    def again(self, form, stale):
        """What a late writer gets: their words, over the present row; 409."""
        form = merged(form, stale)
        parts = [part(form.instance, None) for part in self.reference.parts]
        return form, parts, 409

    # --- helpers ----------------------------------------------------------------------------
    def find(self, request, pk):
        """The row, or 404."""
        check(self.reference.can_see, None, request.user)
        rows = self.reference.rows(self.reference.model._default_manager.all())
        row = rows.filter(pk=pk).first() if pk < 2**63 else None
        if row is None:
            raise Http404
        row.shown_name = str(row)  # a refused form leaves its own words on the row
        return row

    def found(self, rows, words):
        condition = Q()
        for name in self.reference.search:
            condition |= Q(**{f"{name}__icontains": words})
        return rows.filter(condition)

    def page_of(self, request, rows, *, as_tree):
        if as_tree:
            return tree_page(rows, request.GET.get("after") or request.GET.get("before"))
        return paginate(
            rows,
            order=(*self.reference.order, "pk"),
            size=SIZE,
            after=request.GET.get("after", ""),
            before=request.GET.get("before", ""),
        )

    def context(self, request, row=None, current=""):
        reference = self.reference
        context = {"reference": reference, "list_url": reference.url()}
        if reference.can_edit(None, request.user):
            context["new_url"] = reference.url("new")
        if row is not None:
            context["row"] = row
            context["active_url"] = reference.url("active", row)
            tabs = [("edit", _("Details")), *[(tab.name, tab.label) for tab in reference.tabs]]
            context["tabs"] = [
                {"href": reference.url(name, row), "label": label, "is_current": name == current}
                for name, label in [*tabs, ("history", _("History"))]
            ]
        return context


class Together:
    """A form and its formsets as one, for the box that lists the errors."""

    def __init__(self, form, parts):
        self.form, self.parts = form, parts

    @property
    def errors(self):
        return bool(
            self.form.errors
            or any(
                part.is_bound and (any(part.errors) or part.non_form_errors())
                for part in self.parts
            )
        )

    def non_field_errors(self):
        errors = list(self.form.non_field_errors())
        for part in self.parts:
            if part.is_bound:
                errors += part.non_form_errors()
                errors += [error for form in part for error in form.non_field_errors()]
        return errors

    def __iter__(self):
        yield from self.form
        for part in self.parts:
            for form in part:
                yield from form


def tree_page(rows, offset):
    """50 rows of a tree, parents before their children, siblings by code. `row.depth` says how deep.

    A row whose parent is not shown (out of use) stands where its parent would have stood.
    """
    nodes = list(rows.order_by("code").values_list("pk", "parent_id")[:LARGEST_TREE])
    known = {pk for pk, _parent in nodes}
    below = {}
    for pk, parent in nodes:
        below.setdefault(parent if parent in known else None, []).append(pk)
    order, depth = [], {}
    waiting = [(pk, 0) for pk in reversed(below.get(None, []))]
    while waiting:
        pk, level = waiting.pop()
        order.append(pk)
        depth[pk] = level
        waiting += [(child, level + 1) for child in reversed(below.get(pk, []))]
    start = int(offset) if offset and offset.isdigit() and len(offset) < 9 else 0
    try:
        page = Paginator(order, SIZE).page(start // SIZE + 1)
    except EmptyPage:
        return Page([])
    found = rows.in_bulk(page.object_list)
    shown = [found[pk] for pk in page.object_list]
    for row in shown:
        row.depth = range(depth[row.pk])
    return Page(
        shown,
        after=str(start // SIZE * SIZE + SIZE) if page.has_next() else "",
        before=str((start // SIZE - 1) * SIZE) if page.has_previous() else "",
    )
