"""Pages about persons: the list, the card, and what administrators do to them."""

from django.conf import settings
from django.contrib import messages
from django.db.models import F, Func, TextField
from django.db.models.functions import Coalesce
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import time
from core.access import Gate, access
from core.errors import Stale
from core.forms import once
from core.pages import check, wants_partial
from core.paging import paginate
from core.reference import NotSaved, history, save
from core.reference.saving import merged, sent_before
from core.text import without_nul
from people import actions, policies
from people.forms_people import PasswordForm, PeopleFilter, PersonForm, RoleForm, TokenForm
from people.models import ApiToken, GroupMembership, Person, RoleAssignment

WRITES = ["GET", "HEAD", "POST"]
# How a name is read: from its first Latin letter on, which for 张三 is "zhangsan".
READING = Coalesce(
    Func(F("search"), template="SUBSTRING(%(expressions)s FROM '[a-z].*')"),
    F("search"),
    output_field=TextField(),
)


@require_safe
@access(Gate.AGENT)
def index(request):
    """Everybody, by how their name is read."""
    asked = request.GET.copy()
    asked["q"] = without_nul(asked.get("q", "")).strip()[:100]
    filters = PeopleFilter(asked)
    people = filters.narrow(Person.objects.visible_to(request.user))
    page = paginate(
        people.select_related("organization", "site").annotate(reading=READING),
        order=("reading", "pk"),
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    context = {
        "page": page,
        "filters": filters,
        "is_filtered": filters.is_used,
        "may_edit": policies.can_administer(None, request.user),
    }
    template = "people/_rows.html" if wants_partial(request) else "people/index.html"
    return render(request, template, context)


@require_safe
@access(Gate.SIGNED_IN)
def detail(request, pk):
    person = find(request, pk)
    return card(request, person)


def card(request, person, *, status=200, **more):
    """The card of a person; forms that were refused stand in it."""
    may_edit = policies.can_administer(person, request.user)
    today = time.now().date()
    context = {
        "person": person,
        "may_edit": may_edit,
        "is_own": person.pk == request.user.pk,
        "memberships": person.memberships.filter(valid__contains=today)
        .select_related("group")
        .order_by("group__code"),
        "led": person.led_groups.active().order_by("code"),
        "panels": panels_of(person),
    }
    if may_edit or person.pk == request.user.pk or request.user.access.has_role("AUD"):
        context["roles"] = person.role_assignments.select_related(
            "scope_organization", "scope_group", "granted_by"
        ).order_by("role", "pk")
        for role in context["roles"]:
            role.last_day = last_day(role.valid)
    if may_edit:
        context["tokens"] = person.api_tokens.order_by("revoked_at", "-created_at")
        context["role_form"] = RoleForm(instance=RoleAssignment(person=person), auto_id="role_%s")
        context["token_form"] = TokenForm(auto_id="token_%s")
        context["now"] = time.now()
    return render(request, "people/detail.html", context | more, status=status)


@require_http_methods(WRITES)
@access(Gate.ADMIN)
def new(request):
    return answer(request, Person())


@require_http_methods(WRITES)
@access(Gate.ADMIN)
def edit(request, pk):
    return answer(request, find(request, pk))


def answer(request, person):
    """The form of a person, shown, or taken and saved."""
    name = person.name
    if location := sent_before(request.user, request.POST.get("submit_token")):
        return redirect(location)
    form, status = PersonForm(request.POST or None, instance=person), 200
    if form.is_valid():

        def make():
            saved = save(form, by=request.user)
            messages.success(request, _("%(name)s is saved.") % {"name": saved.name})
            return reverse("people:detail", args=[saved.pk])

        try:
            return redirect(once(request.user, form.cleaned_data["submit_token"], make))
        except NotSaved:
            pass
        except Stale as stale:
            form, status = merged(form, stale), 409
    status = 422 if form.errors and status == 200 else status
    context = {"form": form, "person": person if person.pk else None, "name": name}
    return render(request, "people/form.html", context, status=status)


@sensitive_post_parameters("password", "again")
@never_cache
@require_http_methods(WRITES)
@access(Gate.ADMIN)
def password(request, pk):
    person = find(request, pk)
    form = PasswordForm(person, request.POST or None)
    if form.is_valid():
        actions.set_password(person, form.cleaned_data["password"], by=request.user)
        messages.success(request, _("The password of %(name)s is set.") % {"name": person.name})
        return redirect("people:detail", pk=person.pk)
    context = {"form": form, "person": person}
    return render(request, "people/password.html", context, status=422 if form.errors else 200)


@require_POST
@access(Gate.ADMIN)
def grant(request, pk):
    person = find(request, pk)
    if location := sent_before(request.user, request.POST.get("submit_token")):
        return redirect(location)
    assignment = RoleAssignment(person=person, granted_by=request.user)
    form = RoleForm(request.POST, instance=assignment, auto_id="role_%s")
    if form.is_valid():

        def make():
            saved = save(form, by=request.user)
            messages.success(
                request,
                _("%(name)s has the role %(role)s.")
                % {"name": person.name, "role": saved.get_role_display()},
            )
            return reverse("people:detail", args=[person.pk])

        try:
            return redirect(once(request.user, form.cleaned_data["submit_token"], make))
        except NotSaved:
            pass
    return card(request, person, status=422, role_form=form, refused=form)


@require_POST
@access(Gate.ADMIN)
def withdraw(request, pk, role):
    person = find(request, pk)
    assignment = person.role_assignments.filter(pk=role).first()
    if assignment is None:
        raise Http404
    actions.withdraw(assignment, by=request.user)
    messages.success(
        request,
        _("%(name)s no longer has the role %(role)s.")
        % {"name": person.name, "role": assignment.get_role_display()},
    )
    return redirect("people:detail", pk=person.pk)


@never_cache
@require_POST
@access(Gate.ADMIN)
def issue(request, pk):
    """A new API key. It is shown in this one answer and kept nowhere."""
    person = find(request, pk)
    form = TokenForm(request.POST, auto_id="token_%s")
    if not form.is_valid():
        return card(request, person, status=422, token_form=form, refused=form)
    shown = []

    def make():
        names = ("name", "scope", "days")
        asked = {name: form.cleaned_data[name] for name in names}
        shown.extend(actions.issue_token(person, by=request.user, **asked))
        return reverse("people:detail", args=[person.pk])

    location = once(request.user, form.cleaned_data["submit_token"], make)
    if not shown:  # the same form once more: the key was shown the first time
        return redirect(location)
    token, key = shown
    return render(request, "people/key.html", {"person": person, "token": token, "key": key})


@require_POST
@access(Gate.ADMIN)
def revoke(request, pk, token):
    person = find(request, pk)
    found = ApiToken.objects.filter(person=person, pk=token, revoked_at=None).first()
    if found is None:
        raise Http404
    actions.revoke_token(found, by=request.user)
    messages.success(request, _("The key “%(name)s” is void.") % {"name": found.name})
    return redirect("people:detail", pk=person.pk)


@require_http_methods(WRITES)
@access(Gate.ADMIN)
def leave(request, pk):
    """A leaver: what they still hold is listed before the account is closed."""
    person = find(request, pk)
    if request.method == "POST":
        actions.leave(person, by=request.user)
        messages.success(request, _("%(name)s has left.") % {"name": person.name})
        return redirect("people:detail", pk=person.pk)
    context = {"person": person, "holds": holds_of(person), "panels": panels_of(person)}
    return render(request, "people/leave.html", context)


@require_POST
@access(Gate.ADMIN)
def come_back(request, pk):
    person = find(request, pk)
    actions.come_back(person, by=request.user)
    messages.success(request, _("%(name)s is back.") % {"name": person.name})
    return redirect("people:detail", pk=person.pk)


@require_safe
@access(Gate.MANAGER)
def changes(request, pk):
    """Who changed this person's data, memberships, roles and keys."""
    person = find(request, pk)
    check(may_read_audit, person, request.user)
    page = history.of_row(
        person,
        [(model, "person_id") for model in (GroupMembership, RoleAssignment, ApiToken)],
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    return render(request, "people/history.html", {"person": person, "page": page})


# --- helpers ------------------------------------------------------------------------------------
def find(request, pk):
    """The person, or 404 to those who must not learn of them."""
    people = Person.objects.visible_to(request.user)
    people = people.select_related("organization", "site", "manager", "deputy")
    person = people.filter(pk=pk).first() if pk < 2**63 else None
    if person is None:
        raise Http404
    person.deputy_last_day = last_day(person.deputy_during) if person.deputy_during else None
    return person


def last_day(valid):
    """The last day of a range of days, or None where it has no end."""
    from people.forms_groups import DAY

    return valid.upper - DAY if valid.upper else None


def may_read_audit(_person, reader):
    return reader.access.is_admin or reader.access.has_role("AUD")


def panels_of(person):
    """What upper floors show about a person: [(label, address)], those that exist."""
    found = []
    for label, name in import_string(settings.PANELS).get("people.person", ()):
        try:
            found.append((label, reverse(name, args=[person.pk])))
        except NoReverseMatch:
            continue
    return found


def holds_of(person):
    """What would stay with a leaver: [(what, [names], how many more)]."""
    today = time.now().date()
    memberships = person.memberships.filter(valid__contains=today).select_related("group")
    groups = [membership.group for membership in memberships]
    held = [
        (_("Member of"), groups),
        (_("Leads"), list(person.led_groups.active())),
        (_("Manager of"), list(person.reports.active())),
        (_("Deputy of"), list(Person.objects.active().filter(deputy=person))),
        (
            _("Roles"),
            [role.get_role_display() for role in person.role_assignments.all()],
        ),
        (
            _("Keys that become void"),
            list(person.api_tokens.filter(revoked_at=None)),
        ),
    ]
    return [(label, names[:20], max(0, len(names) - 20)) for label, names in held if names]
