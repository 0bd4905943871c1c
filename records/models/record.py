"""Record: the root of whatever has a number, a lifecycle and a story.

One level of inheritance, never a grandchild; the parent is never made alone. What a list filters
or sorts by is a column here.
"""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.lifecycle import HasSteps, StateField
from core.querysets import LockingQuerySet
from core.text import fold
from core.triggers import no_delete
from records import visibility
from records.kinds import KINDS, OPEN_PHASES, Phase, queued_kinds


class RecordQuerySet(LockingQuerySet):
    def visible_to(self, person):
        """Rows that this person may learn of. Everything starts here."""
        return self.filter(visibility.rows_for(person, self.model))

    def active(self):
        return self.filter(phase__in=OPEN_PHASES)

    def queued(self):
        """Tickets that are worked on in queues, unless merged into another."""
        return self.filter(is_queued=True)

    def queue_of(self, person):
        """What is worked on in queues and visible to this person. Asks the rules of the queued
        kinds only, which saves the joins of the others."""
        rule = visibility.rows_for(person, self.model, queued_kinds())
        return self.queued().filter(rule)

    def assigned_to(self, person):
        return self.filter(assignee=person)

    def unassigned(self):
        return self.filter(assignee=None)

    def of_groups(self, group_ids):
        return self.filter(assigned_group_id__in=group_ids)

    def asked_by(self, person):
        return self.filter(Q(requester=person) | Q(reported_by=person))

    def breached(self, at):
        """Past the next promise, by the clock that is stored: due before `at`."""
        return self.filter(due_at__lt=at)

    def for_list(self):
        """With all that a row shows: no query a row."""
        return self.select_related(
            "requester", "service", "assignee", "assigned_group", "pending_reason"
        )


