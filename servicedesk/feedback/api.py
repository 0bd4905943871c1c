"""Feedback by API: every step a POST, same guards and words as the page."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from cmdb.models import Service
from core.api.fields import StrictSerializer
from core.api.writes import IdempotentCreate
from incidents.api_serializers import (
    CommentSerializer,
    MessageSerializer,
    ReasonSerializer,
    StepSerializer,
    code,
)
from people.models import Person, SupportGroup
from records.api import RecordSerializer, TimelineEntrySerializer
from records.models import Record
from servicedesk.feedback import policies
from servicedesk.feedback.actions import ending, filing, handling
from servicedesk.models import Feedback
from slm import work


class FeedbackSerializer(RecordSerializer):
    """Feedback as the API shows it. All of it is read-only: actions change it."""

    owner_group = serializers.SlugRelatedField("code", read_only=True)
    owner = serializers.SlugRelatedField("code", read_only=True)
    about_group = serializers.SlugRelatedField("code", read_only=True)
    reported_by = serializers.SlugRelatedField("code", read_only=True)
    about_record = serializers.SerializerMethodField()
    about_person = serializers.SlugRelatedField("code", read_only=True)

    class Meta(RecordSerializer.Meta):
        model = Feedback
        fields = [
            *RecordSerializer.Meta.fields, "description", "channel", "reported_by",
            "owner_group", "owner", "feedback_kind", "about_record", "about_group",
            "about_person", "severity", "answer", "outcome", "level", "closure_via",
            "rejection_deadline",
        ]  # fmt: skip
        read_only_fields = fields

    def get_about_record(self, feedback) -> str | None:
        """Its number, where the reader may see it."""
        if not feedback.about_record_id:
            return None
        seen = Record.objects.visible_to(self.context["request"].user)
        return seen.filter(pk=feedback.about_record_id).values_list("number", flat=True).first()


class NewFeedbackSerializer(StrictSerializer):
    feedback_kind = serializers.ChoiceField(choices=Feedback.Kind.choices)
    title = serializers.CharField(max_length=200)
    description = serializers.CharField(max_length=20_000, required=False, allow_blank=True)
    severity = serializers.ChoiceField(choices=Feedback.Severity.choices, required=False)
    requester = code(Person.objects.active())
    service = code(Service.objects.all())
    about_group = code(SupportGroup.objects.active())
    about_record = serializers.CharField(max_length=20, required=False)
    about_person = code(Person.objects.active())


class OwnerSerializer(StepSerializer):
    owner = code(Person.objects.active())
    note = serializers.CharField(max_length=500, required=False, allow_blank=True)


class AnswerSerializer(StepSerializer):
    answer = serializers.CharField(max_length=20_000)
    outcome = serializers.ChoiceField(choices=Feedback.Outcome.choices, required=False)


class WishSerializer(StepSerializer):
    wish = serializers.CharField(max_length=2000)


def step(serializer):
    """A lifecycle step: POST, answered with the feedback as it is then."""

    def decorate(view):
        described = extend_schema(request=serializer, responses=FeedbackSerializer)(view)
        return action(detail=True, methods=["post"], serializer_class=serializer)(described)

    return decorate


class FeedbackViewSet(
    IdempotentCreate, mixins.RetrieveModelMixin, mixins.ListModelMixin, mixins.CreateModelMixin,
    viewsets.GenericViewSet,
):  # fmt: skip
    queryset = Feedback.objects.none()
    serializer_class = FeedbackSerializer
    lookup_field = "number"
    lookup_value_regex = r"FBK-[0-9]{6,12}"
    filterset_fields = ("state", "phase", "feedback_kind", "severity", "outcome")
    page_order = ("-updated_at", "-pk")

    def get_queryset(self):
        return Feedback.objects.visible_to(self.request.user).select_related(
            "organization", "service", "requester", "assigned_group", "assignee", "owner_group",
            "category", "ci", "pending_reason", "site", "reported_by", "owner", "about_group",
            "about_record", "about_person",
        )  # fmt: skip

    def asked(self, serializer=None):
        found = (serializer or self.get_serializer_class())(
            data=self.request.data, context=self.get_serializer_context()
        )
        found.is_valid(raise_exception=True)
        inputs = dict(found.validated_data)
        inputs["seen_version"] = inputs.pop("version", None)
        return inputs

    @extend_schema(request=NewFeedbackSerializer, responses={201: FeedbackSerializer})
    def create(self, request, *args, **kwargs):
        """Complain, praise or suggest. With an `Idempotency-Key`, at most once."""
        return super().create(request, *args, **kwargs)

    def make(self, request):
        inputs = self.asked(NewFeedbackSerializer)
        inputs.pop("seen_version")
        person = request.user
        if inputs.get("requester", person) != person and not person.access.is_agent:
            raise PermissionDenied
        if number := inputs.get("about_record"):
            seen = Record.objects.visible_to(person).filter(number=number).first()
            if seen is None:
                raise serializers.ValidationError({"about_record": [_("There is no such record.")]})
            inputs["about_record"] = seen
        made = filing.give(by=person, channel="api", **inputs)
        response = Response(
            FeedbackSerializer(made, context=self.get_serializer_context()).data, status=201
        )
        response["Location"] = request.build_absolute_uri(f"{request.path}{made.number}/")
        return response

    def do(self, act, policy):
        found = self.get_object()
        if not policy(found, self.request.user):
            raise PermissionDenied
        act(found, by=self.request.user, **self.asked())
        found = self.get_queryset().get(pk=found.pk)
        return Response(FeedbackSerializer(found, context=self.get_serializer_context()).data)

    @step(OwnerSerializer)
    def review(self, request, number):
        return self.do(handling.review, policies.can_work)

    @step(OwnerSerializer)
    def hand_over(self, request, number):
        """`owner` is needed."""
        if "owner" not in request.data:
            raise serializers.ValidationError({"owner": ["-"]})
        return self.do(handling.hand_over, policies.can_work)

    @step(AnswerSerializer)
    def answer(self, request, number):
        return self.do(handling.give_answer, policies.can_answer)

    @step(WishSerializer)
    def improve(self, request, number):
        """Ask the owner of the service for an improvement."""
        return self.do(handling.raise_improvement, policies.can_answer)

    @step(ReasonSerializer)
    def escalate(self, request, number):
        """Not content with the answer."""
        return self.do(ending.escalate, policies.can_escalate)

    @step(CommentSerializer)
    def close(self, request, number):
        return self.do(ending.close, policies.can_close)

    @step(ReasonSerializer)
    def withdraw(self, request, number):
        return self.do(ending.withdraw, policies.can_withdraw)

    @extend_schema(request=MessageSerializer, responses={201: TimelineEntrySerializer})
    @action(detail=True, methods=["post"], serializer_class=MessageSerializer)
    def reply(self, request, number):
        """A public message. On a finished one it opens a new one that follows it."""
        found, entry = handling.reply(self.get_object(), by=request.user, body=self.asked()["body"])
        entry = entry or found.timeline.order_by("-seq").first()
        return Response(TimelineEntrySerializer(entry).data, status=201)

    @extend_schema(request=MessageSerializer, responses={201: TimelineEntrySerializer})
    @action(detail=True, methods=["post"], serializer_class=MessageSerializer)
    def note(self, request, number):
        """An internal note."""
        entry = work.note(self.get_object(), by=request.user, body=self.asked()["body"])
        return Response(TimelineEntrySerializer(entry).data, status=201)
