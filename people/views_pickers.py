"""Suggestions of the comboboxes: persons, groups, organisations. Rows of what the asker may see,
and never an empty list without a reason."""

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.access import Gate, access
from core.text import without_nul
from people.models import Organization, Person
from people.pickers import holding
from people.visibility import groups_for, organizations_for, sees_all

SHOWN = 12


@require_safe
@access(Gate.SIGNED_IN)
def people(request):
    """?q= a name in any script, by sound, number, mail, telephone; agents=1: who works here."""
    rows = Person.objects.visible_to(request.user).active().humans()
    if request.GET.get("agents") == "1":
        rows = rows.filter(pk__in=Person.objects.agents().values("pk"))
    if (organization := request.GET.get("organization", "")).isdecimal():
        rows = rows.filter(organization_id=min(int(organization), 2**63 - 1))
    words = words_of(request)
    if words:
        rows = rows.matching(words)
    rows = rows.select_related("organization", "site").order_by("name", "pk")
    options = [
        option(person, person.name, person.code, person.organization, person.site, person.job_title)
        for person in rows[: SHOWN + 1]
    ]
    if sees_all(request.user):
        reason = _("No person matches “%(words)s”.") % {"words": words}
    else:
        reason = _("You may choose yourself, and colleagues where tickets are shared.")
    return answer(request, options, words, reason, _("Nobody may be chosen here."))


@require_safe
@access(Gate.SIGNED_IN)
def groups(request):
    words = words_of(request)
    rows = groups_for(request.user).filter(is_active=True).filter(holding(words)).order_by("code")
    options = [
        option(group, group.name, group.code, group.get_kind_display())
        for group in rows[: SHOWN + 1]
    ]
    if sees_all(request.user):
        reason = _("No group matches “%(words)s”.") % {"words": words}
        return answer(request, options, words, reason, _("There is no group yet."))
    reason = _("The service desk chooses the group.")
    return answer(request, options, words, reason, reason)


@require_safe
@access(Gate.SIGNED_IN)
def organizations(request):
    words = words_of(request)
    rows = organizations_for(request.user).filter(is_active=True).filter(holding(words))
    if (kind := request.GET.get("kind")) in Organization.Kind.values:
        rows = rows.filter(kind=kind)
    rows = rows.select_related("parent").order_by("code")
    options = [
        option(row, row.name, row.code, row.parent, row.get_kind_display())
        for row in rows[: SHOWN + 1]
    ]
    if sees_all(request.user):
        reason = _("No organisation matches “%(words)s”.") % {"words": words}
    else:
        reason = _("You may choose the organisations that you belong to.")
    return answer(request, options, words, reason, _("There is no organisation yet."))


def words_of(request):
    return without_nul(request.GET.get("q", "")).strip()[:100]


def option(row, name, *more):
    """What a suggestion shows: the name, and under it what tells it from its like."""
    return {"value": row.pk, "text": name, "sub": " · ".join(str(one) for one in more if one)}


def answer(request, options, words, no_match, nothing):
    context = {
        "options": options[:SHOWN],
        "has_more": len(options) > SHOWN,
        "reason": no_match if words else nothing,
    }
    return render(request, "people/_options.html", context)
