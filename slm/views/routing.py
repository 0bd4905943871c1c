"""Why a record stands where it stands: the fixed rules, then each rule with each condition (D20)."""

from django.shortcuts import render
from django.views.decorators.http import require_GET

from records import policies, routing_story
from slm.workspace import agent_page, find_for_notes
from slm.workspace_routed import routed_words


@require_GET
@agent_page
def why(request, number):
    record = find_for_notes(request, number)
    opened = record.timeline.filter(verb__endswith=".opened").order_by("seq").first()
    context = {
        "record": record, "back": record.get_absolute_url(),
        "runs": routing_story.runs_of(record),
        "fixed": routed_words((opened.data.get("why") if opened else None) or []),
        "may_read_rules": policies.can_read_rules(None, request.user),
    }  # fmt: skip
    return render(request, "routing/why.html", context)
