"""What the API shows of any record: its facts, its story. Written per process, read here."""

from rest_framework import serializers

from records.models import Record, TimelineEntry


class RecordSerializer(serializers.ModelSerializer):
    """The columns that every record shares."""

    state_label = serializers.CharField(read_only=True)
    organization = serializers.SlugRelatedField("code", read_only=True)
    service = serializers.SlugRelatedField("code", read_only=True)
    requester = serializers.SlugRelatedField("code", read_only=True)
    assigned_group = serializers.SlugRelatedField("code", read_only=True)
    assignee = serializers.SlugRelatedField("code", read_only=True)

    class Meta:
        model = Record
        fields = [
            "number", "kind", "title", "state", "state_label", "phase", "priority",
            "organization", "service", "requester", "assigned_group", "assignee", "due_at",
            "sla_status", "opened_at", "resolved_at", "closed_at", "updated_at", "version",
        ]  # fmt: skip
        read_only_fields = fields


class TimelineEntrySerializer(serializers.ModelSerializer):
    author = serializers.SlugRelatedField("code", read_only=True)

    class Meta:
        model = TimelineEntry
        fields = [
            "seq", "at", "verb", "kind", "visibility", "author", "body", "from_state", "to_state",
            "data",
        ]  # fmt: skip
        read_only_fields = fields
