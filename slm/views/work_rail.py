"""The sections beside a record, each loaded when it is opened, and what is done in them."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import formats, time
from core.pages import check, wants_partial
from core.templatetags import ui
from people.models import Person
from records import policies
from records.models import Notification, Record, RecordCI, RecordLink, Task
from slm import work
from slm import workspace_near as near
from slm.forms_work import CIForm, LinkForm, TaskForm, TaskResultForm, TimeForm, WatcherForm
from slm.workspace import agent_page, find_for_notes, find_readable
from slm.workspace_answers import answer, gone_to
from slm.workspace_feed import file_of
from slm.workspace_tasks import tasks_of

TASK_DONE = {
    "start": lambda: _("The task is begun."),
    "complete": lambda: _("The task is done."),
    "fail": lambda: _("The task has failed."),
    "reopen": lambda: _("The task is open again."),
    "skip": lambda: _("The task is skipped."),
    "cancel": lambda: _("The task is cancelled."),
}


def posted(request):
    return request.POST if request.method == "POST" else None


def section(request, record, name, **context):
    """A part of the rail for htmx; a page of its own without."""
    template = f"records/_{name}.html" if wants_partial(request) else "records/section.html"
    context |= {
        "record": record, "back": record.get_absolute_url(), "part": f"records/_{name}.html",
        "base": f"{record_base(record)}", "can_work": policies.can_work(record, request.user),
    }  # fmt: skip
    return render(request, template, context)


def record_base(record):
    return reverse("work:find", args=[record.number])


# --- impact and configuration items -----------------------------------------------------------


@require_GET
@agent_page
def impact(request, number):
    record = find_readable(request, number)
    cis = record.cis.select_related("ci__ci_class").order_by("role", "ci__name")
    return section(
        request, record, "impact", impact=near.impact_of(record, request.user), cis=cis,
        title=_("Service and impact"),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@agent_page
def add_ci(request, number):
    record = find_for_notes(request, number)
    check(policies.can_work, record, request.user)

    def act(cleaned):
        work.add_ci(record, cleaned["ci"], by=request.user, role=cleaned["role"])

    return answer(
        request, CIForm(posted(request), person=request.user), act,
        back=record.get_absolute_url(), title=_("Add a configuration item"), submit=_("Add it"),
        done=lambda cleaned: _("%(name)s was added.") % {"name": cleaned["ci"].name},
    )  # fmt: skip


@require_POST
@agent_page
def remove_ci(request, number, pk):
    record = find_for_notes(request, number)
    row = get_object_or_404(RecordCI, record=record, pk=pk)
    work.remove_ci(row, by=request.user)
    return _back(request, record, _("%(name)s was taken off.") % {"name": row.ci.name})


def _back(request, record, text):
    messages.success(request, text)
    return gone_to(request, record.get_absolute_url())


# --- links ------------------------------------------------------------------------------------


@require_GET
@agent_page
def links(request, number):
    record = find_for_notes(request, number)
    rows = near.related_to(record, request.user, can_work=policies.can_work(record, request.user))
    return section(request, record, "links", rows=rows, title=_("Related"))


@require_http_methods(["GET", "POST"])
@agent_page
def add_link(request, number):
    record = find_for_notes(request, number)
    check(policies.can_work, record, request.user)

    def act(cleaned):
        type_, is_turned = form.link
        ends = (cleaned["target"], record) if is_turned else (record, cleaned["target"])
        work.link(*ends, by=request.user, type_=type_)

    form = LinkForm(posted(request), record=record, person=request.user)
    return answer(
        request, form, act, back=record.get_absolute_url(), title=_("Link a record"),
        submit=_("Link"),
        done=lambda cleaned: _("Linked with %(number)s.") % {"number": cleaned["target"].number},
    )  # fmt: skip


@require_POST
@agent_page
def remove_link(request, number, pk):
    record = find_for_notes(request, number)
    visible = Record.objects.visible_to(request.user).values("pk")
    made = get_object_or_404(
        RecordLink.objects.select_related("source", "target"), pk=pk,
        source__in=visible, target__in=visible,
    )  # fmt: skip
    if record.pk not in {made.source_id, made.target_id}:
        raise Http404
    if made.type in {"duplicate_of", "follows", "converted_from"}:
        raise PermissionDenied
    work.unlink(made, by=request.user)
    return _back(request, record, _("The link was removed."))


@require_GET
@agent_page
def nearby(request, number):
    record = find_for_notes(request, number)
    found = near.nearby_of(record, request.user, time.now())
    return section(
        request, record, "nearby", nearby=found, page=record.get_absolute_url(),
        title=_("Known errors, changes, duplicates"),
    )  # fmt: skip


# --- tasks ------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@agent_page
def add_task(request, number):
    record = find_for_notes(request, number)
    check(policies.can_work, record, request.user)

    def act(cleaned):
        fields = {name: cleaned[name] for name in TASK_FIELDS}
        work.add_task(record, by=request.user, title=cleaned["title"], **fields)

    return answer(
        request, TaskForm(posted(request), person=request.user), act,
        back=record.get_absolute_url(), done=_("The task was added."), title=_("Add a task"),
        submit=_("Add the task"),
    )  # fmt: skip


TASK_FIELDS = ("group", "assignee", "due_at", "is_mandatory", "kind")


@require_http_methods(["GET", "POST"])
@agent_page
def move_task(request, number, pk, step):
    """A step of a task: at once, or with the words that it needs."""
    record = find_for_notes(request, number)
    task = get_object_or_404(Task, record=record, pk=pk)
    if step not in TASK_DONE:
        raise Http404
    if not policies.can_work_on_task(task, request.user):
        raise PermissionDenied
    done = TASK_DONE[step]()
    if step in {"start", "complete", "reopen"}:
        if request.method != "POST":
            return redirect(record.get_absolute_url())
        work.move_task(task, step, by=request.user)
        if not wants_partial(request):
            return _back(request, record, done)
        return _tasks(request, record)

    def act(cleaned):
        work.move_task(task, step, by=request.user, result=cleaned["result"])

    return answer(
        request, TaskResultForm(posted(request)), act, back=record.get_absolute_url(), done=done,
        title=f"{task.number} {task.title}", submit=str(TASK_SUBMIT[step]()),
    )  # fmt: skip


TASK_SUBMIT = {
    "fail": lambda: _("Mark as failed"),
    "skip": lambda: _("Skip the task"),
    "cancel": lambda: _("Cancel the task"),
}


def _tasks(request, record):
    rows = tasks_of(record, request.user)
    page = {
        "tasks": rows, "tasks_done": sum(row.is_done for row in rows), "work": record_base(record),
        "may_add_tasks": policies.can_work(record, request.user) and not record.is_final,
    }  # fmt: skip
    return render(request, "records/_tasks_news.html", {"page": page})


# --- time -------------------------------------------------------------------------------------


@require_GET
@agent_page
def time_spent(request, number):
    record = find_for_notes(request, number)
    rows = list(record.time_entries.select_related("person")[:200])
    lang = ui.language()
    for row in rows:
        row.length = formats.duration_text(row.seconds, lang)
    total = formats.duration_text(sum(row.seconds for row in rows), lang)
    return section(request, record, "time", rows=rows, total=total, title=_("Time"))


@require_http_methods(["GET", "POST"])
@agent_page
def log_time(request, number):
    record = find_for_notes(request, number)
    check(policies.can_work, record, request.user)

    def act(cleaned):
        fields = {name: cleaned[name] for name in ("work_date", "activity", "note")}
        work.log_time(record, by=request.user, seconds=cleaned["seconds"], **fields)

    return answer(
        request, TimeForm(posted(request)), act, back=record.get_absolute_url(),
        done=lambda cleaned: _("%(time)s logged.")
        % {"time": formats.duration_text(cleaned["seconds"], ui.language())},
        title=_("Log time"), submit=_("Log the time"),
    )  # fmt: skip


# --- people -----------------------------------------------------------------------------------


@require_GET
@agent_page
def people(request, number):
    record = find_for_notes(request, number)
    rows = record.watches.select_related("person__organization").order_by("person__name")
    return section(
        request, record, "people", rows=rows, title=_("Watchers and participants"),
        is_watching=any(row.person_id == request.user.pk for row in rows),
    )  # fmt: skip


@require_POST
@agent_page
def watch(request, number):
    record = find_readable(request, number)
    work.watch(record, request.user, by=request.user)
    return _back(request, record, _("You follow %(number)s now.") % {"number": record.number})


@require_POST
@agent_page
def unwatch(request, number):
    record = find_readable(request, number)
    work.unwatch(record, request.user, by=request.user)
    text = _("You do not follow %(number)s any more.") % {"number": record.number}
    if not Record.objects.visible_to(request.user).filter(pk=record.pk).exists():
        messages.success(request, text)
        return gone_to(request, "/")
    return _back(request, record, text)


@require_http_methods(["GET", "POST"])
@agent_page
def add_person(request, number):
    record = find_for_notes(request, number)
    check(policies.can_work, record, request.user)

    def act(cleaned):
        work.watch(record, cleaned["person"], by=request.user, takes_part=cleaned["takes_part"])

    return answer(
        request, WatcherForm(posted(request), person=request.user), act,
        back=record.get_absolute_url(), title=_("Let somebody follow"), submit=_("Let them follow"),
        done=lambda cleaned: _("%(name)s follows this now.") % {"name": cleaned["person"].name},
    )  # fmt: skip


@require_POST
@agent_page
def remove_person(request, number, pk):
    record = find_for_notes(request, number)
    person = get_object_or_404(Person, pk=pk)
    work.unwatch(record, person, by=request.user)
    return _back(
        request, record, _("%(name)s does not follow this any more.") % {"name": person.name}
    )


# --- documents and notices --------------------------------------------------------------------


@require_GET
@agent_page
def documents(request, number):
    record = find_for_notes(request, number)
    rows = record.documents.select_related("uploaded_by").order_by("-pk")[:200]
    files = [(file_of(row), row) for row in rows]
    return section(request, record, "documents", files=files, title=_("Documents"))


@require_POST
@agent_page
def attach(request, number):
    record = find_for_notes(request, number)
    uploads = request.FILES.getlist("files")
    if not uploads:
        messages.warning(request, _("Choose a file first."))
        return gone_to(request, record.get_absolute_url())
    try:
        work.attach(
            record, by=request.user, uploads=uploads,
            is_internal=request.POST.get("is_internal") == "1",
        )  # fmt: skip
    except ValidationError as error:
        context = {"reasons": error.messages, "back": record.get_absolute_url()}
        return render(request, "errors/409.html", context, status=422)
    return _back(request, record, _("The files were attached."))


@require_GET
@agent_page
def notices(request, number):
    record = find_for_notes(request, number)
    rows = (
        Notification.objects.filter(record=record, channel=Notification.Channel.EMAIL)
        .select_related("person").order_by("-created_at")[:100]
    )  # fmt: skip
    return section(request, record, "notices", rows=rows, title=_("Notifications sent"))
