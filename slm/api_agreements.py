"""Agreements by API: what they promise, whether it can be kept, and every step of their life.

The steps call the actions that the pages call: same guards, same words, same chain check.
"""

from django.contrib.postgres.fields.ranges import DateRange
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from core import time
from core.api.fields import StrictSerializer
from records.api import RecordSerializer
from slm import agreement_words, chains, policies
from slm.actions import agreements, underpinning
from slm.models import Agreement, ServiceLevelTarget


class TargetSerializer(serializers.ModelSerializer):
    category = serializers.SlugRelatedField("code", read_only=True)
    calendar = serializers.SlugRelatedField("code", read_only=True)

    class Meta:
        model = ServiceLevelTarget
        fields = [
            "metric", "record_kind", "priority", "category", "value", "unit", "calendar",
            "attainment_goal_pct", "warn_percents",
        ]  # fmt: skip
        read_only_fields = fields


class AgreementSerializer(RecordSerializer):
    customer = serializers.SlugRelatedField("code", read_only=True)
    agreed_service = serializers.SlugRelatedField("code", read_only=True)
    provider_group = serializers.SlugRelatedField("code", read_only=True)
    consumer_group = serializers.SlugRelatedField("code", read_only=True)
    supplier = serializers.SlugRelatedField("code", read_only=True)
    calendar = serializers.SlugRelatedField("code", read_only=True)
    valid_from = serializers.DateField(source="valid.lower", read_only=True)
    valid_before = serializers.DateField(source="valid.upper", read_only=True, allow_null=True)
    targets = TargetSerializer(many=True, read_only=True)

    class Meta:
        model = Agreement
        fields = [
            "number", "kind", "title", "state", "state_label", "version", "version_no",
            "organization", "customer", "agreed_service", "provider_group", "consumer_group",
            "supplier", "calendar", "time_zone_rule", "valid_from", "valid_before",
            "review_cycle_months", "targets",
        ]  # fmt: skip
        read_only_fields = fields


class CheckSerializer(serializers.Serializer):
    """One promise on one path of OLAs and contracts. `path` names what the caller may see."""

    promise = serializers.CharField()
    path = serializers.ListField(child=serializers.CharField())
    is_ok = serializers.BooleanField()
    result = serializers.CharField()
    probe = serializers.CharField(allow_blank=True)
    lacking = serializers.CharField(allow_blank=True)


class VerdictSerializer(serializers.Serializer):
    is_ok = serializers.BooleanField()
    has_parts = serializers.BooleanField()
    failed = CheckSerializer(many=True)
    held = CheckSerializer(many=True)


class StepSerializer(StrictSerializer):
    version = serializers.IntegerField(required=False)
    comment = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class SendBackSerializer(StrictSerializer):
    version = serializers.IntegerField(required=False)
    comment = serializers.CharField(max_length=2000)


class SubmitSerializer(StrictSerializer):
    """`reason` is needed where the chain check fails."""

    version = serializers.IntegerField(required=False)
    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class ActivateSerializer(StrictSerializer):
    version = serializers.IntegerField(required=False)


class TerminateSerializer(StrictSerializer):
    version = serializers.IntegerField(required=False)
    day = serializers.DateField()
    reason = serializers.CharField(max_length=2000)


class ReviseSerializer(StrictSerializer):
    """The days of the next version; `valid_until` is its last day."""

    valid_from = serializers.DateField()
    valid_until = serializers.DateField(required=False, allow_null=True)


def step(serializer):
    """A step: POST, answered with the agreement as it is then."""

    def decorate(view):
        described = extend_schema(request=serializer, responses=AgreementSerializer)(view)
        return action(detail=True, methods=["post"], serializer_class=serializer)(described)

    return decorate


