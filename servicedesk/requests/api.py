"""Orders by API: every step a POST, same guards and words as the page. The form of an offering is
read from `offerings`; answers are sent by the keys of its questions."""

from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from core.api.fields import StrictSerializer
from core.api.writes import IdempotentCreate
from incidents.api_serializers import (
    AssignSerializer,
    CommentSerializer,
    EmptySerializer,
    HoldSerializer,
    MessageSerializer,
    ReasonSerializer,
    StepSerializer,
    code,
)
from people.models import Person
from records.api import RecordSerializer, TimelineEntrySerializer
from servicedesk.catalogue.asking import PREFIX, OrderForm
from servicedesk.models import RequestOffering, ServiceRequest
from servicedesk.requests import policies
from servicedesk.requests.actions import approving, fulfilling, messages, ordering
from slm import work
from slm.actions import handover


class OfferingSerializer(serializers.ModelSerializer):
    """What may be ordered, with the questions that its form asks."""

    service = serializers.SlugRelatedField("code", read_only=True)
    category = serializers.SlugRelatedField("code", read_only=True)
    version = serializers.IntegerField(source="current.number", read_only=True)
    form = serializers.JSONField(source="current.form", read_only=True)
    price = serializers.DecimalField(14, 2, source="current.price", read_only=True, allow_null=True)

    class Meta:
        model = RequestOffering
        fields = [
            "code", "name_en", "name_zh", "description_en", "description_zh", "service",
            "category", "price", "currency", "most", "version", "form",
        ]  # fmt: skip
        read_only_fields = fields


class OfferingViewSet(
    mixins.RetrieveModelMixin, mixins.ListModelMixin, viewsets.GenericViewSet
):  # fmt: skip
    queryset = RequestOffering.objects.none()
    serializer_class = OfferingSerializer
    lookup_field = "code"
    lookup_value_regex = r"[A-Za-z0-9_-]{1,32}"
    filter_backends = ()
    page_order = ("code", "pk")

    def get_queryset(self):
        return RequestOffering.objects.visible_to(self.request.user).for_list()


class RequestSerializer(RecordSerializer):
    """An order as the API shows it. All of it is read-only: actions change it."""

    owner_group = serializers.SlugRelatedField("code", read_only=True)
    category = serializers.SlugRelatedField("code", read_only=True)
    pending_reason = serializers.SlugRelatedField("code", read_only=True)
    reported_by = serializers.SlugRelatedField("code", read_only=True)
    offering = serializers.SlugRelatedField("code", read_only=True)
    offering_version = serializers.SlugRelatedField("number", read_only=True)

    class Meta(RecordSerializer.Meta):
        model = ServiceRequest
        fields = [
            *RecordSerializer.Meta.fields, "description", "channel", "reported_by", "category",
            "owner_group", "pending_reason", "pending_until", "offering", "offering_version",
            "form_data", "quantity", "unit_price", "total_price", "currency", "cost_centre",
            "rejection_reason", "resolution", "fulfilled_at", "closure_via",
            "rejection_deadline", "reopen_count",
        ]  # fmt: skip
        read_only_fields = fields


class NewRequestSerializer(StrictSerializer):
    offering = code(RequestOffering.objects.all(), required=True)
    requester = code(Person.objects.active())
    answers = serializers.DictField(required=False)
    quantity = serializers.IntegerField(min_value=1, required=False)
    cost_centre = serializers.CharField(max_length=60, required=False, allow_blank=True)
    note = serializers.CharField(max_length=20_000, required=False, allow_blank=True)


class FulfilSerializer(StepSerializer):
    resolution = serializers.CharField(max_length=20_000, required=False, allow_blank=True)


def step(serializer):
    """A lifecycle step: POST, answered with the order as it is then."""

    def decorate(view):
        described = extend_schema(request=serializer, responses=RequestSerializer)(view)
        return action(detail=True, methods=["post"], serializer_class=serializer)(described)

    return decorate


