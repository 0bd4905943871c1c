"""What an administrator sets about surveys."""

from django.utils.translation import gettext_lazy as _

from core import preferences

preferences.register(
    "survey_on", _("Ask people how content they were"), True,
    _("After the closure of an incident or a request."),
)  # fmt: skip
preferences.register(
    "survey_percent", _("Surveys for a hundred closed tickets"), 50,
    _("Services may differ: see “How often we ask” on the page Satisfaction."),
)  # fmt: skip
preferences.register(
    "survey_quiet_days", _("Days in which one person is asked at most once"), 14
)  # fmt: skip
preferences.register(
    "survey_reminder_days", _("Days until one reminder of a survey"), 4, _("0: no reminder.")
)
preferences.register(
    "survey_open_days", _("Days in which a survey can be answered and changed"), 14
)
