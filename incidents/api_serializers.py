"""What the API of incidents reads and shows. Inputs are strict: an unknown name is refused."""

from django.utils.translation import gettext as _
from rest_framework import serializers

from cmdb.models import CI, Service
from core.api.fields import StrictSerializer, VisibleField
from incidents import escalating
from incidents.models import AlertEvent, Incident
from people.models import Person, SupportGroup
from records.api import RecordSerializer
from records.models import Category, ClosureCode, PendingReason
from slm.models import Escalation

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
            "closure_via", "rejection_deadline", "first_resolved_at", "last_resolved_at",
            "reopen_count", "reassign_count", "external_ref",
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


class EscalateUpSerializer(StepSerializer):
    """To more authority: a rank that stands behind the incident, or a person."""

    to = serializers.ChoiceField(
        choices=[*escalating.RANKS, escalating.PERSON], help_text="A rank, or `person`."
    )
    person = code(Person.objects.active(), allow_null=True, help_text="Only with `person`.")
    reason = serializers.CharField(max_length=300)

    def validate(self, data):
        if data["to"] == escalating.PERSON and data.get("person") is None:
            raise serializers.ValidationError({"person": _("Choose a person.")})
        return data


class AcknowledgeSerializer(StepSerializer):
    escalations = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1), required=False,
        max_length=200, help_text="Their ids; all that nobody acknowledged, where left out.",
    )  # fmt: skip
    comment = serializers.CharField(max_length=300, required=False, allow_blank=True)


class EscalationSerializer(serializers.ModelSerializer):
    """A threshold that was reached, or a person who escalated."""

    by = serializers.SlugRelatedField("code", read_only=True)
    acknowledged_by = serializers.SlugRelatedField("code", read_only=True)
    metric = serializers.CharField(source="clock.metric", default=None, read_only=True)
    told = serializers.SerializerMethodField()

    class Meta:
        model = Escalation
        fields = [
            "id", "type", "metric", "threshold", "due_at", "fired_at", "by", "told", "reason",
            "acknowledged_at", "acknowledged_by", "comment",
        ]  # fmt: skip
        read_only_fields = fields

    def get_told(self, row) -> list[str]:
        return [one.get("name", "") for one in row.told]


class GroupStretchSerializer(serializers.Serializer):
    """Some time with one group, or with none. `is_over`: solved, and not yet closed."""

    group = serializers.CharField(allow_null=True)
    is_over = serializers.BooleanField()
    to = serializers.DateTimeField()
    seconds = serializers.IntegerField()
    business_seconds = serializers.IntegerField()

    def get_fields(self):
        return {"from": serializers.DateTimeField(), **super().get_fields()}


class HeldSerializer(serializers.Serializer):
    group = serializers.CharField(allow_null=True)
    is_over = serializers.BooleanField()
    stretches = serializers.IntegerField()
    seconds = serializers.IntegerField()
    business_seconds = serializers.IntegerField()


class CustodySerializer(serializers.Serializer):
    """`seconds` is the life of the incident; the seconds of `groups` and of `stretches` add up to it."""

    record = serializers.CharField()
    to = serializers.DateTimeField()
    seconds = serializers.IntegerField()
    bounces = serializers.IntegerField()
    groups = HeldSerializer(many=True)
    stretches = GroupStretchSerializer(many=True)

    def get_fields(self):
        return {"from": serializers.DateTimeField(), **super().get_fields()}


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


class MergeTargetSerializer(StepSerializer):
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
