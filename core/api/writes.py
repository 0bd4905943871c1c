"""Safe writes: one answer an idempotency key, and no update of what one has not seen."""

import hashlib
import json

from django.db import transaction
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from core.api.problems import problem
from core.models import IdempotencyKey

LONGEST_KEY = 200


class IdempotentCreate:
    """`Idempotency-Key` on create: same key and body, same answer; same key, other body, 422.

    A viewset that does not create by its serializer's `save` says how in `make(request)`.
    """

    def make(self, request):
        return super().create(request)

    def create(self, request, *args, **kwargs):
        key = request.headers.get("Idempotency-Key", "")
        if not key:
            return self.make(request)
        if len(key) > LONGEST_KEY:
            raise exceptions.ValidationError({"Idempotency-Key": [_("The key is too long.")]})
        digest = hashlib.sha256(request.path.encode() + canonical(request.data)).hexdigest()
        with transaction.atomic():
            # The insert waits for a twin that is still at work; after it, the answer is there.
            row, is_new = IdempotencyKey.objects.select_for_update().get_or_create(
                person=request.user, key=key, defaults={"body_sha256": digest}
            )
            if not is_new:
                return self._again(row, digest)
            response = self.make(request)
            row.status, row.answer = response.status_code, json.loads(as_json(response.data))
            row.save(update_fields=["status", "answer"])
        return response

    @staticmethod
    def _again(row, digest):
        if row.body_sha256 != digest:
            return problem(
                status.HTTP_422_UNPROCESSABLE_ENTITY,
                "idempotency-key-reused",
                _("This Idempotency-Key was used with another request."),
            )
        return Response(row.answer, status=row.status, headers={"Idempotent-Replay": "true"})


def canonical(data):
    return json.dumps(data, sort_keys=True, default=str, ensure_ascii=False).encode()


def as_json(data):
    return JSONRenderer().render(data)


def seen_version(request):
    """The version that the writer saw: `version` in the body, or If-Match. Required on update."""
    given = request.data.get("version") if isinstance(request.data, dict) else None
    if given is None:
        given = request.headers.get("If-Match", "").strip('W/" ') or None
    try:
        return int(given)
    except (TypeError, ValueError) as error:
        raise exceptions.ValidationError(
            {"version": [_("Say which version you saw: “version” in the body, or If-Match.")]}
        ) from error
