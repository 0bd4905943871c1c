"""CIs and services by API: the same rows, guards and words as the pages."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from calendars.models import Calendar
from cmdb import actions, graph, maps, policies
from cmdb.filters import CIFilter
from cmdb.impact import Level, evaluate
from cmdb.models import CI, CIClass, CIRelation, CIRelationType, Impact, Service
from core.api.writes import IdempotentCreate
from core.pages import check
from people.models import Organization, Person, Site, SupportGroup


def by_code(queryset, **options):
    return serializers.SlugRelatedField(slug_field="code", queryset=queryset, **options)


class PublishedCISerializer(serializers.ModelSerializer):
    """What everybody reads who may see the CI at all."""

    ci_class = serializers.SlugRelatedField(slug_field="code", read_only=True)
    name = serializers.CharField(source="label", read_only=True)

    class Meta:
        model = CI
        fields = ["number", "name", "ci_class", "state", "operational_status"]
        read_only_fields = fields


class CISerializer(serializers.ModelSerializer):
    """A CI as agents read and write it. `attributes` given on update change only those named."""

    ci_class = by_code(CIClass.objects.usable())
    organization = by_code(Organization.objects.active())
    owner = by_code(Person.objects.active())
    managed_by = by_code(SupportGroup.objects.active())
    site = by_code(Site.objects.active(), required=False, allow_null=True)
    vendor = by_code(Organization.objects.active(), required=False, allow_null=True)
    state = serializers.ChoiceField(choices=CI.State.choices, required=False)
    attributes = serializers.DictField(required=False)

    class Meta:
        model = CI
        fields = [
            "number", "name", "alias", "ci_class", "state", "operational_status", "organization",
            "owner", "managed_by", "site", "environment", "criticality", "sec_c", "sec_i", "sec_a",
            "serial_no", "asset_tag", "vendor", "model", "version", "acquired_on",
            "warranty_until", "capacity_attrs", "attributes", "external_ref", "source",
            "version_no", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = [
            "number", "operational_status", "version_no", "created_at", "updated_at",
        ]  # fmt: skip
        # Uniqueness is the action's to check, with the words that the page uses.
        validators = []
        extra_kwargs = {name: {"validators": []} for name in ("serial_no", "asset_tag")}


class ServiceSerializer(serializers.ModelSerializer):
    ci = serializers.SlugRelatedField(slug_field="number", read_only=True)
    parent = by_code(Service.objects.all(), required=False, allow_null=True)
    owner = by_code(Person.objects.active())
    support_group = by_code(SupportGroup.objects.active())
    service_hours = by_code(Calendar.objects.active())
    organization = by_code(Organization.objects.active(), source="ci.organization")
    offered_to = by_code(Organization.objects.active(), many=True, required=False)
    state = serializers.ChoiceField(choices=Service.State.choices, required=False)

    class Meta:
        model = Service
        fields = [
            "code", "ci", "name_en", "name_zh", "kind", "state", "parent", "organization", "owner",
            "support_group", "description_customer_en", "description_customer_zh",
            "service_hours", "catalogue_visible", "offered_to", "retires_on", "version",
        ]  # fmt: skip
        read_only_fields = ["ci", "retires_on", "version"]
        validators = []


class StepSerializer(serializers.Serializer):
    """What a step may need; each takes what it knows."""

    procurement_ref = serializers.CharField(required=False, max_length=60)
    wipe_evidence = serializers.CharField(required=False, max_length=200)
    reason = serializers.CharField(required=False, max_length=300)
    acknowledged = serializers.ListField(child=serializers.CharField(), required=False)


class ServiceStepSerializer(serializers.Serializer):
    business_case = serializers.CharField(required=False)
    retires_on = serializers.DateField(required=False)


class RelateSerializer(serializers.Serializer):
    type = by_code(CIRelationType.objects.filter(is_active=True))
    target = serializers.CharField(help_text="Number of the CI that this one depends on.")
    effect = serializers.ChoiceField(choices=Impact.choices, required=False, default="")
    reason = serializers.CharField(required=False, default="", max_length=300)


class RelationSerializer(serializers.ModelSerializer):
    source = serializers.SlugRelatedField(slug_field="number", read_only=True)
    target = serializers.SlugRelatedField(slug_field="number", read_only=True)
    type = serializers.SlugRelatedField(slug_field="code", read_only=True)
    effect = serializers.CharField(read_only=True)
    closes_cycle = serializers.BooleanField(read_only=True, default=False)

    class Meta:
        model = CIRelation
        fields = ["id", "source", "type", "target", "effect", "closes_cycle"]


class AffectedSerializer(serializers.Serializer):
    number = serializers.CharField()
    name = serializers.CharField()
    level = serializers.ChoiceField(choices=[level.word for level in Level])


class ImpactSerializer(serializers.Serializer):
    down = serializers.ListField(child=serializers.CharField())
    affected = AffectedSerializer(many=True)
    not_shown = serializers.IntegerField()


STEP_INPUTS = {
    "order": {"procurement_ref": ""}, "dispose": {"wipe_evidence": ""}, "cancel": {"reason": ""},
    "retire": {"acknowledged": ()},
}  # fmt: skip
SERVICE_STEP_INPUTS = {"design": {"business_case": ""}, "start_retiring": {"retires_on": None}}
OPEN_STEPS = (
    "order", "receive", "build", "test", "go_live", "maintain", "restore", "retire", "dispose",
    "cancel", "reinstate",
)  # fmt: skip
SERVICE_STEPS = ("design", "go_live", "start_retiring", "retire")


def seen_version(request, body_name):
    """The version that the writer saw: `body_name` in the body, or If-Match."""
    given = request.data.get(body_name) if isinstance(request.data, dict) else None
    given = given if given is not None else request.headers.get("If-Match", "").strip('W/" ')
    try:
        return int(given)
    except (TypeError, ValueError) as error:
        words = _("Say which version you saw: “%(name)s” in the body, or If-Match.")
        raise exceptions.ValidationError({body_name: [words % {"name": body_name}]}) from error


class CIViewSet(
    IdempotentCreate, mixins.CreateModelMixin, mixins.ListModelMixin, mixins.RetrieveModelMixin,
    mixins.UpdateModelMixin, viewsets.GenericViewSet,
):  # fmt: skip
    queryset = CI.objects.none()
    lookup_field = "number"
    lookup_value_regex = "[^/.]+"
    filterset_class = CIFilter
    page_order = ("name", "pk")
    http_method_names = ["get", "post", "patch", "head", "options"]

    def get_queryset(self):
        return CI.objects.visible_to(self.request.user).for_page()

    def get_serializer_class(self):
        user = self.request.user if self.request else None
        if getattr(self, "swagger_fake_view", False) or user.access.is_agent:
            return CISerializer
        return PublishedCISerializer

    def create(self, request, *args, **kwargs):
        check(policies.can_create, None, request.user)
        return super().create(request, *args, **kwargs)

    def perform_create(self, serializer):
        data = dict(serializer.validated_data)
        serializer.instance = actions.create_ci(by=self.request.user, **data)

    def partial_update(self, request, *args, **kwargs):
        ci = self.get_object()
        check(policies.can_edit, ci, request.user)
        seen = seen_version(request, "version_no")
        serializer = self.get_serializer(ci, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        reason = str(request.data.get("reason", ""))
        ci = actions.edit_ci(
            ci, by=request.user, seen=seen, reason=reason, **serializer.validated_data
        )
        return Response(self.get_serializer(self.get_queryset().get(pk=ci.pk)).data)

    @extend_schema(request=RelateSerializer, responses={201: RelationSerializer})
    @action(detail=True, methods=["post"])
    def relate(self, request, number):
        ci = self.get_object()
        check(policies.can_edit, ci, request.user)
        asked = RelateSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        data = asked.validated_data
        target = get_object_or_404(CI.objects.visible_to(request.user), number=data.pop("target"))
        relation = actions.relate(ci, data.pop("type"), target, by=request.user, **data)
        return Response(RelationSerializer(relation).data, status=201)

    @extend_schema(responses={200: RelationSerializer(many=True)})
    @action(detail=True, methods=["get"], pagination_class=None, filterset_class=None)
    def relations(self, request, number):
        """Present relations in both directions, as far as the reader may see the other end."""
        ci, seen = self.get_object(), CI.objects.visible_to(request.user).values("pk")
        found = CIRelation.objects.current().select_related("source", "target", "type")
        rows = found.filter(source=ci, target__in=seen) | found.filter(target=ci, source__in=seen)
        return Response(RelationSerializer(rows.order_by("pk"), many=True).data)

    @extend_schema(
        parameters=[
            OpenApiParameter("down", OpenApiTypes.STR, description="CI numbers that fail as well."),
            OpenApiParameter("planned", OpenApiTypes.BOOL, description="Count planned CIs."),
        ],
        responses={200: ImpactSerializer},
    )
    @action(detail=True, methods=["get"], pagination_class=None, filterset_class=None)
    def impact(self, request, number):
        """What the failure of this CI, and of those in `?down=`, does to all others."""
        ci, among = self.get_object(), CI.objects.visible_to(request.user)
        failed = {ci.pk: ci, **{c.pk: c for c in maps.chosen(request.GET.get("down", ""), among)}}
        loaded = graph.load(sorted(failed), "up")
        what_if = request.GET.get("planned", "").lower() in ("1", "true")
        impact = evaluate(loaded, dict.fromkeys(failed, Level.DOWN), what_if=what_if)
        shown = list(among.filter(pk__in=impact.affected).select_related("ci_class", "service"))
        rows = [
            {"number": row.number, "name": row.label, "level": impact.level(row.pk).word}
            for row in sorted(shown, key=lambda row: (-impact.level(row.pk), row.number))
        ]
        return Response(
            {
                "down": sorted(row.number for row in failed.values()),
                "affected": rows,
                "not_shown": len(impact.affected) - len(rows),
            }
        )


class ServiceViewSet(
    IdempotentCreate, mixins.CreateModelMixin, mixins.ListModelMixin, mixins.RetrieveModelMixin,
    mixins.UpdateModelMixin, viewsets.GenericViewSet,
):  # fmt: skip
    queryset = Service.objects.none()
    serializer_class = ServiceSerializer
    lookup_field = "code"
    lookup_value_regex = "[^/]+"
    page_order = ("code",)
    http_method_names = ["get", "post", "patch", "head", "options"]

    def get_queryset(self):
        found = Service.objects.visible_to(self.request.user).for_page()
        return found.prefetch_related("offered_to")

    def create(self, request, *args, **kwargs):
        check(policies.can_create_service, None, request.user)
        return super().create(request, *args, **kwargs)

    def perform_create(self, serializer):
        data = dict(serializer.validated_data)
        data |= data.pop("ci", {})
        serializer.instance = actions.create_service(by=self.request.user, **data)

    def partial_update(self, request, *args, **kwargs):
        service = self.get_object()
        check(policies.can_edit_service, service, request.user)
        seen = seen_version(request, "version")
        serializer = self.get_serializer(service, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        data = dict(serializer.validated_data)
        data |= data.pop("ci", {})
        actions.edit_service(service, by=request.user, seen=seen, **data)
        return Response(self.get_serializer(self.get_queryset().get(pk=service.pk)).data)


def _step(name, serializer, inputs, act):
    """One POST for one step of a lifecycle: …/{number}/{step}/."""

    @extend_schema(request=serializer)
    def take(self, request, **_kwargs):
        subject = self.get_object()
        asked = serializer(data=request.data)
        asked.is_valid(raise_exception=True)
        known = {key: asked.validated_data.get(key, empty) for key, empty in inputs.items()}
        act(subject, name, by=request.user, **known)
        return Response(self.get_serializer(self.get_queryset().get(pk=subject.pk)).data)

    take.__name__ = name
    take.__doc__ = f"Take the step “{name}”."
    return action(detail=True, methods=["post"], url_path=name, url_name=name)(take)


for _name in OPEN_STEPS:
    _inputs = STEP_INPUTS.get(_name, {})
    setattr(CIViewSet, _name, _step(_name, StepSerializer, _inputs, actions.take_step))
for _name in SERVICE_STEPS:
    _inputs = SERVICE_STEP_INPUTS.get(_name, {})
    setattr(
        ServiceViewSet,
        _name,
        _step(_name, ServiceStepSerializer, _inputs, actions.take_service_step),
    )
