"""Adding and ending relations, and redundancy groups. All are dialogs on a CI's page."""

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cmdb import actions, forms, policies
from cmdb.models import CI, CIRelation, RedundancyGroup
from cmdb.views.common import answer, find, posted
from core.access import Gate, access
from core.pages import check


@require_http_methods(["GET", "POST"])
@access(Gate.AGENT)
def relate(request, number):
    ci = find(request, number)
    check(policies.can_edit, ci, request.user)
    among = CI.objects.visible_to(request.user).present()
    form = forms.RelateForm(posted(request), ci=ci, among=among)

    def make():
        data = form.cleaned_data
        source, target = ci, data["other"]
        if data["direction"] == "needed":
            source, target = target, source
        relation = actions.relate(
            source, data["type"], target, by=request.user, effect=data["effect"],
            reason=data.get("reason", ""),
        )  # fmt: skip
        if relation.closes_cycle:
            messages.warning(
                request,
                _("%(target)s already depends on %(source)s: the relations now form a circle.")
                % {"target": target.name, "source": source.name},
            )
        return ci.get_absolute_url()

    chosen = form["other"].value()
    other = among.filter(number=chosen).first() if chosen else None
    context = {"ci": ci, "title": _("Add relation"), "submit": _("Add relation"),
               "cancel": ci.get_absolute_url(), "other_text": other.name if other else ""}  # fmt: skip
    return answer(request, form, make, "cmdb/relate.html", context)


@require_http_methods(["GET", "POST"])
@access(Gate.AGENT)
def end(request, number, pk):
    """End a relation that the CI takes part in, on either side."""
    ci = find(request, number)
    mine = CIRelation.objects.current().filter(pk=pk)
    relation = get_object_or_404(
        (mine.filter(source=ci) | mine.filter(target=ci)).select_related("source", "target", "type")
    )
    check(policies.can_edit, relation.source, request.user)
    form = forms.ReasonForm(posted(request), ci=relation.source)

    def make():
        actions.unrelate(relation, by=request.user, reason=form.cleaned_data.get("reason", ""))
        return ci.get_absolute_url()

    lead = _("%(source)s %(relation)s %(target)s. That it did so until now is kept.") % {
        "source": relation.source.name, "relation": relation.type.forward,
        "target": relation.target.name,
    }  # fmt: skip
    context = {"ci": ci, "title": _("End relation"), "submit": _("End relation"), "lead": lead,
               "cancel": ci.get_absolute_url()}  # fmt: skip
    return answer(request, form, make, "cmdb/dialog_form.html", context)


@require_http_methods(["GET", "POST"])
@access(Gate.AGENT)
def redundancy(request, number, pk=None):
    """Make or change a redundancy group of the CI."""
    ci = find(request, number)
    check(policies.can_edit, ci, request.user)
    group = None
    if pk is not None:
        group = get_object_or_404(RedundancyGroup, pk=pk, ci=ci, dissolved_at=None)
    form = forms.RedundancyForm(posted(request), ci=ci, group=group)

    def make():
        data = {k: v for k, v in form.cleaned_data.items() if k != "submit_token"}
        actions.set_redundancy(ci, by=request.user, group=group, **data)
        return ci.get_absolute_url()

    title = _("Redundancy group") if group else _("New redundancy group")
    context = {"ci": ci, "title": title, "submit": _("Save group"), "group": group,
               "cancel": ci.get_absolute_url()}  # fmt: skip
    return answer(request, form, make, "cmdb/dialog_form.html", context)


@require_http_methods(["GET", "POST"])
@access(Gate.AGENT)
def dissolve(request, number, pk):
    ci = find(request, number)
    check(policies.can_edit, ci, request.user)
    group = get_object_or_404(RedundancyGroup, pk=pk, ci=ci, dissolved_at=None)
    form = forms.ReasonForm(posted(request), ci=ci)

    def make():
        actions.dissolve_redundancy(
            group, by=request.user, reason=form.cleaned_data.get("reason", "")
        )
        return ci.get_absolute_url()

    lead = _("Its members become single dependencies: each of them alone can then fail this CI.")
    context = {"ci": ci, "title": _("Dissolve “%(group)s”") % {"group": group.name}, "lead": lead,
               "submit": _("Dissolve group"), "cancel": ci.get_absolute_url()}  # fmt: skip
    return answer(request, form, make, "cmdb/dialog_form.html", context)
