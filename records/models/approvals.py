"""Questions that others must answer before a record goes on, and the votes given on them.

An approval is one stage; a record may have several, one after the other. Votes are evidence: they
are only ever added. Who changes their mind is asked again, in a new round.
"""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from core.lifecycle import HasSteps, StateField, step
from core.querysets import LockingQuerySet
from core.triggers import append_only
from records.policies import only_the_system


class ApprovalQuerySet(LockingQuerySet):
    def pending(self):
        return self.filter(state=Approval.State.PENDING)

    def waiting_for(self, person, today):
        """Questions that this person, or one whose deputy they are today, has still to answer."""
        stands_for = Q(approvers__deputy=person, approvers__deputy_during__contains=today)
        asked = self.pending().filter(Q(approvers=person) | stands_for)
        answered = ApprovalVote.objects.filter(
            Q(approver=person) | Q(on_behalf_of=person),
            approval=models.OuterRef("pk"), round=models.OuterRef("round"),
        )  # fmt: skip
        return asked.filter(~models.Exists(answered)).distinct()


class Approval(HasSteps, models.Model):
    class State(models.TextChoices):
        PLANNED = "planned", _("Asked later")
        PENDING = "pending", _("Pending")
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")
        EXPIRED = "expired", _("Expired")
        CANCELLED = "cancelled", _("Cancelled")
        STALE = "stale", _("Void")

    class Mode(models.TextChoices):
        ANY = "any", _("One of them")
        ALL = "all", _("All of them")
        QUORUM = "quorum", _("A quorum")

    class Kind(models.TextChoices):
        LINE_MANAGER = "line_manager", _("Line manager")
        SERVICE_OWNER = "service_owner", _("Service owner")
        FINANCIAL = "financial", _("Finance")
        PEOPLE = "people", _("Named people")
        GROUP = "group", _("A group")
        CAB = "cab", _("Change advisory board")
        ECAB = "ecab", _("Emergency change advisory board")
        RELEASE_GATE = "release_gate", _("Release gate")
        SIGNATURE = "signature", _("Signature")
        PLAN = "plan", _("Plan")
        ARTICLE = "article", _("Article")

    LIVE = (State.PLANNED, State.PENDING)

    record = models.ForeignKey("records.Record", models.PROTECT, related_name="approvals")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    stage = models.PositiveSmallIntegerField(default=1)
    mode = models.CharField(max_length=8, choices=Mode.choices, default=Mode.ANY)
    quorum_percent = models.DecimalField(max_digits=7, decimal_places=4, null=True)
    threshold_percent = models.DecimalField(max_digits=7, decimal_places=4, null=True)
    state = StateField(default=State.PENDING)
    round = models.PositiveSmallIntegerField(default=1)
    approvers = models.ManyToManyField("people.Person", related_name="approvals")
    # Who is to be asked, as the rule says it (records.approvers); asked again when somebody answers.
    source = models.JSONField(default=dict)
    # Keys of people who may never decide this: who asks, who benefits, who carries it out.
    barred = models.JSONField(default=list)
    # How long the approvers have, and since when; None waits without end.
    patience_hours = models.PositiveIntegerField(null=True)
    asked_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    remind_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    snapshot = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=models.functions.Now())

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        ordering = ["stage", "pk"]
        indexes = [
            models.Index(fields=["due_at"], name="approval_due", condition=Q(state="pending")),
            models.Index(
                fields=["remind_at"], name="approval_remind", condition=Q(state="pending")
            ),
        ]

    def __str__(self):
        return f"{self.kind} of {self.record_id}"

    def ask_at(self, at, due_at):
        """The approvers are reminded when half of their time is over."""
        self.asked_at, self.due_at = at, due_at
        self.remind_at = at + (due_at - at) / 2 if due_at is not None else None

    @step(_("Ask"), source=State.PLANNED, to=State.PENDING, by=only_the_system)
    def open(self, *, at, due_at):
        self.ask_at(at, due_at)

    @step(_("Approved"), source=State.PENDING, to=State.APPROVED, by=only_the_system)
    def approve(self, *, at):
        self.decided_at = at

    @step(_("Rejected"), source=State.PENDING, to=State.REJECTED, by=only_the_system)
    def reject(self, *, at):
        self.decided_at = at

    @step(_("Expired"), source=State.PENDING, to=State.EXPIRED, by=only_the_system)
    def expire(self, *, at):
        self.decided_at = at

    @step(
        _("Ask again"), source=[State.EXPIRED, State.REJECTED, State.STALE], to=State.PENDING,
        by=only_the_system,
    )  # fmt: skip
    def reissue(self, *, at, due_at):
        self.round += 1
        self.decided_at = None
        self.ask_at(at, due_at)

    @step(_("Cancelled"), source=[*LIVE], to=State.CANCELLED, by=only_the_system)
    def cancel(self, *, at):
        self.decided_at = at

    @step(_("Void"), source=State.APPROVED, to=State.STALE, by=only_the_system)
    def invalidate(self, *, at):
        self.decided_at = at


class ApprovalVote(models.Model):
    class Vote(models.TextChoices):
        APPROVE = "approve", _("Approve")
        REJECT = "reject", _("Reject")
        ABSTAIN = "abstain", _("Abstain")

    class Via(models.TextChoices):
        PAGE = "ui", _("Page")
        MAIL = "email", _("Mail")
        MEETING = "meeting", _("Meeting")
        ORAL = "oral", _("Spoken")
        API = "api", _("API")

    approval = models.ForeignKey(Approval, models.PROTECT, related_name="votes")
    round = models.PositiveSmallIntegerField(default=1)
    approver = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    on_behalf_of = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    vote = models.CharField(max_length=8, choices=Vote.choices)
    comment = models.TextField(blank=True)
    via = models.CharField(max_length=8, choices=Via.choices, default=Via.PAGE)
    recorded_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            # a seat votes once a round, whoever sits in it
            models.UniqueConstraint(
                F("approval"), F("round"), Coalesce("on_behalf_of", "approver"),
                name="one_vote_a_seat_and_round",
            )
        ]  # fmt: skip
        triggers = [append_only()]

    def __str__(self):
        return f"{self.vote} by {self.approver_id}"

    @property
    def seat_id(self):
        return self.on_behalf_of_id or self.approver_id
