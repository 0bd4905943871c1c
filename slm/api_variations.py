"""Short-term changes of service levels by API. The steps call the actions that the pages call."""

from django.core.exceptions import PermissionDenied
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from core.api.fields import StrictSerializer, VisibleField
from core.api.writes import IdempotentCreate
from people.models import Person
from slm import policies
from slm.actions import variations
from slm.models import Agreement, TargetVariation


class VariationSerializer(serializers.ModelSerializer):
    """`new_values`: seconds by the id of the target row."""

    agreement = serializers.SlugRelatedField("number", read_only=True)
    agreed_with = serializers.SlugRelatedField("code", read_only=True)
    starts_at = serializers.DateTimeField(read_only=True)
    ends_at = serializers.DateTimeField(read_only=True)
    state_label = serializers.CharField(read_only=True)

    class Meta:
        model = TargetVariation
        fields = [
            "number", "agreement", "state", "state_label", "starts_at", "ends_at", "reason",
            "new_values", "agreed_with", "agreed_at", "urgent_reason", "noticed_at",
            "activated_at", "ended_at", "cancel_reason",
        ]  # fmt: skip
        read_only_fields = fields


class NewVariationSerializer(StrictSerializer):
    agreement = VisibleField("number", queryset=Agreement.objects.all())
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    new_values = serializers.DictField(child=serializers.IntegerField(min_value=1))
    reason = serializers.CharField(max_length=2000)

    def validate_new_values(self, values):
        if not all(key.isdigit() for key in values):
            raise serializers.ValidationError("-")
        return {int(key): seconds for key, seconds in values.items()}


class AgreeSerializer(StrictSerializer):
    agreed_with = VisibleField("code", queryset=Person.objects.active())
    urgent_reason = serializers.CharField(max_length=300, required=False, allow_blank=True)


class CancelSerializer(StrictSerializer):
    reason = serializers.CharField(max_length=300)


class EndSerializer(StrictSerializer):
    """Nothing to say."""


def step(serializer):
    """A step: POST, answered with the change as it is then."""

    def decorate(view):
        described = extend_schema(request=serializer, responses=VariationSerializer)(view)
        return action(detail=True, methods=["post"], serializer_class=serializer)(described)

    return decorate


class VariationViewSet(
    IdempotentCreate, mixins.RetrieveModelMixin, mixins.ListModelMixin, mixins.CreateModelMixin,
    viewsets.GenericViewSet,
):  # fmt: skip
    """Short-term changes of agreements that the caller may see."""

    queryset = TargetVariation.objects.none()
    serializer_class = VariationSerializer
    lookup_field = "number"
    lookup_value_regex = r"VAR-[0-9]{6,12}"
    filterset_fields = ("state",)
    page_order = ("-pk",)

    def get_queryset(self):
        rows = TargetVariation.objects.visible_to(self.request.user)
        return rows.select_related("agreement", "agreed_with")

    def asked(self, serializer=None):
        found = (serializer or self.get_serializer_class())(
            data=self.request.data, context=self.get_serializer_context()
        )
        found.is_valid(raise_exception=True)
        return dict(found.validated_data)

    def answer(self, variation, status=200):
        found = self.get_queryset().get(pk=variation.pk)
        context = self.get_serializer_context()
        return Response(VariationSerializer(found, context=context).data, status=status)

    @extend_schema(request=NewVariationSerializer, responses={201: VariationSerializer})
    def create(self, request, *args, **kwargs):
        """A draft. With an `Idempotency-Key`, at most once."""
        return super().create(request, *args, **kwargs)

    def make(self, request):
        if not policies.can_manage_variations(None, request.user):
            raise PermissionDenied
        inputs = self.asked(NewVariationSerializer)
        made = variations.draft(inputs.pop("agreement"), by=request.user, **inputs)
        response = self.answer(made, status=201)
        response["Location"] = request.build_absolute_uri(f"{request.path}{made.number}/")
        return response

    def do(self, act):
        found = self.get_object()
        if not policies.can_manage_variations(found, self.request.user):
            raise PermissionDenied
        return self.answer(act(found, by=self.request.user, **self.asked()))

    @step(AgreeSerializer)
    def agree(self, request, number):
        """Both sides want it; customers were told in time, or it is urgent."""
        return self.do(variations.agree)

    @step(EndSerializer)
    def end(self, request, number):
        return self.do(variations.end)

    @step(CancelSerializer)
    def cancel(self, request, number):
        return self.do(variations.cancel)
