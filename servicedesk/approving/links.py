"""The link in a mail by which one person answers one question without signing in.

It is signed, names the person and the round, grows old, and gives no right: whether the person may
answer is worked out anew when they do. Once the round is answered the link has done its work.
"""

from django.core import signing

from people.models import Person
from records.models import Approval

SALT = "servicedesk.approving"
SECONDS_VALID = 30 * 24 * 3600


def make(approval, person):
    return signing.dumps([approval.pk, approval.round, person.pk], salt=SALT)


def read(token):
    """(approval, person) of a link; (None, None) where it is forged, too old, or its round over."""
    try:
        pk, round_, person_pk = signing.loads(token, salt=SALT, max_age=SECONDS_VALID)
    except (signing.BadSignature, ValueError, TypeError):
        return None, None
    approval = Approval.objects.select_related("record").filter(pk=pk, round=round_).first()
    person = Person.objects.filter(pk=person_pk, is_active=True, can_sign_in=True).first()
    return (approval, person) if approval and person else (None, None)
