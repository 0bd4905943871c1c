"""Feedback: a complaint, praise, a suggestion or an opportunity, from the first word to the last.

A step checks and sets fields in memory. All that follows from it (saving, the clock, the
timeline, who is told) is in servicedesk.feedback.actions. Who must not see a complaint about
them says servicedesk.feedback.confidence, and nobody else.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.lifecycle import step
from records.kinds import Phase, record_kind, visibility_of
from records.models import Record, RecordQuerySet
from servicedesk.feedback import confidence, policies, soundness


class FeedbackQuerySet(RecordQuerySet):
    def complaints(self):
        return self.filter(feedback_kind=Feedback.Kind.COMPLAINT)


@record_kind(
    "feedback", prefix="FBK", label=_("Feedback"), queued=True, namespace="feedback",
    icon="megaphone",
)  # fmt: skip
class Feedback(Record):
    class State(models.TextChoices):
        RECEIVED = "received", _("Received")
        UNDER_REVIEW = "under_review", _("Under review")
        ANSWERED = "answered", _("Answered")
        CLOSED = "closed", _("Closed")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Kind(models.TextChoices):
        COMPLAINT = "complaint", _("Complaint")
        COMPLIMENT = "compliment", _("Praise")
        SUGGESTION = "suggestion", _("Suggestion")
        OPPORTUNITY = "opportunity", _("Business opportunity")

    class Severity(models.IntegerChoices):
        SERIOUS = 1, _("Serious: harm was done, or trust is lost")
        CLEAR = 2, _("Clear: it cost time or nerves")
        SMALL = 3, _("Small: it should be better")

    class Outcome(models.TextChoices):
        JUSTIFIED = "justified", _("Justified")
        PARTLY = "partly", _("Partly justified")
        NOT_JUSTIFIED = "not_justified", _("Not justified")

    class ClosureVia(models.TextChoices):
        CUSTOMER = "customer_confirmed", _("Confirmed by the requester")
        AUTO = "auto", _("Silence for the agreed time")
        PHONE = "agent_phone", _("Confirmed by telephone")

    PHASES = {
        State.ANSWERED: Phase.RESOLVED,
        State.CLOSED: Phase.CLOSED,
        State.WITHDRAWN: Phase.CLOSED,
    }
    LIVE = [State.RECEIVED, State.UNDER_REVIEW]

    feedback_kind = models.CharField(_("Kind"), max_length=12, choices=Kind.choices)
    about_record = models.ForeignKey(
        "records.Record", models.PROTECT, null=True, blank=True, related_name="feedback_about",
        verbose_name=_("About the record"),
    )  # fmt: skip
    about_group = models.ForeignKey(
        "people.SupportGroup", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("About the group"),
    )  # fmt: skip
    about_person = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("About the person"),
    )  # fmt: skip
    severity = models.PositiveSmallIntegerField(
        _("Severity"), choices=Severity.choices, null=True, blank=True
    )
    answer = models.TextField(_("Answer"), blank=True)
    outcome = models.CharField(_("Outcome"), max_length=16, choices=Outcome.choices, blank=True)
    answered_by = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    # 0: as it came; 1: with the service desk manager; 2: with the service level manager.
    level = models.PositiveSmallIntegerField(default=0, editable=False)
    first_response_at = models.DateTimeField(null=True, blank=True, editable=False)
    closure_via = models.CharField(max_length=20, choices=ClosureVia.choices, blank=True)
    rejection_deadline = models.DateTimeField(null=True, blank=True, editable=False)

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="complaint_has_a_severity",
                condition=Q(feedback_kind="complaint", severity__range=(1, 3))
                | (~Q(feedback_kind="complaint") & Q(severity=None)),
            ),
            models.CheckConstraint(
                name="outcome_of_complaints_only",
                condition=Q(outcome="") | Q(feedback_kind="complaint"),
            ),
            models.CheckConstraint(name="feedback_goes_up_twice", condition=Q(level__lte=2)),
        ]
        indexes = [
            models.Index(
                fields=["rejection_deadline"], name="feedback_to_close",
                condition=Q(rejection_deadline__isnull=False),
            ),
        ]  # fmt: skip

    @property
    def is_complaint(self):
        return self.feedback_kind == self.Kind.COMPLAINT

    @property
    def resolution(self):
        """What lists and letters of mixed kinds show as the end of it."""
        return self.answer

    # --- the work -----------------------------------------------------------------------------
    @step(_("Review"), source=State.RECEIVED, to=State.UNDER_REVIEW, by=policies.can_work,
          icon="search-check")  # fmt: skip
    def review(self, *, owner):
        self.owner = self.assignee = owner

    @step(_("Hand over"), source=State.UNDER_REVIEW, to=None, by=policies.can_work,
          icon="user-plus")  # fmt: skip
    def hand_over(self, *, owner):
        self.owner = self.assignee = owner

    @step(_("Assign"), source=LIVE, to=None, by=policies.can_work, icon="user-plus")
    def assign(self, *, group):
        if self.assigned_group_id not in {None, group.pk}:
            self.reassign_count += 1
        self.assigned_group = group

    @step(_("Answer"), source=State.UNDER_REVIEW, to=State.ANSWERED, by=policies.can_answer,
          guards=[soundness.has_an_owner, soundness.owner_is_not_complained_of],
          icon="message-square-reply")  # fmt: skip
    def give_answer(self, *, answer, outcome, answerer, at, deadline):
        self.answer, self.outcome, self.answered_by = answer, outcome, answerer
        self.resolved_at = at
        self.first_resolved_at = self.first_resolved_at or at
        self.first_response_at = self.first_response_at or at
        self.rejection_deadline, self.unanswered_since = deadline, None

    @step(_("Ask for an improvement"), source=[State.UNDER_REVIEW, State.ANSWERED], to=None,
          by=policies.can_answer, guards=[soundness.service_has_an_owner], icon="sprout")  # fmt: skip
    def raise_improvement(self):
        pass

    # --- the end ------------------------------------------------------------------------------
    @step(_("Escalate"), source=State.ANSWERED, to=State.UNDER_REVIEW,
          by=policies.can_escalate, guards=[soundness.somebody_stands_above],
          icon="arrow-up-from-line")  # fmt: skip
    def escalate(self, *, level, owner, at):
        self.level, self.reopen_count = level, self.reopen_count + 1
        self.owner = self.assignee = owner
        self.resolved_at = self.rejection_deadline = None
        self.unanswered_since = at

    @step(_("Close"), source=State.ANSWERED, to=State.CLOSED, by=policies.can_close,
          icon="circle-check-big")  # fmt: skip
    def close(self, *, at, via):
        self.closed_at, self.closure_via, self.rejection_deadline = at, via, None

    @step(_("Withdraw"), source=LIVE, to=State.WITHDRAWN, by=policies.can_withdraw,
          icon="undo-2")  # fmt: skip
    def withdraw(self, *, at):
        self.closed_at, self.unanswered_since = at, None


@visibility_of("feedback")
def feedback_for(person):
    return confidence.feedback_for(person)
