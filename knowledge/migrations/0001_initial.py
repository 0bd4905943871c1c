"""Articles, versions, and what readers do with them."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cmdb", "0002_reference"),
        ("people", "0002_audit"),
        ("records", "0003_notification_indexes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Article",
            fields=[
                (
                    "record_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="records.record",
                    ),
                ),
                (
                    "article_kind",
                    models.CharField(
                        choices=[
                            ("how_to", "How-to"),
                            ("faq", "Question and answer"),
                            ("workaround", "Workaround"),
                            ("procedure", "Procedure"),
                            ("reference", "Reference"),
                        ],
                        default="how_to",
                        max_length=12,
                        verbose_name="Kind",
                    ),
                ),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("portal", "Everybody"),
                            ("internal", "Only those who work here"),
                            ("restricted", "Only the groups named"),
                        ],
                        default="internal",
                        max_length=12,
                        verbose_name="For whom",
                    ),
                ),
                ("keywords", models.CharField(blank=True, max_length=300, verbose_name="Keywords")),
                ("review_due", models.DateField(blank=True, null=True, verbose_name="Review by")),
                (
                    "source_language",
                    models.CharField(
                        choices=[("en", "English"), ("zh", "Chinese")],
                        default="en",
                        max_length=2,
                        verbose_name="Written first in",
                    ),
                ),
                ("title_en", models.CharField(blank=True, editable=False, max_length=200)),
                ("title_zh", models.CharField(blank=True, editable=False, max_length=200)),
                ("latest_no", models.PositiveIntegerField(default=0, editable=False)),
                ("en_changed_in", models.PositiveIntegerField(default=0, editable=False)),
                ("zh_changed_in", models.PositiveIntegerField(default=0, editable=False)),
                ("published_no", models.PositiveIntegerField(editable=False, null=True)),
                ("published_at", models.DateTimeField(editable=False, null=True)),
                ("helpful", models.PositiveIntegerField(default=0, editable=False)),
                ("unhelpful", models.PositiveIntegerField(default=0, editable=False)),
                ("views", models.PositiveIntegerField(default=0, editable=False)),
                ("uses", models.PositiveIntegerField(default=0, editable=False)),
                ("deflections", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "ci_class",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cmdb.ciclass",
                        verbose_name="Class of configuration item",
                    ),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        related_name="articles",
                        to="people.supportgroup",
                        verbose_name="Groups",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            bases=("records.record",),
        ),
        migrations.CreateModel(
            name="ArticleUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[("answer", "Answer"), ("read_before", "Read Before")],
                        default="answer",
                        max_length=12,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="used_on",
                        to="knowledge.article",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="articles_used",
                        to="records.record",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ArticleVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("title_en", models.CharField(blank=True, max_length=200)),
                ("body_en", models.TextField(blank=True)),
                ("title_zh", models.CharField(blank=True, max_length=200)),
                ("body_zh", models.TextField(blank=True)),
                ("note", models.CharField(blank=True, max_length=300)),
                ("en_changed_in", models.PositiveIntegerField(default=0)),
                ("zh_changed_in", models.PositiveIntegerField(default=0)),
                ("at", models.DateTimeField()),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="knowledge.article",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
            },
        ),
        migrations.CreateModel(
            name="Deflection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("words", models.CharField(blank=True, max_length=200)),
                ("day", models.DateField()),
                ("at", models.DateTimeField()),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="solved",
                        to="knowledge.article",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Reading",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("at", models.DateTimeField()),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="readings",
                        to="knowledge.article",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SearchNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("folded", models.CharField(max_length=120)),
                (
                    "place",
                    models.CharField(
                        choices=[("portal", "Portal"), ("report", "Report"), ("agent", "Agent")],
                        max_length=8,
                    ),
                ),
                ("found", models.PositiveIntegerField(default=0)),
                ("is_opened", models.BooleanField(default=False)),
                ("at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Vote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_helpful", models.BooleanField()),
                ("comment", models.TextField(blank=True)),
                ("version_no", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="votes",
                        to="knowledge.article",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                models.F("review_due"),
                condition=models.Q(("review_due__isnull", False)),
                name="article_review_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="articleuse",
            constraint=models.UniqueConstraint(
                fields=("article", "record", "way"), name="one_use_a_ticket_and_article"
            ),
        ),
        migrations.AddIndex(
            model_name="articleversion",
            index=models.Index(fields=["author", "article"], name="version_author"),
        ),
        migrations.AddConstraint(
            model_name="articleversion",
            constraint=models.UniqueConstraint(
                fields=("article", "number"), name="one_article_version_a_number"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="articleversion",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="62d5ae81b16488626afff5824671aba5ee668b1e",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_99d13",
                    table="knowledge_articleversion",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="deflection",
            index=models.Index(fields=["at"], name="deflection_at"),
        ),
        migrations.AddConstraint(
            model_name="deflection",
            constraint=models.UniqueConstraint(
                fields=("person", "article", "day"), name="one_deflection_a_day"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="deflection",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="5c7548d1b95b8d04da1e909676684c96a086b8e1",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_57b37",
                    table="knowledge_deflection",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="reading",
            constraint=models.UniqueConstraint(
                fields=("person", "article", "day"), name="one_reading_a_day"
            ),
        ),
        migrations.AddIndex(
            model_name="searchnote",
            index=models.Index(fields=["at"], name="search_note_at"),
        ),
        migrations.AddIndex(
            model_name="searchnote",
            index=models.Index(fields=["folded", "at"], name="search_note_folded"),
        ),
        migrations.AddConstraint(
            model_name="vote",
            constraint=models.UniqueConstraint(
                fields=("article", "person"), name="one_article_vote_a_person"
            ),
        ),
    ]
