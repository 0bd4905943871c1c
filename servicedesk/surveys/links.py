"""The link in a mail by which one person says how content they were, without signing in.

It is signed and names the survey, the person, the record and the round of reopening, so that no
link fits another question; it gives no other right. It holds as long as the survey is open, which
the survey's row says.

Opening it writes nothing. Programs that check mails open every link in them: if opening noted the
score, each such mail would be answered five times, and the last link would win. So the page that
opens shows the chosen score and sends it itself, by script (one click from the mail); without
scripts a button does. Both are a POST, which these programs do not send. Until the survey is over
the same page changes the score and takes a comment.
"""

from django.core import signing
from django.urls import reverse

from servicedesk.models import SurveyResponse

SALT = "servicedesk.surveys"


def make(survey):
    parts = [survey.token, survey.person_id, survey.record_id, survey.round]
    return signing.dumps(parts, salt=SALT)


def read(token):
    """The survey of a link, or None where it is forged or fits no question."""
    try:
        key, person, record, round_ = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    rows = SurveyResponse.objects.select_related("record", "person")
    return rows.filter(token=key, person_id=person, record_id=record, round=round_).first()


def of_page(record, person, at):
    """The person's own open survey about a record with the five addresses, for the portal's page:
    {"survey", "choices": [(score, label, address)]}, or None."""
    rows = SurveyResponse.objects.filter(record=record, person=person, closes_at__gte=at)
    survey = rows.order_by("-round").first()
    if survey is None:
        return None
    token = make(survey)
    choices = [
        (score, label, reverse("servicedesk:survey_link", args=[token, score]))
        for score, label in SurveyResponse.Score.choices
    ]
    return {"survey": survey, "choices": choices}