class AgreementViewSet(
    mixins.RetrieveModelMixin, mixins.ListModelMixin, viewsets.GenericViewSet
):  # fmt: skip
    """SLAs, OLAs and contracts that the caller may see."""

    queryset = Agreement.objects.none()
    serializer_class = AgreementSerializer
    lookup_field = "number"
    lookup_value_regex = r"[A-Z]{2,3}-[0-9]{6,12}"
    filterset_fields = ("agreement_kind", "state", "phase")
    page_order = ("-updated_at", "-pk")

    def get_queryset(self):
        return (
            Agreement.objects.visible_to(self.request.user)
            .select_related(
                "organization", "service", "customer", "agreed_service", "provider_group",
                "consumer_group", "supplier", "calendar",
            )
            .prefetch_related("targets__category", "targets__calendar")
        )  # fmt: skip

    def held(self):
        """The agreement, for who may take steps with it."""
        agreement = self.get_object()
        if not policies.can_manage_agreements(agreement, self.request.user):
            raise PermissionDenied
        return agreement

    def asked(self):
        found = self.get_serializer(data=self.request.data)
        found.is_valid(raise_exception=True)
        inputs = dict(found.validated_data)
        inputs["seen_version"] = inputs.pop("version", None)
        return inputs

    def answer(self, agreement, status=200):
        agreement = self.get_queryset().get(pk=agreement.pk)
        context = self.get_serializer_context()
        return Response(AgreementSerializer(agreement, context=context).data, status=status)

    def do(self, act, *more):
        return self.answer(act(self.held(), *more, by=self.request.user, **self.asked()))

    @extend_schema(responses=VerdictSerializer)
    @action(detail=True, methods=["get"], filter_backends=[], pagination_class=None)
    def chain_check(self, request, number):
        """Whether the OLAs and contracts below an SLA carry it, path by path."""
        verdict = chains.verdict_on(self.get_object(), time.now())
        words = agreement_words.verdict_words(verdict, Agreement.objects.visible_to(request.user))
        return Response(
            {
                "is_ok": words.is_ok, "has_parts": words.has_parts,
                "failed": [said(line) for line in words.failed],
                "held": [said(line) for line in words.held],
            }
        )  # fmt: skip

    @step(StepSerializer)
    def negotiate(self, request, number):
        return self.do(agreements.move, "negotiate")

    @step(SubmitSerializer)
    def submit(self, request, number):
        """Hand over for signature. A chain that cannot hold needs a reason."""
        return self.do(underpinning.submit)

    @step(SendBackSerializer)
    def send_back(self, request, number):
        return self.do(agreements.move, "send_back")

    @step(StepSerializer)
    def sign(self, request, number):
        return self.do(agreements.move, "sign")

    @step(ActivateSerializer)
    def activate(self, request, number):
        """Put in force; an earlier version ends the day before."""
        return self.do(agreements.activate)

    @step(StepSerializer)
    def start_review(self, request, number):
        return self.do(agreements.move, "start_review")

    @step(StepSerializer)
    def end_review(self, request, number):
        return self.do(agreements.move, "end_review")

    @step(TerminateSerializer)
    def terminate(self, request, number):
        return self.do(agreements.terminate)

    @step(ReviseSerializer)
    def revise(self, request, number):
        """A draft of the next version; answered with it."""
        agreement, inputs = self.held(), self.asked()
        draft = underpinning.revise(agreement, by=request.user, valid=days_of(inputs))
        return self.answer(draft, status=201)


def said(line):
    """A CheckWords in plain words of the API."""
    return {
        "promise": line.promise, "path": [f"{name}: {value}" for name, value, _href in line.path],
        "is_ok": line.is_ok, "result": line.result, "probe": line.probe, "lacking": line.lacking,
    }  # fmt: skip


def days_of(inputs):
    first, last = inputs["valid_from"], inputs.get("valid_until")
    if last is not None and last < first:
        raise serializers.ValidationError({"valid_until": [_("The end lies before the start.")]})
    return DateRange(first, last, "[]" if last else "[)")
