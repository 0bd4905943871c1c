"""Announcements by API: what was published for the caller, and every step for those who may."""

from django.core.exceptions import PermissionDenied
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from cmdb.models import Service
from core.api.fields import StrictSerializer, VisibleField
from core.api.writes import IdempotentCreate
from people.models import Organization, Site
from records.models import Record
from servicedesk.announcements import actions, policies
from servicedesk.models import Announcement
from slm.models import TargetVariation


class AnnouncementSerializer(serializers.ModelSerializer):
    kind = serializers.CharField(source="announcement_kind", read_only=True)
    organizations = serializers.SlugRelatedField("code", many=True, read_only=True)
    sites = serializers.SlugRelatedField("code", many=True, read_only=True)
    services = serializers.SlugRelatedField("code", many=True, read_only=True)
    state_label = serializers.CharField(read_only=True)
    withdrawal = serializers.CharField(read_only=True)

    class Meta:
        model = Announcement
        fields = [
            "number", "version", "state", "state_label", "kind", "severity", "title_en",
            "title_zh", "body_en", "body_zh", "is_for_all", "organizations", "sites", "services",
            "starts_at", "ends_at", "is_banner", "is_in_page", "is_by_mail", "requires_ack",
            "published_at", "ended_at", "withdrawal",
        ]  # fmt: skip
        read_only_fields = fields


class NewAnnouncementSerializer(StrictSerializer):
    kind = serializers.ChoiceField(Announcement.Kind.choices, source="announcement_kind")
    severity = serializers.ChoiceField(Announcement.Severity.choices, required=False)
    title_en = serializers.CharField(max_length=200, required=False, allow_blank=True)
    title_zh = serializers.CharField(max_length=200, required=False, allow_blank=True)
    body_en = serializers.CharField(max_length=8000, required=False, allow_blank=True)
    body_zh = serializers.CharField(max_length=8000, required=False, allow_blank=True)
    is_for_all = serializers.BooleanField(required=False)
    organizations = VisibleField(
        "code", queryset=Organization.objects.active(), many=True, required=False
    )
    sites = VisibleField("code", queryset=Site.objects.all(), many=True, required=False)
    services = VisibleField("code", queryset=Service.objects.live(), many=True, required=False)
    starts_at = serializers.DateTimeField(required=False, allow_null=True)
    ends_at = serializers.DateTimeField(required=False, allow_null=True)
    is_banner = serializers.BooleanField(required=False)
    is_in_page = serializers.BooleanField(required=False)
    is_by_mail = serializers.BooleanField(required=False)
    requires_ack = serializers.BooleanField(required=False)
    about = VisibleField("number", queryset=Record.objects.all(), required=False)
    variation = VisibleField("number", queryset=TargetVariation.objects.all(), required=False)


class AnnouncementStepSerializer(StrictSerializer):
    version = serializers.IntegerField(required=False)


class WithdrawSerializer(AnnouncementStepSerializer):
    reason = serializers.CharField(max_length=300)


class ReadSerializer(StrictSerializer):
    """Nothing to say."""


def step(serializer):
    """A step: POST, answered with the announcement as it is then."""

    def decorate(view):
        described = extend_schema(request=serializer, responses=AnnouncementSerializer)(view)
        return action(detail=True, methods=["post"], serializer_class=serializer)(described)

    return decorate


class AnnouncementViewSet(
    IdempotentCreate, mixins.RetrieveModelMixin, mixins.ListModelMixin, mixins.CreateModelMixin,
    viewsets.GenericViewSet,
):  # fmt: skip
    """Announcements that the caller may see."""

    queryset = Announcement.objects.none()
    serializer_class = AnnouncementSerializer
    lookup_field = "number"
    lookup_value_regex = r"ANN-[0-9]{6,12}"
    filterset_fields = ("announcement_kind", "state")
    page_order = ("-updated_at", "-pk")

    def get_queryset(self):
        rows = Announcement.objects.visible_to(self.request.user)
        return rows.prefetch_related("organizations", "sites", "services")

    def asked(self, serializer=None):
        found = (serializer or self.get_serializer_class())(
            data=self.request.data, context=self.get_serializer_context()
        )
        found.is_valid(raise_exception=True)
        inputs = dict(found.validated_data)
        if "version" in inputs:
            inputs["seen_version"] = inputs.pop("version")
        return inputs

    def answer(self, announcement, status=200):
        found = self.get_queryset().get(pk=announcement.pk)
        context = self.get_serializer_context()
        return Response(AnnouncementSerializer(found, context=context).data, status=status)

    @extend_schema(request=NewAnnouncementSerializer, responses={201: AnnouncementSerializer})
    def create(self, request, *args, **kwargs):
        """A draft. With an `Idempotency-Key`, at most once."""
        return super().create(request, *args, **kwargs)

    def make(self, request):
        if not policies.can_write(None, request.user):
            raise PermissionDenied
        made = actions.write(by=request.user, **self.asked(NewAnnouncementSerializer))
        response = self.answer(made, status=201)
        response["Location"] = request.build_absolute_uri(f"{request.path}{made.number}/")
        return response

    def do(self, act):
        found = self.get_object()
        if not policies.can_publish(found, self.request.user):
            raise PermissionDenied
        return self.answer(act(found, by=self.request.user, **self.asked()))

    @step(AnnouncementStepSerializer)
    def schedule(self, request, number):
        return self.do(actions.schedule)

    @step(AnnouncementStepSerializer)
    def publish(self, request, number):
        return self.do(actions.publish)

    @step(AnnouncementStepSerializer)
    def end(self, request, number):
        return self.do(actions.end)

    @step(WithdrawSerializer)
    def withdraw(self, request, number):
        return self.do(actions.withdraw)

    @step(ReadSerializer)
    def acknowledge(self, request, number):
        """The caller has read it."""
        found = self.get_object()
        self.asked()
        actions.acknowledge(found, by=request.user)
        return self.answer(found)
