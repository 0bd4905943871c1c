"""Incidents by API: every step a POST, same guards and words as the page."""

from django.core.exceptions import PermissionDenied
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from cmdb.models import CI, Service
from core.api.fields import StrictSerializer, VisibleField
from core.api.writes import IdempotentCreate, seen_version
from incidents import policies
from incidents.actions import alerts, lifecycle, major, merging, messages, opening
from incidents.models import AlertEvent, Incident
from people.models import Person, SupportGroup
from records.api import RecordSerializer, TimelineEntrySerializer
from records.models import Category, ClosureCode, PendingReason
from slm import work

LEVEL = {"min_value": 1, "max_value": 5}


def code(queryset, slug="code", **options):
    options.setdefault("required", False)
    return VisibleField(slug, queryset=queryset, **options)


class IncidentSerializer(RecordSerializer):
    """An incident as the API shows it. All of it is read-only: actions change it."""

    owner_group = serializers.SlugRelatedField("code", read_only=True)
    category = serializers.SlugRelatedField("code", read_only=True)
    ci = serializers.SlugRelatedField("number", read_only=True)
    pending_reason = serializers.SlugRelatedField("code", read_only=True)
    closure_code = serializers.SlugRelatedField("code", read_only=True)
    site = serializers.SlugRelatedField("code", read_only=True)
    reported_by = serializers.SlugRelatedField("code", read_only=True)

    class Meta(RecordSerializer.Meta):
        model = Incident
        fields = [
            *RecordSerializer.Meta.fields, "description", "impact", "urgency", "channel", "site",
            "reported_by", "category", "ci", "owner_group", "pending_reason", "pending_until",
            "confidentiality", "is_major", "incident_kind", "service_interrupted",
            "users_affected", "occurred_at", "detected_at", "first_response_at", "diagnosed_at",
            "repaired_at", "recovered_at", "restored_at", "resolution", "closure_code",
            "closure_via", "rejection_deadline", "reopen_count", "reassign_count",
            "external_ref",
        ]  # fmt: skip
        read_only_fields = fields


class NewIncidentSerializer(StrictSerializer):
    """What a report may say. Requesters name the trouble; agents may say more."""

    title = serializers.CharField(max_length=200)
    description = serializers.CharField(max_length=50_000, required=False, allow_blank=True)
    requester = code(
        Person.objects.active().select_related("organization", "site"),
        help_text="The caller, where left out.",
    )
    service = code(Service.objects.all(), allow_null=True)
    ci = code(CI.objects.all(), "number", allow_null=True)
    category = code(Category.objects.active(), allow_null=True)
    impact = serializers.IntegerField(required=False, allow_null=True, **LEVEL)
    urgency = serializers.IntegerField(required=False, allow_null=True, **LEVEL)
    group = code(SupportGroup.objects.active(), allow_null=True)
    channel = serializers.ChoiceField(choices=Incident.Channel.choices, required=False)
    users_affected = serializers.IntegerField(min_value=0, max_value=10_000_000, required=False)
    service_interrupted = serializers.BooleanField(required=False)
    occurred_at = serializers.DateTimeField(required=False)


class EditSerializer(StrictSerializer):
    version = serializers.IntegerField(required=False)
    title = serializers.CharField(max_length=200, required=False)
    description = serializers.CharField(max_length=50_000, required=False, allow_blank=True)
    service = code(Service.objects.all(), allow_null=True)
    ci = code(CI.objects.all(), "number", allow_null=True)
    category = code(Category.objects.active(), allow_null=True)
    impact = serializers.IntegerField(required=False, **LEVEL)
    urgency = serializers.IntegerField(required=False, **LEVEL)
    incident_kind = serializers.ChoiceField(choices=Incident.Kind.choices, required=False)
    users_affected = serializers.IntegerField(min_value=0, max_value=10_000_000, required=False)
    service_interrupted = serializers.BooleanField(required=False)
    priority = serializers.IntegerField(required=False, **LEVEL)
    reason = serializers.CharField(max_length=300, required=False)


class StepSerializer(StrictSerializer):
    """Every step may say which version its caller saw."""

    version = serializers.IntegerField(required=False)


class AssignSerializer(StepSerializer):
    group = code(SupportGroup.objects.active(), required=True)
    person = code(Person.objects.active(), allow_null=True)
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class EscalateSerializer(StepSerializer):
    group = code(SupportGroup.objects.active(), required=True)
    person = code(Person.objects.active(), allow_null=True)
    note = serializers.CharField(max_length=5000)


class HoldSerializer(StepSerializer):
    reason = code(PendingReason.objects.active(), required=True)
    until = serializers.DateTimeField(required=False, allow_null=True)
    message = serializers.CharField(max_length=20_000, required=False, allow_blank=True)