class Record(HasSteps, models.Model):
    class Confidentiality(models.TextChoices):
        NORMAL = "normal", _("Normal")
        RESTRICTED = "restricted", _("Restricted")
        SECURITY = "security", _("Security")

    class SlaStatus(models.TextChoices):
        NONE = "none", _("No promise")
        OK = "ok", _("On track")
        WARNING = "warning", _("At risk")
        BREACHED = "breached", _("Breached")
        PAUSED = "paused", _("Paused")
        MET = "met", _("Met")
        MISSED = "missed", _("Missed")

    class Channel(models.TextChoices):
        PORTAL = "portal", _("Portal")
        PHONE = "phone", _("Telephone")
        EMAIL = "email", _("E-mail")
        WALK_IN = "walk_in", _("Walk-in")
        CHAT = "chat", _("Chat")
        FAX = "fax", _("Fax")
        API = "api", _("Interface")
        MONITORING = "monitoring", pgettext_lazy("channel", "Monitoring")
        IMPORT = "import", _("Import")

    KIND = ""
    PHASES = {}
    # States in which a record of a queued kind stands in no queue.
    UNQUEUED = frozenset()

    number = models.CharField(max_length=20, unique=True, editable=False)
    kind = models.CharField(max_length=24, editable=False)
    is_queued = models.BooleanField(default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    title = models.CharField(_("Subject"), max_length=200)
    description = models.TextField(_("Description"), blank=True)
    state = StateField()
    phase = models.CharField(max_length=8, choices=Phase.choices, editable=False)

    organization = models.ForeignKey(
        "people.Organization", models.PROTECT, related_name="records",
        verbose_name=_("Organisation"),
    )  # fmt: skip
    site = models.ForeignKey(
        "people.Site", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("Site"),
    )  # fmt: skip
    requester = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, blank=True, related_name="requests",
        verbose_name=_("Requester"),
    )  # fmt: skip
    reported_by = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("Reported by"),
    )  # fmt: skip
    owner = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("Owner"),
    )  # fmt: skip
    owner_group = models.ForeignKey(
        "people.SupportGroup", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("Responsible desk"),
    )  # fmt: skip
    assigned_group = models.ForeignKey(
        "people.SupportGroup", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("Group"),
    )  # fmt: skip
    assignee = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("Assignee"),
    )  # fmt: skip
    service = models.ForeignKey(
        "cmdb.Service", models.PROTECT, null=True, blank=True, related_name="records",
        verbose_name=_("Service"),
    )  # fmt: skip
    ci = models.ForeignKey(
        "cmdb.CI", models.PROTECT, null=True, blank=True, related_name="records",
        verbose_name=_("Configuration item"),
    )  # fmt: skip
    category = models.ForeignKey(
        "records.Category", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("Category"),
    )  # fmt: skip

    impact = models.PositiveSmallIntegerField(_("Impact"), null=True, blank=True)
    urgency = models.PositiveSmallIntegerField(_("Urgency"), null=True, blank=True)
    priority = models.PositiveSmallIntegerField(_("Priority"), null=True, blank=True)
    priority_override_reason = models.CharField(
        _("Why the priority differs"), max_length=300, blank=True
    )
    pending_reason = models.ForeignKey(
        "records.PendingReason", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("Waiting for"),
    )  # fmt: skip
    pending_since = models.DateTimeField(null=True, blank=True, editable=False)
    pending_until = models.DateTimeField(_("Until"), null=True, blank=True)
    chase_at = models.DateTimeField(null=True, blank=True, editable=False)
    chases = models.PositiveSmallIntegerField(default=0, editable=False)
    confidentiality = models.CharField(
        _("Confidentiality"), max_length=12, choices=Confidentiality.choices,
        default=Confidentiality.NORMAL,
    )  # fmt: skip
    is_on_portal = models.BooleanField(_("Shown to the requester"), default=True)
    is_major = models.BooleanField(default=False, editable=False)
    channel = models.CharField(
        _("Channel"), max_length=12, choices=Channel.choices, default=Channel.PORTAL
    )
    source = models.CharField(max_length=32, blank=True, editable=False)
    external_ref = models.CharField(_("Former number"), max_length=64, blank=True)

    # Written by slm only: the cache of the clocks that lists sort and colour by.
    due_at = models.DateTimeField(null=True, blank=True, editable=False)
    sla_status = models.CharField(
        max_length=8, choices=SlaStatus.choices, default=SlaStatus.NONE, editable=False
    )
    sla = models.JSONField(null=True, blank=True, editable=False)

    opened_at = models.DateTimeField(editable=False)
    first_resolved_at = models.DateTimeField(null=True, blank=True, editable=False)
    resolved_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    state_changed_at = models.DateTimeField(editable=False)
    updated_at = models.DateTimeField(editable=False)
    # Since when a message of the requester waits for an answer; empty when none does.
    unanswered_since = models.DateTimeField(null=True, blank=True, editable=False)
    reopen_count = models.PositiveSmallIntegerField(default=0, editable=False)
    reassign_count = models.PositiveSmallIntegerField(default=0, editable=False)
    child_count = models.PositiveIntegerField(default=0, editable=False)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", editable=False
    )

    objects = RecordQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.CheckConstraint(
                name="priority_from_1_to_5",
                condition=Q(priority=None) | Q(priority__range=(1, 5)),
            ),
            models.CheckConstraint(
                name="assignee_needs_a_group",
                condition=Q(assignee=None) | ~Q(assigned_group=None),
            ),
            models.CheckConstraint(
                name="resolved_before_closed",
                condition=Q(resolved_at=None) | Q(closed_at=None)
                | Q(resolved_at__lte=F("closed_at")),
            ),
            models.UniqueConstraint(
                fields=["source", "external_ref"], condition=~Q(external_ref=""),
                name="one_record_a_former_number",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(
                F("due_at").asc(nulls_last=True), "priority", "id", name="record_queue",
                condition=Q(is_queued=True, phase__in=["open", "waiting"]),
            ),
            models.Index(
                "assigned_group", F("due_at").asc(nulls_last=True), "priority", "id",
                name="record_group_queue",
                condition=Q(is_queued=True, phase__in=["open", "waiting"]),
            ),
            models.Index(
                "assignee", F("due_at").asc(nulls_last=True), "priority", "id",
                name="record_my_queue",
                condition=Q(is_queued=True, phase__in=["open", "waiting"]),
            ),
            models.Index("requester", F("opened_at").desc(), name="record_requester"),
            models.Index("reported_by", F("opened_at").desc(), name="record_reporter"),
            models.Index("organization", F("opened_at").desc(), name="record_organization"),
            models.Index("service", F("opened_at").desc(), name="record_service"),
            models.Index("ci", F("opened_at").desc(), name="record_ci"),
            models.Index("kind", F("opened_at").desc(), name="record_kind_opened"),
            models.Index("kind", F("resolved_at").desc(), name="record_kind_resolved"),
            models.Index(F("updated_at").desc(), "id", name="record_updated"),
            models.Index(
                "resolved_at", name="record_to_close", condition=Q(phase="resolved")
            ),
            models.Index(
                "pending_until", name="record_to_wake", condition=Q(pending_until__isnull=False)
            ),
            models.Index("chase_at", name="record_to_chase", condition=Q(chase_at__isnull=False)),
            models.Index(
                "external_ref", name="record_former_number", condition=~Q(external_ref="")
            ),
        ]  # fmt: skip
        triggers = [no_delete()]

    def __str__(self):
        return self.number

    def save(self, **kwargs):
        """Derive the shared phase from the process's own state, and count the version."""
        self.kind = self.kind or self.KIND
        kind = KINDS[self.kind]
        self.phase = kind.phase_of(self.state)
        is_merged = self.merged_into_id is not None
        self.is_queued = kind.is_queued and not is_merged and self.state not in self.UNQUEUED
        if not self._state.adding:
            self.version += 1
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*fields, "phase", "is_queued", "version"}
        super().save(**kwargs)

    def get_absolute_url(self):
        try:
            return reverse(f"{KINDS[self.kind].namespace}:detail", args=[self.number])
        except NoReverseMatch:
            return reverse("work:find", args=[self.number])

    @property
    def kind_label(self):
        return str(KINDS[self.kind].label)

    @property
    def state_label(self):
        return str(KINDS[self.kind].states(self.state).label)

    @property
    def is_open(self):
        return self.phase in OPEN_PHASES

    @property
    def is_final(self):
        return self.phase == Phase.CLOSED

    def begin_waiting(self, *, reason, until, at, chase_at):
        self.pending_reason, self.pending_until, self.pending_since = reason, until, at
        self.chase_at, self.chases = chase_at, 0

    def stop_waiting(self):
        self.pending_reason = self.pending_until = self.pending_since = self.chase_at = None

    def child(self):
        """The row of the process's own class. One query unless it is that already."""
        model = KINDS[self.kind].model
        return self if isinstance(self, model) else model.objects.get(pk=self.pk)


class RecordText(models.Model):
    """What search looks at, folded: apart, so that a busy row does not drag its index along."""

    record = models.OneToOneField(Record, models.CASCADE, primary_key=True, related_name="text")
    search_public = models.TextField(default="")
    search_agent = models.TextField(default="")
    grams_public = models.GeneratedField(
        expression=models.Func(F("search_public"), function="core_grams"),
        output_field=SearchVectorField(), db_persist=True,
    )  # fmt: skip
    grams_agent = models.GeneratedField(
        expression=models.Func(F("search_agent"), function="core_grams"),
        output_field=SearchVectorField(), db_persist=True,
    )  # fmt: skip

    class Meta:
        indexes = [
            GinIndex(fields=["grams_public"], name="record_text_public"),
            GinIndex(fields=["grams_agent"], name="record_text_agent"),
        ]

    def __str__(self):
        return str(self.record_id)

    @staticmethod
    def folded(record):
        return fold(f"{record.number} {record.external_ref} {record.title} {record.description}")
