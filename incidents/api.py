"""Incidents by API: every step a POST, same guards and words as the page."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from core import time
from core.api.writes import IdempotentCreate, seen_version
from incidents import escalating, policies
from incidents.actions import alerts, lifecycle, major, merging, messages, opening
from incidents.api_serializers import (
    AcknowledgeSerializer,
    AlertAnswerSerializer,
    AlertSerializer,
    AssignSerializer,
    ClearSerializer,
    CommentSerializer,
    CustodySerializer,
    EditSerializer,
    EmptySerializer,
    EscalateSerializer,
    EscalateUpSerializer,
    EscalationSerializer,
    HoldSerializer,
    IncidentSerializer,
    MajorSerializer,
    MergeTargetSerializer,
    MessageSerializer,
    NewIncidentSerializer,
    ReasonSerializer,
    ResolveSerializer,
)
from incidents.custody import custody_of
from incidents.models import AlertEvent, Incident
from records import actions as records
from records import policies as record_policies
from records.api import TimelineEntrySerializer
from records.models import Record
from slm import work
from slm.actions import escalations, handover
from slm.models import Escalation


def held(incident, now):
    """A Custody in plain words of the API."""
    found = custody_of(incident, now)
    codes = {pk: group.code for pk, group in found.groups.items()}
    return {
        "record": incident.number, "from": found.from_at, "to": found.to_at,
        "seconds": found.seconds, "bounces": found.bounces,
        "groups": [
            {"group": group.code if group else None, "is_over": is_over, "stretches": count,
             "seconds": seconds, "business_seconds": business}
            for group, is_over, count, seconds, business in found.by_group()
        ],
        "stretches": [
            {"group": codes.get(part.group_id), "is_over": part.is_over, "from": part.from_at,
             "to": part.to_at, "seconds": part.seconds,
             "business_seconds": part.business_seconds}
            for part in found.stretches
        ],
    }  # fmt: skip


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

    @step(EscalateUpSerializer)
    def escalate_up(self, request, number):
        """Tell somebody with more authority; the work stays where it is."""
        incident, inputs = self.get_object(), self.asked()
        with transaction.atomic():
            records.check_version(Record.objects.lock(incident), inputs["seen_version"])
            to = inputs["to"]
            escalations.escalate(
                incident, by=request.user, reason=inputs["reason"],
                to=[inputs["person"]] if to == escalating.PERSON else to,
            )  # fmt: skip
        return self.answer(incident)

    @step(AcknowledgeSerializer)
    def acknowledge(self, request, number):
        """Somebody has seen the escalations: reminders stop, the clock does not."""
        incident, inputs = self.get_object(), self.asked()
        if not escalating.can_acknowledge(incident, request.user):
            raise PermissionDenied
        if "escalations" in inputs:
            chosen = Escalation.objects.filter(record=incident, pk__in=inputs["escalations"])
            if len(chosen) != len(set(inputs["escalations"])):
                raise serializers.ValidationError(
                    {"escalations": _("One of these is no escalation of this incident.")}
                )
        else:
            chosen = escalating.unseen(incident)
        escalating.acknowledge(
            incident, list(chosen), by=request.user, comment=inputs.get("comment", "")
        )
        return self.answer(incident)

    @extend_schema(responses=EscalationSerializer(many=True))
    @action(detail=True, methods=["get"], filter_backends=[], pagination_class=None)
    def escalations(self, request, number):
        """What was reached or asked for, oldest first. For those who read internal notes."""
        incident = self._for_notes(request)
        rows = Escalation.objects.filter(record=incident).order_by("fired_at", "pk")
        rows = rows.select_related("clock", "by", "acknowledged_by")[:500]
        return Response(EscalationSerializer(rows, many=True).data)

    @extend_schema(responses=CustodySerializer)
    @action(detail=True, methods=["get"], filter_backends=[], pagination_class=None)
    def groups(self, request, number):
        """Time with each group and changes between them. For those who read internal notes."""
        incident = self._for_notes(request)
        return Response(CustodySerializer(held(incident, time.now())).data)

    def _for_notes(self, request):
        incident = self.get_object()
        if not record_policies.can_read_notes(incident, request.user):
            raise PermissionDenied
        return incident

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

    @step(ReasonSerializer)
    def hand_up(self, request, number):
        """A local desk gives what it owns to the desk above it."""
        return self.do(handover.hand_up)

    @step(ReasonSerializer)
    def take_over(self, request, number):
        """The central desk makes itself responsible."""
        return self.do(handover.take_over)

    @step(MergeTargetSerializer)
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
