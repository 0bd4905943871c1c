"""What time does to feedback: it is closed when nobody objects to the answer."""

from django.db.models.functions import Now

from servicedesk.feedback.actions import ending
from servicedesk.models import Feedback


def sweep_due(limit=100):
    """Close up to `limit` answered ones whose time to object is over. Returns how many."""
    due = Feedback.objects.filter(state=Feedback.State.ANSWERED, rejection_deadline__lte=Now())
    done = 0
    for pk in due.order_by("rejection_deadline").values_list("pk", flat=True)[:limit]:
        done += ending.auto_close(pk) is not None
    return done
