"""The API of people: persons, organisations, sites and groups, to be read; and who I am."""

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.response import Response
from rest_framework.views import APIView

from core.text import without_nul
from people.models import Organization, Person, Site, SupportGroup
from people.pickers import holding
from people.visibility import groups_for, organizations_for, sites_for


class PersonSerializer(serializers.ModelSerializer):
    organization = serializers.SlugRelatedField("code", read_only=True)
    site = serializers.SlugRelatedField("code", read_only=True)
    manager = serializers.SlugRelatedField("code", read_only=True)

    class Meta:
        model = Person
        fields = [
            "id", "code", "kind", "name", "name_latin", "job_title", "email", "phone", "mobile",
            "organization", "site", "manager", "locale", "time_zone", "is_vip", "is_active",
        ]  # fmt: skip
        read_only_fields = fields


class MeSerializer(PersonSerializer):
    roles = serializers.SerializerMethodField()
    groups = serializers.SerializerMethodField()
    is_agent = serializers.BooleanField(source="access.is_agent", read_only=True)
    is_manager = serializers.BooleanField(source="access.is_manager", read_only=True)
    is_admin = serializers.BooleanField(source="access.is_admin", read_only=True)

    class Meta(PersonSerializer.Meta):
        fields = [
            *PersonSerializer.Meta.fields, "roles", "groups", "is_agent", "is_manager", "is_admin",
        ]  # fmt: skip
        read_only_fields = fields

    def get_roles(self, person) -> list[str]:
        return sorted(person.access.roles)

    def get_groups(self, person) -> list[str]:
        ids = person.access.group_ids
        return list(
            SupportGroup.objects.filter(pk__in=ids).order_by("code").values_list("code", flat=True)
        )


class OrganizationSerializer(serializers.ModelSerializer):
    name = serializers.CharField(read_only=True)
    parent = serializers.SlugRelatedField("code", read_only=True)

    class Meta:
        model = Organization
        fields = ["id", "code", "name", "name_en", "name_zh", "parent", "kind", "is_active"]
        read_only_fields = fields


class SiteSerializer(serializers.ModelSerializer):
    name = serializers.CharField(read_only=True)
    organization = serializers.SlugRelatedField("code", read_only=True)
    desk = serializers.SlugRelatedField("code", read_only=True)

    class Meta:
        model = Site
        fields = [
            "id", "code", "name", "name_en", "name_zh", "organization", "address", "time_zone",
            "desk", "is_active",
        ]  # fmt: skip
        read_only_fields = fields


class SupportGroupSerializer(serializers.ModelSerializer):
    name = serializers.CharField(read_only=True)
    parent = serializers.SlugRelatedField("code", read_only=True)
    lead = serializers.SlugRelatedField("code", read_only=True)
    calendar = serializers.SlugRelatedField("code", read_only=True)

    class Meta:
        model = SupportGroup
        fields = [
            "id", "code", "name", "name_en", "name_zh", "kind", "parent", "is_central", "lead",
            "calendar", "email", "is_active",
        ]  # fmt: skip
        read_only_fields = fields


class PersonFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="matching", label="Name, sound, number, mail, telephone")
    organization = django_filters.CharFilter("organization__code")
    site = django_filters.CharFilter("site__code")

    class Meta:
        model = Person
        fields = ["q", "organization", "site", "is_active"]

    def matching(self, queryset, _name, value):
        return queryset.matching(without_nul(value)[:100])


class NamedFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="holding", label="Part of the code or a name")

    def holding(self, queryset, _name, value):
        return queryset.filter(holding(without_nul(value)[:100]))


class OrganizationFilter(NamedFilter):
    class Meta:
        model = Organization
        fields = ["q", "kind", "is_active"]


class SiteFilter(NamedFilter):
    organization = django_filters.CharFilter("organization__code")

    class Meta:
        model = Site
        fields = ["q", "organization", "is_active"]


class SupportGroupFilter(NamedFilter):
    class Meta:
        model = SupportGroup
        fields = ["q", "kind", "is_active"]


class ReadOnly(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    page_order = ("code", "pk")
    # Codes are typed by administrators and imported; any character but a slash may occur.
    lookup_field = "code"
    lookup_value_regex = "[^/]+"


class PersonViewSet(ReadOnly):
    """Persons that the asker may see."""

    serializer_class = PersonSerializer
    filterset_class = PersonFilter
    queryset = Person.objects.none()

    def get_queryset(self):
        people = Person.objects.visible_to(self.request.user)
        return people.select_related("organization", "site", "manager")


class OrganizationViewSet(ReadOnly):
    """Organisations that the asker may see."""

    serializer_class = OrganizationSerializer
    filterset_class = OrganizationFilter
    queryset = Organization.objects.none()

    def get_queryset(self):
        return organizations_for(self.request.user).select_related("parent")


class SiteViewSet(ReadOnly):
    """Sites that the asker may see."""

    serializer_class = SiteSerializer
    filterset_class = SiteFilter
    queryset = Site.objects.none()

    def get_queryset(self):
        return sites_for(self.request.user).select_related("organization", "desk")


class SupportGroupViewSet(ReadOnly):
    """Support groups; those who do not work here see none."""

    serializer_class = SupportGroupSerializer
    filterset_class = SupportGroupFilter
    queryset = SupportGroup.objects.none()

    def get_queryset(self):
        return groups_for(self.request.user).select_related("parent", "lead", "calendar")


class Me(APIView):
    """Who the key or the session speaks for, with roles and groups."""

    @extend_schema(responses=MeSerializer)
    def get(self, request):
        return Response(MeSerializer(request.user).data)
