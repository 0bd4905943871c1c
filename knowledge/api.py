"""Articles by API: read, searched, suggested and voted on, by the rules of the pages."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from core.api.fields import StrictSerializer
from core.text import without_nul
from knowledge import finding, policies
from knowledge.actions import reading
from knowledge.models import Article
from knowledge.models.articles import Language
from knowledge.rendering import html_of


class ArticleSerializer(serializers.ModelSerializer):
    state_label = serializers.CharField(read_only=True)
    service = serializers.SlugRelatedField("code", read_only=True)
    category = serializers.SlugRelatedField("code", read_only=True)
    owner = serializers.SlugRelatedField("code", read_only=True)
    published_version = serializers.IntegerField(source="published_no", read_only=True)

    class Meta:
        model = Article
        fields = [
            "number", "title_en", "title_zh", "article_kind", "audience", "state", "state_label",
            "service", "category", "keywords", "owner", "review_due", "published_version",
            "published_at", "helpful", "unhelpful", "views", "uses", "deflections", "version",
        ]  # fmt: skip
        read_only_fields = fields


class TextSerializer(serializers.Serializer):
    language = serializers.ChoiceField(choices=Language.choices)
    title = serializers.CharField()
    body = serializers.CharField()
    html = serializers.CharField()
    is_older_than_source = serializers.BooleanField()


class OneArticleSerializer(ArticleSerializer):
    """With its texts: of the public version; of the latest one for who may read drafts only."""

    texts = serializers.SerializerMethodField()

    class Meta(ArticleSerializer.Meta):
        fields = [*ArticleSerializer.Meta.fields, "texts"]
        read_only_fields = fields

    @extend_schema(responses=TextSerializer(many=True))
    def get_texts(self, article) -> list[dict]:
        shown = article.public if article.is_readable else None
        if shown is None and policies.can_read_drafts(article, self.context["request"].user):
            shown = article.latest
        if shown is None:
            return []
        return [
            {
                "language": language, "title": shown.title_in(language),
                "body": shown.body_in(language), "html": str(html_of(shown.body_in(language))),
                "is_older_than_source": shown.is_old_in(language, article.source_language),
            }
            for language in shown.languages
        ]  # fmt: skip


class SuggestionSerializer(serializers.Serializer):
    number = serializers.CharField()
    title = serializers.CharField()
    language = serializers.CharField()
    score = serializers.FloatField()


class FeedbackSerializer(StrictSerializer):
    is_helpful = serializers.BooleanField()
    comment = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class ArticleViewSet(
    mixins.RetrieveModelMixin, mixins.ListModelMixin, viewsets.GenericViewSet
):  # fmt: skip
    """Articles that the caller may see. `?q=` narrows the list to those that hold every word."""

    queryset = Article.objects.none()
    serializer_class = ArticleSerializer
    lookup_field = "number"
    lookup_value_regex = r"KBA-[0-9]{6,12}"
    filterset_fields = ("state", "audience", "article_kind")
    page_order = ("-updated_at", "-pk")

    def get_queryset(self):
        rows = Article.objects.visible_to(self.request.user)
        rows = rows.select_related("service", "category", "owner")
        if self.action == "list" and (words := self.request.query_params.get("q")):
            rows = finding.search(self.request.user, without_nul(words), rows)
        return rows

    def get_serializer_class(self):
        return OneArticleSerializer if self.action == "retrieve" else super().get_serializer_class()

    @extend_schema(parameters=[OpenApiParameter("q", str, description="Words to look for.")])
    def list(self, request, *args, **kwargs):
        return super().list(request, *args, **kwargs)

    @extend_schema(
        parameters=[OpenApiParameter("text", str, required=True)],
        responses=SuggestionSerializer(many=True),
    )
    @action(detail=False, methods=["get"], filter_backends=[], pagination_class=None)
    def suggestions(self, request):
        """The likeliest answers to a sentence, best first."""
        text = without_nul(request.query_params.get("text", ""))
        if not text.strip():
            raise exceptions.ValidationError({"text": [_("Say what to look for.")]})
        found = finding.suggestions(request.user, text)
        return Response(SuggestionSerializer(found, many=True).data)

    @extend_schema(request=FeedbackSerializer, responses=ArticleSerializer)
    @action(detail=True, methods=["post"], serializer_class=FeedbackSerializer)
    def feedback(self, request, number):
        """Did it help? One vote a person; the last word counts."""
        article = self.get_object()
        asked = FeedbackSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        reading.vote(article, by=request.user, **asked.validated_data)
        article = self.get_queryset().get(pk=article.pk)
        return Response(ArticleSerializer(article, context=self.get_serializer_context()).data)
