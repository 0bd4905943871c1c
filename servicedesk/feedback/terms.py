"""What an administrator sets about feedback: the desk's own promise of an answer, and silence."""

from django.utils.translation import gettext_lazy as _

from core import preferences

preferences.register(
    "feedback_answer_working_days",
    _("Working days in which feedback is answered"),
    5,
    _("Holds where no agreement promises an answer."),
)
preferences.register(
    "feedback_close_working_days",
    _("Working days until an answer to feedback counts as accepted"),
    5,
)
