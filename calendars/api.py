"""The API of the calendars: what they are, and what time they make of a start and an end."""

from datetime import UTC

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, permissions, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from calendars import answers, policies
from calendars.forms import in_range
from calendars.models import Calendar, Kind

TEN_YEARS = 3_653 * 86_400


class MayRead(permissions.BasePermission):
    def has_permission(self, request, view):
        return policies.can_read(None, request.user)


class InstantField(serializers.DateTimeField):
    """An instant with its offset. A time without one names no instant and is refused."""

    default_error_messages = {
        "naive": _("Give the offset from UTC, for example 2026-10-09T16:00:00+08:00."),
    }

    def enforce_timezone(self, value):
        if timezone.is_naive(value):
            self.fail("naive")
        try:
            return in_range(value)
        except ValidationError as error:
            raise serializers.ValidationError(error.messages) from error


class CalendarSerializer(serializers.ModelSerializer):
    name = serializers.CharField(read_only=True)
    version = serializers.IntegerField(source="current_number", read_only=True, allow_null=True)
    effective_from = serializers.DateTimeField(
        source="current_since", read_only=True, allow_null=True
    )

    class Meta:
        model = Calendar
        fields = [
            "code", "name", "name_en", "name_zh", "time_zone", "is_24x7", "is_active",
            "uses_cn_holidays", "version", "effective_from",
        ]  # fmt: skip
        read_only_fields = fields


class DueSerializer(serializers.Serializer):
    start = InstantField()
    seconds = serializers.IntegerField(min_value=0, max_value=TEN_YEARS)
    kind = serializers.ChoiceField(choices=Kind.choices, default=Kind.SUPPORT.value)


class ElapsedSerializer(serializers.Serializer):
    start = InstantField()
    end = InstantField()
    kind = serializers.ChoiceField(choices=Kind.choices, default=Kind.SUPPORT.value)

    def validate(self, attrs):
        if attrs["end"] < attrs["start"]:
            raise serializers.ValidationError({"end": [_("The end lies before the start.")]})
        if (attrs["end"] - attrs["start"]).total_seconds() > TEN_YEARS:
            raise serializers.ValidationError({"end": [_("Ask for ten years at most.")]})
        return attrs


class StretchSerializer(serializers.Serializer):
    def get_fields(self):  # "from" is a word of Python's
        return {
            "from": serializers.DateTimeField(source="start", default_timezone=UTC),
            "to": serializers.DateTimeField(source="end", default_timezone=UTC),
            "seconds": serializers.IntegerField(),
        }


class AnswerSerializer(serializers.Serializer):
    calendar = serializers.CharField(source="version.calendar.code")
    version = serializers.IntegerField(source="version.number")
    zone = serializers.CharField()
    stretches = StretchSerializer(many=True)


class DueAnswerSerializer(AnswerSerializer):
    due_at = serializers.DateTimeField(source="end", default_timezone=UTC)


class ElapsedAnswerSerializer(AnswerSerializer):
    seconds = serializers.IntegerField()


class CalendarViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Working hours. `due` and `elapsed` answer by the version in force now."""

    serializer_class = CalendarSerializer
    permission_classes = [permissions.IsAuthenticated, MayRead]
    reading_actions = ("due", "elapsed")
    lookup_field = "code"
    page_order = ("code",)
    queryset = Calendar.objects.none()

    def get_queryset(self):
        return Calendar.objects.visible_to(self.request.user).with_current_version()

    @extend_schema(request=DueSerializer, responses=DueAnswerSerializer)
    @action(detail=True, methods=["post"])
    def due(self, request, code):
        """When `seconds` of open time after `start` will have passed."""
        calendar = self.get_object()
        asked = DueSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        return Response(DueAnswerSerializer(answers.due(calendar, **asked.validated_data)).data)

    @extend_schema(request=ElapsedSerializer, responses=ElapsedAnswerSerializer)
    @action(detail=True, methods=["post"])
    def elapsed(self, request, code):
        """The open seconds between `start` and `end`."""
        calendar = self.get_object()
        asked = ElapsedSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        return Response(
            ElapsedAnswerSerializer(answers.elapsed(calendar, **asked.validated_data)).data
        )