class ResolveSerializer(StepSerializer):
    resolution = serializers.CharField(max_length=20_000)
    closure_code = code(ClosureCode.objects.active(), required=True)
    service = code(Service.objects.all(), allow_null=True)
    workaround_used = serializers.BooleanField(required=False)
    diagnosed_at = serializers.DateTimeField(required=False)
    repaired_at = serializers.DateTimeField(required=False)
    recovered_at = serializers.DateTimeField(required=False)
    restored_at = serializers.DateTimeField(required=False)


class CommentSerializer(StepSerializer):
    comment = serializers.CharField(max_length=5000, required=False, allow_blank=True)


class ReasonSerializer(StepSerializer):
    reason = serializers.CharField(max_length=5000)


class MessageSerializer(StepSerializer):
    body = serializers.CharField(max_length=50_000)


class TargetSerializer(StepSerializer):
    target = code(Incident.objects.all(), "number", required=True)


class MajorSerializer(StepSerializer):
    reason = serializers.CharField(max_length=300)
    manager = code(Person.objects.active(), required=True)
    severity = serializers.IntegerField(min_value=1, max_value=2, required=False)
    bridge_info = serializers.CharField(max_length=300, required=False, allow_blank=True)
    comms_interval = serializers.IntegerField(min_value=300, max_value=86_400, required=False)


class AlertSerializer(StrictSerializer):
    source = serializers.CharField(max_length=64)
    dedup_key = serializers.CharField(max_length=200)
    severity = serializers.ChoiceField(choices=AlertEvent.Severity.choices)
    summary = serializers.CharField(max_length=200)
    ci = code(CI.objects.all(), "number", allow_null=True)
    service = code(Service.objects.all(), allow_null=True)
    metric = serializers.CharField(max_length=80, required=False, allow_blank=True)


class ClearSerializer(StrictSerializer):
    source = serializers.CharField(max_length=64)
    dedup_key = serializers.CharField(max_length=200)


class AlertAnswerSerializer(serializers.ModelSerializer):
    record = serializers.SlugRelatedField("number", read_only=True)

    class Meta:
        model = AlertEvent
        fields = [
            "id", "source", "dedup_key", "severity", "summary", "count", "flaps",
            "first_seen_at", "last_seen_at", "cleared_at", "record",
        ]  # fmt: skip
        read_only_fields = fields


class EmptySerializer(StepSerializer):
    pass


def step(serializer):
    """A lifecycle step: POST, answered with the incident as it is then."""

    def decorate(view):
        described = extend_schema(request=serializer, responses=IncidentSerializer)(view)
        return action(detail=True, methods=["post"], serializer_class=serializer)(described)

    return decorate


