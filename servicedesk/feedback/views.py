"""Pages of feedback for those who answer it. A view finds, checks, acts, renders."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core.access import Gate, access
from core.pages import check, wants_partial
from servicedesk.feedback import facts, policies
from servicedesk.feedback.actions import editing
from servicedesk.feedback.forms import EditForm
from servicedesk.feedback.steps import STEPS
from servicedesk.models import Feedback
from slm.workspace import agent_page, build, find, find_for_notes, find_readable, to_portal
from slm.workspace_answers import answer, seen_version
from slm.workspace_steps import happened, take_step


@require_GET
@access(Gate.AGENT)
def index(request):
    """The list of feedback is the queue, narrowed to it."""
    return redirect(f"{reverse('servicedesk:queue')}?kind=feedback")


@require_GET
@agent_page
def detail(request, number):
    found = find(request, number, Feedback)
    if found is None:
        return to_portal(Feedback.objects.get(number=number))
    base = found.get_absolute_url()
    page = build(request, found, base=base)
    may_edit = policies.can_work(found, request.user) and not found.is_final
    page.composer.may_reply = page.composer.may_reply and policies.can_comment(found, request.user)
    context = {
        "page": page, "feedback": found, "acts": facts.acts_of(found, request.user),
        "facts": facts.facts_of(found, base, may_edit), "plain": facts.plain_facts(found),
        "about": facts.about(found, request.user), "hint": facts.hint_of(found, request.user),
    }  # fmt: skip
    return render(request, "servicedesk/feedback/detail.html", context)


@require_http_methods(["GET", "POST"])
@agent_page
def step(request, number, step):
    """One step of the lifecycle: a dialog or a page asks for what it needs, a POST takes it."""
    found = STEPS.get(step)
    if found is None:
        raise Http404
    return take_step(request, found, find_readable(request, number, Feedback))


@require_http_methods(["GET", "POST"])
@agent_page
def edit(request, number, name):
    """One fact, changed in its place: a small form instead of the value."""
    found = find_for_notes(request, number, Feedback)
    if name not in editing.EDITABLE or (name == "severity" and not found.is_complaint):
        raise Http404
    check(policies.can_work, found, request.user)
    if found.is_final:
        raise PermissionDenied
    form = EditForm(
        request.POST if request.method == "POST" else None, name=name, record=found,
        person=request.user,
    )  # fmt: skip
    seen = seen_version(request) if request.method == "POST" else None

    def act(cleaned):
        editing.edit(found, by=request.user, seen_version=seen, **{name: cleaned["value"]})

    template = "incidents/_edit.html" if wants_partial(request) else "records/dialog.html"
    label = form.fields["value"].label
    return answer(
        request, form, act, back=found.get_absolute_url(),
        title=_("Change: %(label)s") % {"label": label}, submit=_("Save"),
        done=_("%(label)s is changed.") % {"label": label}, template=template,
        changes=lambda: happened(request, found), name=name, incident=found,
    )  # fmt: skip
