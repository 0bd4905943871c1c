"""Fields whose related rows are looked up as the caller sees them: what is unseen does not exist."""

from django.utils.translation import gettext as _
from rest_framework import serializers


class VisibleField(serializers.SlugRelatedField):
    """A related row by code or number, among those visible to the caller.

    `queryset` is asked for `visible_to(person)` where it has that question.
    """

    def get_queryset(self):
        queryset = super().get_queryset()
        person = self.context["request"].user
        return queryset.visible_to(person) if hasattr(queryset, "visible_to") else queryset


class StrictSerializer(serializers.Serializer):
    """Input of a step. An unknown field is an error, not silence."""

    def validate(self, attrs):
        unknown = set(getattr(self, "initial_data", {}) or {}) - set(self.fields)
        if unknown:
            raise serializers.ValidationError(
                {name: [_("This field is not known here.")] for name in sorted(unknown)}
            )
        return attrs
