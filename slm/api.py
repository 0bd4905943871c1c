"""Records of every kind by API, with their clocks explained to the second."""

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from core import time
from records.api import RecordSerializer, TimelineEntrySerializer
from records.models import Record
from slm import policies
from slm.clockwork import as_event, timetable_of
from slm.engine import clock as engine
from slm.engine.explain import SegmentKind, segments
from slm.models import Clock

SEGMENT_KINDS = [(kind.value, kind.value) for kind in SegmentKind]


class SegmentSerializer(serializers.Serializer):
    """One stretch of a clock's life. `seconds` is what it counted."""

    to = serializers.DateTimeField(source="to_at")
    kind = serializers.ChoiceField(choices=SEGMENT_KINDS)
    rule = serializers.CharField()
    actor = serializers.CharField(allow_null=True)
    seconds = serializers.IntegerField()

    def get_fields(self):
        return {"from": serializers.DateTimeField(source="from_at"), **super().get_fields()}


class ClockSerializer(serializers.Serializer):
    """A clock as it stands now: replayed from its events, not read from the cache."""

    metric = serializers.CharField()
    kind = serializers.CharField(source="clock_kind")
    cycle = serializers.IntegerField()
    agreement = serializers.CharField(allow_null=True)
    agreement_version = serializers.IntegerField(allow_null=True)
    group = serializers.CharField(allow_null=True)
    calendar = serializers.CharField()
    calendar_version = serializers.IntegerField()
    zone = serializers.CharField(allow_blank=True)
    state = serializers.CharField()
    target_seconds = serializers.IntegerField()
    elapsed_seconds = serializers.IntegerField()
    remaining_seconds = serializers.IntegerField()
    started_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True)
    breached_at = serializers.DateTimeField(allow_null=True)
    stopped_at = serializers.DateTimeField(allow_null=True)
    segments = SegmentSerializer(many=True)


class ClocksSerializer(serializers.Serializer):
    record = serializers.CharField()
    at = serializers.DateTimeField()
    clocks = ClockSerializer(many=True)


class RecordViewSet(mixins.RetrieveModelMixin, mixins.ListModelMixin, viewsets.GenericViewSet):
    """Records of every kind that the caller may see."""

    queryset = Record.objects.none()
    serializer_class = RecordSerializer
    lookup_field = "number"
    lookup_value_regex = r"[A-Z]{2,5}-[0-9]{6,12}"
    filterset_fields = ("kind", "phase", "priority", "sla_status")
    page_order = ("-updated_at", "-pk")

    def get_queryset(self):
        return Record.objects.visible_to(self.request.user).select_related(
            "organization", "service", "requester", "assigned_group", "assignee"
        )

    @extend_schema(responses=ClocksSerializer)
    @action(detail=True, methods=["get"], filter_backends=[], pagination_class=None)
    def clocks(self, request, number):
        """Each clock with its segments, which add up to the elapsed time."""
        record = self.get_object()
        now = time.now()
        is_agent = request.user.access.is_agent
        found = [
            facts(clock, now)
            for clock in clocks_of(record)
            if is_agent or policies.is_for_customers(clock)
        ]
        body = {"record": record.number, "at": now, "clocks": found}
        return Response(ClocksSerializer(body).data)

    @extend_schema(responses=TimelineEntrySerializer(many=True))
    @action(detail=True, methods=["get"], filter_backends=[], pagination_class=None)
    def timeline(self, request, number):
        """The story; internal entries only for those who may read them."""
        record = self.get_object()
        entries = record.timeline.readable_by(request.user, record).select_related("author")
        return Response(TimelineEntrySerializer(entries[:1000], many=True).data)


def clocks_of(record):
    return (
        Clock.objects.filter(record=record)
        .select_related("agreement", "group", "calendar_version__calendar")
        .prefetch_related("events__actor").order_by("pk")
    )  # fmt: skip


def facts(clock, now):
    """A clock in plain words of the API. `now` is the instant that running clocks are shown at."""
    names = {event.actor_id: event.actor for event in clock.events.all()}
    log = [as_event(event) for event in clock.events.all()]
    shown = engine.replay(log, timetable_of, now)
    parts = [
        {
            "from_at": part.from_at, "to_at": part.to_at, "kind": part.kind.value,
            "rule": part.rule, "seconds": part.seconds,
            "actor": names[part.actor].code if names.get(part.actor) else None,
        }
        for part in segments(log, timetable_of, now)
    ]  # fmt: skip
    version = clock.calendar_version
    return {
        "metric": clock.metric, "clock_kind": clock.clock_kind, "cycle": clock.cycle,
        "agreement": clock.agreement.number if clock.agreement else None,
        "agreement_version": clock.agreement.version_no if clock.agreement else None,
        "group": clock.group.code if clock.group else None,
        "calendar": version.calendar.code, "calendar_version": version.number,
        "zone": clock.zone or version.calendar.time_zone, "state": shown.state.value,
        "target_seconds": shown.target_seconds, "elapsed_seconds": shown.elapsed_seconds,
        "remaining_seconds": shown.remaining_seconds, "started_at": shown.started_at,
        "due_at": shown.due_at, "breached_at": shown.breached_at,
        "stopped_at": shown.stopped_at, "segments": parts,
    }  # fmt: skip
