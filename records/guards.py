"""Guards that steps of several processes share: (record) -> the reason against it, or None."""

from django.utils.translation import gettext as _


def mandatory_tasks_done(record):
    if record.pk and record.tasks.live().filter(is_mandatory=True).exists():
        return _("A task that must be done is still open.")
    return None
