"""The steps of an article's life: a dialog or a page asks for what a step needs, a POST takes it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from core import time
from core.lifecycle import open_steps
from core.pages import check
from knowledge import policies
from knowledge.actions import lifecycle
from knowledge.forms import PublishForm, ReasonForm, StepForm
from knowledge.views.common import agent_page, dialog, find, gone_to, try_once


@dataclass(frozen=True)
class Asked:
    form: type
    policy: Any
    act: Any
    title: Any
    submit: Any
    done: Any
    lead: Any = ""
    label: Any = None
    is_danger: bool = False


STEPS = {
    "submit": Asked(
        StepForm, policies.can_edit, lifecycle.submit,
        gettext_lazy("Submit for review"), gettext_lazy("Submit"),
        gettext_lazy("Submitted. The reviewers are told."),
        gettext_lazy("Somebody else reads it and publishes it. Until then readers see the version "
                     "that is public now, if there is one."),
    ),
    "publish": Asked(
        PublishForm, policies.can_publish, lifecycle.publish,
        gettext_lazy("Publish"), gettext_lazy("Publish"), gettext_lazy("It is published."),
        gettext_lazy("Everybody it is meant for can find and read it from now on."),
    ),
    "send_back": Asked(
        ReasonForm, policies.can_send_back, lifecycle.send_back,
        gettext_lazy("Send back"), gettext_lazy("Send back"),
        gettext_lazy("Sent back. The author is told."),
        label=gettext_lazy("What is missing or wrong?"),
    ),
    "flag": Asked(
        ReasonForm, policies.can_flag, lifecycle.flag,
        gettext_lazy("Needs an update"), gettext_lazy("Mark it"),
        gettext_lazy("Marked. Its owner is told."),
        gettext_lazy("Readers still see it, with a mark."),
        label=gettext_lazy("What is out of date?"),
    ),
    "retire": Asked(
        ReasonForm, policies.can_manage, lifecycle.retire,
        gettext_lazy("Retire"), gettext_lazy("Retire"), gettext_lazy("It is retired."),
        gettext_lazy("Nobody finds it any more. Its story is kept."),
        label=gettext_lazy("Why is it no longer needed?"), is_danger=True,
    ),
}  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page
def step(request, number, name):
    asked = STEPS.get(name)
    if asked is None:
        raise Http404
    article = find(request, number)
    check(asked.policy, article, request.user)
    home = article.get_absolute_url()
    form = form_of(request, asked, article)
    known = {one.name: one.reasons for one in open_steps(article, request.user)}
    conflict = known.get(name, [_("This step is not possible now.")])
    if request.method == "POST" and form.is_valid():
        given = {k: v for k, v in form.cleaned_data.items() if k not in ("version", "submit_token")}

        def act():
            seen = form.cleaned_data["version"]
            asked.act(article, by=request.user, seen_version=seen, **given)
            return home

        url, conflict = try_once(request, form, act)
        if url:
            return gone_to(request, url, asked.done)
    return dialog(
        request, form, title=asked.title, submit=asked.submit, cancel=home, conflict=conflict,
        lead=asked.lead, is_danger=asked.is_danger, record=article, back=home,
    )  # fmt: skip


def form_of(request, asked, article):
    data = request.POST if request.method == "POST" else None
    initial = {"version": article.version}
    if asked.form is PublishForm:
        day = (time.now() + lifecycle.REVIEWED_EVERY).date()
        if article.review_due and article.review_due > time.now().date() + timedelta(days=7):
            day = article.review_due
        return PublishForm(data, initial=initial | {"review_due": day})
    if asked.form is ReasonForm:
        return ReasonForm(data, initial=initial, label=asked.label)
    return asked.form(data, initial=initial)
