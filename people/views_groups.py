"""The members of a support group: by administrators, and by the lead of the group."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core import time
from core.errors import Stale
from core.forms import once
from core.pages import check
from core.paging import paginate
from core.reference import NotSaved, save
from core.reference.saving import merged, sent_before
from core.text import without_nul
from people import actions, policies
from people.forms_groups import DAY, MembershipForm
from people.models import GroupMembership


class Members:
    """Views over one group's memberships; the group's own pages are `pages`."""

    def __init__(self, pages):
        self.pages, self.reference = pages, pages.reference

    def index(self, request, pk):
        """Who belongs to the group now, or belonged to it; a POST adds a member."""
        group = self.pages.find(request, pk)
        may_edit = policies.can_manage_group(group, request.user)
        if request.method == "POST":
            check(policies.can_manage_group, group, request.user)
        if location := sent_before(request.user, request.POST.get("submit_token")):
            return redirect(location)
        form = MembershipForm(request.POST or None, instance=GroupMembership(group=group))
        if form.is_valid():
            try:
                return redirect(self.saved(request, form, group))
            except NotSaved:
                pass
        context = self.pages.context(request, group, "members") | self.listed(request, group)
        context |= {"form": form, "may_edit": may_edit}
        status = 422 if form.errors else 200
        return render(request, "people/members.html", context, status=status)

    def edit(self, request, pk, member):
        group, membership = self.find(request, pk, member)
        form, status = MembershipForm(request.POST or None, instance=membership), 200
        if form.is_valid():
            try:
                return redirect(self.saved(request, form, group))
            except NotSaved:
                status = 422
            except Stale as stale:
                form, status = merged(form, stale), 409
        context = self.pages.context(request, group, "members") | {
            "form": form,
            "membership": membership,
            "members_url": self.reference.url("members", group),
        }
        status = 422 if form.errors and status == 200 else status
        return render(request, "people/member.html", context, status=status)

    def end(self, request, pk, member):
        group, membership = self.find(request, pk, member)
        actions.leave_group(membership.person, group, by=request.user)
        messages.success(
            request,
            _("%(name)s is no longer a member of %(group)s.")
            % {"name": membership.person.name, "group": group},
        )
        return redirect(self.reference.url("members", group))

    def find(self, request, pk, member):
        group = self.pages.find(request, pk)
        check(policies.can_manage_group, group, request.user)
        membership = group.memberships.select_related("person").filter(pk=member).first()
        if membership is None:
            raise Http404
        return group, membership

    def saved(self, request, form, group):
        def make():
            membership = save(form, by=request.user)
            messages.success(
                request, _("The membership of %(name)s is saved.") % {"name": membership.person}
            )
            return self.reference.url("members", group)

        return once(request.user, form.cleaned_data["submit_token"], make)

    def listed(self, request, group):
        words = without_nul(request.GET.get("q", "")).strip()[:100]
        with_former = request.GET.get("former") == "1"
        today = time.now().date()
        rows = group.memberships.select_related("person__organization", "person__site")
        if not with_former:
            rows = rows.exclude(valid__fully_lt=(today, None))
        if words:
            people = GroupMembership._meta.get_field("person").related_model.objects
            rows = rows.filter(person__in=people.matching(words))
        page = paginate(
            rows,
            order=("person__name", "pk"),
            after=request.GET.get("after", ""),
            before=request.GET.get("before", ""),
        )
        for row in page:
            row.is_present = today in Period(row.valid)
            row.last_day = row.valid.upper - DAY if row.valid.upper else None
            row.is_future = bool(row.valid.lower and row.valid.lower > today)
        return {
            "page": page, "words": words, "with_former": with_former, "is_filtered": bool(words),
        }  # fmt: skip


class Period:
    """A range of days that answers `day in period`; without an end it is open there."""

    def __init__(self, valid):
        self.valid = valid

    def __contains__(self, day):
        lower, upper = self.valid.lower, self.valid.upper
        return (lower is None or lower <= day) and (upper is None or day < upper)