class RequestViewSet(
    IdempotentCreate, mixins.RetrieveModelMixin, mixins.ListModelMixin, mixins.CreateModelMixin,
    viewsets.GenericViewSet,
):  # fmt: skip
    queryset = ServiceRequest.objects.none()
    serializer_class = RequestSerializer
    lookup_field = "number"
    lookup_value_regex = r"SRQ-[0-9]{6,12}"
    filterset_fields = ("state", "phase", "priority", "sla_status")
    page_order = ("-updated_at", "-pk")

    def get_queryset(self):
        return ServiceRequest.objects.visible_to(self.request.user).select_related(
            "organization", "service", "requester", "assigned_group", "assignee", "owner_group",
            "category", "ci", "pending_reason", "site", "reported_by", "offering",
            "offering_version",
        )  # fmt: skip

    def asked(self, serializer=None):
        found = (serializer or self.get_serializer_class())(
            data=self.request.data, context=self.get_serializer_context()
        )
        found.is_valid(raise_exception=True)
        inputs = dict(found.validated_data)
        inputs["seen_version"] = inputs.pop("version", None)
        return inputs

    def answer(self, record):
        record = self.get_queryset().get(pk=record.pk)
        return Response(RequestSerializer(record, context=self.get_serializer_context()).data)

    @extend_schema(request=NewRequestSerializer, responses={201: RequestSerializer})
    def create(self, request, *args, **kwargs):
        """Order something. With an `Idempotency-Key`, at most once."""
        return super().create(request, *args, **kwargs)

    def make(self, request):
        if not policies.can_order(None, request.user):
            raise PermissionDenied
        inputs = self.asked(NewRequestSerializer)
        inputs.pop("seen_version")
        offering, requester = inputs["offering"], inputs.get("requester") or request.user
        form = asked_form(request.user, offering, requester, inputs)
        if not form.is_valid():
            raise serializers.ValidationError(
                {name.removeprefix(PREFIX): words for name, words in form.errors.items()}
            )
        answers, _files = form.answers()
        made = ordering.order(
            by=request.user, requester=requester, offering=offering, answers=answers,
            quantity=inputs.get("quantity", 1), cost_centre=inputs.get("cost_centre", ""),
            note=inputs.get("note", ""), channel="api",
        )  # fmt: skip
        response = Response(
            RequestSerializer(made, context=self.get_serializer_context()).data, status=201
        )
        response["Location"] = request.build_absolute_uri(f"{request.path}{made.number}/")
        return response

    def do(self, act):
        return self.answer(act(self.get_object(), by=self.request.user, **self.asked()))

    @step(EmptySerializer)
    def take(self, request, number):
        return self.do(fulfilling.take_in_hand)

    @step(EmptySerializer)
    def start(self, request, number):
        return self.do(fulfilling.start)

    @step(AssignSerializer)
    def assign(self, request, number):
        return self.do(fulfilling.assign)

    @step(HoldSerializer)
    def hold(self, request, number):
        return self.do(fulfilling.hold)

    @step(EmptySerializer)
    def resume(self, request, number):
        return self.do(fulfilling.resume)

    @step(FulfilSerializer)
    def fulfil(self, request, number):
        return self.do(fulfilling.fulfil)

    @step(ReasonSerializer)
    def reject(self, request, number):
        """The desk does not do it."""
        return self.do(approving.reject)

    @step(CommentSerializer)
    def confirm(self, request, number):
        return self.do(fulfilling.confirm)

    @step(ReasonSerializer)
    def dispute(self, request, number):
        return self.do(fulfilling.dispute)

    @step(ReasonSerializer)
    def cancel(self, request, number):
        return self.do(fulfilling.cancel)

    @step(ReasonSerializer)
    def hand_up(self, request, number):
        """A local desk gives what it owns to the desk above it."""
        return self.do(handover.hand_up)

    @step(ReasonSerializer)
    def take_over(self, request, number):
        """The central desk makes itself responsible."""
        return self.do(handover.take_over)

    @extend_schema(request=MessageSerializer, responses={201: TimelineEntrySerializer})
    @action(detail=True, methods=["post"], serializer_class=MessageSerializer)
    def reply(self, request, number):
        """A public message. On a finished order it opens a report that follows it."""
        record, entry = messages.reply(
            self.get_object(), by=request.user, body=self.asked()["body"]
        )
        entry = entry or record.timeline.order_by("-seq").first()
        return Response(TimelineEntrySerializer(entry).data, status=201)

    @extend_schema(request=MessageSerializer, responses={201: TimelineEntrySerializer})
    @action(detail=True, methods=["post"], serializer_class=MessageSerializer)
    def note(self, request, number):
        """An internal note."""
        entry = work.note(self.get_object(), by=request.user, body=self.asked()["body"])
        return Response(TimelineEntrySerializer(entry).data, status=201)


def asked_form(by, offering, requester, inputs):
    """The page's own form over the answers of the API: one set of rules."""
    data = QueryDict(mutable=True)
    for key, value in (inputs.get("answers") or {}).items():
        data.setlist(PREFIX + key, [str(one) for one in value] if isinstance(value, list)
                     else [str(value)])  # fmt: skip
    for name in ("quantity", "cost_centre", "note"):
        data[name] = str(inputs.get(name, 1 if name == "quantity" else ""))
    if offering.current is None:
        raise serializers.ValidationError({"offering": ["-"]})
    return OrderForm(
        data, {}, offering=offering, version=offering.current, by=by, requester=requester
    )
