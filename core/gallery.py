"""Every part of the interface on one page, for those who build pages and for visual tests. The
values are samples; nothing here is read from or written to the database."""

from datetime import timedelta
from types import SimpleNamespace

from django import forms
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core.access import Gate, access
from core.paging import Page

STATES = (
    (gettext_lazy("New"), "plum", "circle-dashed"),
    (gettext_lazy("Assigned"), "info", "circle"),
    (gettext_lazy("In progress"), "info", "loader-circle"),
    (gettext_lazy("Waiting for user"), "", "circle-pause"),
    (gettext_lazy("Resolved"), "ok", "circle-check"),
    (gettext_lazy("Closed"), "", "circle-check-big"),
    (gettext_lazy("Breached"), "danger", "octagon-alert"),
)
PEOPLE = tuple(
    SimpleNamespace(pk=number, name=name)
    for number, name in enumerate(("林玫 Mei Lin", "Jonas Weber", "王强", "Sofia Okafor"), 1)
)


class SampleForm(forms.Form):
    """One field of each kind."""

    title = forms.CharField(label=gettext_lazy("Title"), help_text=gettext_lazy("One sentence."))
    person = forms.CharField(label=gettext_lazy("Requester"), required=False)
    state = forms.ChoiceField(
        label=gettext_lazy("State"), choices=[("1", STATES[0][0]), ("2", STATES[1][0])]
    )
    contact = forms.ChoiceField(
        label=gettext_lazy("Answer by"),
        choices=[("mail", gettext_lazy("E-mail")), ("phone", gettext_lazy("Telephone"))],
        widget=forms.RadioSelect,
    )
    is_vip = forms.BooleanField(label=gettext_lazy("VIP"), required=False)
    text = forms.CharField(
        label=gettext_lazy("Description"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )


@require_safe
@access(Gate.ADMIN)
def gallery(request):
    now = timezone.localtime()
    context = {
        "states": STATES,
        "people": PEOPLE,
        "group": SimpleNamespace(pk=2, name="L2"),
        "levels": range(1, 6),
        "tones": ("", "info", "ok", "warn", "danger", "plum", "note"),
        "clocks": _clocks(now),
        "instants": (now, now + timedelta(days=1), now - timedelta(days=40), now.date()),
        "lengths": (45, 3_960, 5_100, 93_600, 259_200),
        "form": SampleForm(initial={"contact": "mail"}),
        "bad_form": SampleForm({"title": "", "state": "9"}, prefix="bad"),
        "page": Page(list(range(50)), after="next"),
        "total": "1,000+",
    }
    return render(request, "ui/gallery.html", context)


def _clocks(now):
    due = now + timedelta(minutes=41)
    resolve, respond = _("Resolve"), _("Respond")
    return (
        {"state": "breached", "text": _("12 m over"), "metric": resolve, "moment": "13:42",
         "tape": ((0, 38, "run"), (38, 55, "pause"), (55, 88, "run"), (88, 100, "over")),
         "notch": 88},
        {"state": "risk", "text": _("41 m left"), "metric": resolve, "moment": "14:35",
         "due": due, "ticks": True, "tape": ((0, 82, "run"),)},
        {"state": "ok", "text": _("5 h 40 m left"), "metric": respond, "moment": "15:00",
         "tape": ((0, 28, "run"),)},
        {"state": "pause", "text": _("Paused"), "metric": resolve, "moment": _("3 h 10 m left"),
         "tape": ((0, 34, "run"), (34, 48, "pause"))},
        {"state": "met", "text": _("Met in 6 m"), "metric": respond, "moment": "10:09",
         "tape": ((0, 40, "run"),)},
    )  # fmt: skip