class IncidentViewSet(
    IdempotentCreate, mixins.RetrieveModelMixin, mixins.ListModelMixin, mixins.CreateModelMixin,
    viewsets.GenericViewSet,
):  # fmt: skip
    queryset = Incident.objects.none()
    serializer_class = IncidentSerializer
    lookup_field = "number"
    lookup_value_regex = r"INC-[0-9]{6,12}"
    filterset_fields = ("state", "phase", "priority", "is_major", "sla_status")
    page_order = ("-updated_at", "-pk")

    def get_queryset(self):
        return Incident.objects.visible_to(self.request.user).select_related(
            "organization", "service", "requester", "assigned_group", "assignee", "owner_group",
            "category", "ci", "pending_reason", "closure_code", "site", "reported_by",
        )  # fmt: skip

    def asked(self, serializer=None):
        """The input of a step, read; `version` becomes what the action calls it."""
        found = (serializer or self.get_serializer_class())(
            data=self.request.data, context=self.get_serializer_context()
        )
        found.is_valid(raise_exception=True)
        inputs = dict(found.validated_data)
        inputs["seen_version"] = inputs.pop("version", None)
        return inputs

    def answer(self, incident):
        incident = self.get_queryset().get(pk=incident.pk)
        return Response(IncidentSerializer(incident, context=self.get_serializer_context()).data)

    @extend_schema(request=NewIncidentSerializer, responses={201: IncidentSerializer})
    def create(self, request, *args, **kwargs):
        """Report an incident. With an `Idempotency-Key`, at most once."""
        return super().create(request, *args, **kwargs)

    def make(self, request):
        if not policies.can_open(None, request.user):
            raise PermissionDenied
        inputs = self.asked(NewIncidentSerializer)
        inputs.pop("seen_version")
        requester = inputs.pop("requester", None) or request.user
        if not request.user.access.is_agent:
            for name in ("impact", "group", "channel"):
                inputs.pop(name, None)
        inputs.setdefault("channel", "api")
        incident = opening.open_incident(
            by=request.user, requester=requester,
            reported_by=request.user if requester != request.user else None, **inputs,
        )  # fmt: skip
        context = self.get_serializer_context()
        response = Response(IncidentSerializer(incident, context=context).data, status=201)
        response["Location"] = request.build_absolute_uri(f"{request.path}{incident.number}/")
        return response

    @extend_schema(request=EditSerializer, responses=IncidentSerializer)
    def partial_update(self, request, number):
        """Change facts. `version` (or If-Match) is required: nothing unseen is overwritten."""
        incident = self.get_object()
        version = seen_version(request)
        inputs = self.asked(EditSerializer) | {"seen_version": version}
        if not policies.can_work(incident, request.user):
            raise PermissionDenied
        inputs["override"] = inputs.pop("priority", None)
        inputs.setdefault("reason", "")
        return self.answer(lifecycle.classify(incident, by=request.user, **inputs))

    def do(self, act, **more):
        return self.answer(act(self.get_object(), by=self.request.user, **self.asked(), **more))

    @step(EmptySerializer)
    def start(self, request, number):
        return self.do(lifecycle.start)

    @step(AssignSerializer)
    def assign(self, request, number):
        return self.do(lifecycle.assign)

    @step(EscalateSerializer)
    def escalate(self, request, number):
        return self.do(lifecycle.escalate)

    @step(HoldSerializer)
    def hold(self, request, number):
        return self.do(lifecycle.hold)

    @step(EmptySerializer)
    def resume(self, request, number):
        return self.do(lifecycle.resume)

    @step(ResolveSerializer)
    def resolve(self, request, number):
        return self.do(lifecycle.resolve)

    @step(CommentSerializer)
    def confirm(self, request, number):
        return self.do(lifecycle.confirm)

    @step(ReasonSerializer)
    def reject(self, request, number):
        return self.do(lifecycle.reject_resolution)

    @step(ReasonSerializer)
    def cancel(self, request, number):
        return self.do(lifecycle.cancel)

    @step(TargetSerializer)
    def merge(self, request, number):
        inputs = self.asked()
        return self.answer(
            merging.merge(self.get_object(), by=request.user, target=inputs["target"])
        )

    @step(EmptySerializer)
    def unmerge(self, request, number):
        return self.answer(merging.unmerge(self.get_object(), by=request.user))

    @step(MajorSerializer)
    def declare_major(self, request, number):
        return self.do(major.declare)

    @step(MessageSerializer)
    def broadcast(self, request, number):
        incident = self.get_object()
        major.broadcast(incident, by=request.user, body=self.asked()["body"])
        return self.answer(incident)

    @step(EmptySerializer)
    def end_major(self, request, number):
        return self.answer(major.end(self.get_object(), by=request.user))

    @extend_schema(request=MessageSerializer, responses={201: TimelineEntrySerializer})
    @action(detail=True, methods=["post"], serializer_class=MessageSerializer)
    def reply(self, request, number):
        """A public message. On a closed incident it opens one that follows it."""
        incident, entry = messages.reply(
            self.get_object(), by=request.user, body=self.asked()["body"]
        )
        entry = entry or incident.timeline.order_by("-seq").first()
        return Response(TimelineEntrySerializer(entry).data, status=201)

    @extend_schema(request=MessageSerializer, responses={201: TimelineEntrySerializer})
    @action(detail=True, methods=["post"], serializer_class=MessageSerializer)
    def note(self, request, number):
        """An internal note."""
        entry = work.note(self.get_object(), by=request.user, body=self.asked()["body"])
        return Response(TimelineEntrySerializer(entry).data, status=201)


class AlertViewSet(viewsets.GenericViewSet):
    """Alarms of monitoring systems: one open incident a key, repeats only count."""

    queryset = AlertEvent.objects.none()
    serializer_class = AlertSerializer
    filter_backends = ()
    pagination_class = None

    def _read(self, serializer):
        if not self.request.user.access.is_agent or self.request.user.access.is_auditor_only:
            raise PermissionDenied
        found = serializer(data=self.request.data, context=self.get_serializer_context())
        found.is_valid(raise_exception=True)
        return found.validated_data

    @extend_schema(request=AlertSerializer, responses={201: AlertAnswerSerializer})
    def create(self, request):
        alert = alerts.receive(by=request.user, **self._read(AlertSerializer))
        return Response(AlertAnswerSerializer(alert).data, status=201)

    @extend_schema(request=ClearSerializer, responses=AlertAnswerSerializer)
    @action(detail=False, methods=["post"], serializer_class=ClearSerializer)
    def clear(self, request):
        """The alarm is gone: noted on its incident, which a person then resolves."""
        alert = alerts.clear(by=request.user, **self._read(ClearSerializer))
        if alert is None:
            return Response(status=204)
        return Response(AlertAnswerSerializer(alert).data)
