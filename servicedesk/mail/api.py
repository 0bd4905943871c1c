"""The door for mail servers: a raw mail by POST. Stored, then answered; decided afterwards."""

from django.conf import settings
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import APIException, NotFound, PermissionDenied, ValidationError
from rest_framework.parsers import BaseParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from people.models import ApiToken
from servicedesk.mail import intake
from servicedesk.models import Mailbox


class TooLarge(APIException):
    status_code = 413
    default_detail = "too large"


class RawMail(BaseParser):
    """The body as it is; a mail has no fixed type."""

    media_type = "*/*"

    def parse(self, stream, media_type=None, parser_context=None):
        most = 2 * settings.MAIL_IN_MOST_BYTES
        raw = stream.read(most + 1)
        if len(raw) > most:
            raise TooLarge(_("The mail is larger than %(most)d bytes.") % {"most": most})
        return raw


class ReceivedSerializer(serializers.Serializer):
    id = serializers.IntegerField()


def may_deliver(mailbox, person):
    """The integration that the mailbox names, and nobody else."""
    return mailbox.deliverer_id is not None and mailbox.deliverer_id == person.pk


class ReceiveMail(APIView):
    """Deliver one mail (RFC 5322, as it came). The same bytes twice give the same id."""

    parser_classes = [RawMail]
    permission_classes = [IsAuthenticated]

    @extend_schema(
        request={"message/rfc822": OpenApiTypes.BINARY},
        responses={202: ReceivedSerializer},
        parameters=[OpenApiParameter("mailbox", str, description="The mailbox's code")],
    )
    def post(self, request):
        if not isinstance(request.auth, ApiToken):
            raise PermissionDenied(_("Mail is delivered with an API key only."))
        mailbox = self.mailbox(request)
        raw = request.data
        if not isinstance(raw, bytes) or not raw.strip():
            raise ValidationError({"": [_("The body is empty: send the mail as it came.")]})
        return Response({"id": intake.receive(raw, mailbox)}, status=202)

    def mailbox(self, request):
        """The one that is named, or the only one that this integration delivers to."""
        mine = Mailbox.objects.active().filter(deliverer=request.user)
        if not mine.exists():
            raise PermissionDenied(_("This key may not deliver mail."))
        if (code := request.query_params.get("mailbox")) is not None:
            found = mine.filter(code=code[:32].replace("\x00", "")).first()
            if found is None:
                raise NotFound
            return found
        if mine.count() > 1:
            raise ValidationError({"mailbox": [_("Say to which mailbox.")]})
        return mine.get()
