"""Work that was handed to a supplier: what was asked, what came back, and the contract's clock.

The record stays ours and its promises keep running: a supplier is our side.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.lifecycle import HasSteps, StateField, step
from core.querysets import LockingQuerySet
from core.triggers import no_delete
from slm import policies


class ReferralQuerySet(LockingQuerySet):
    def visible_to(self, person):
        from records.models import Record

        return self.filter(record__in=Record.objects.visible_to(person).values("pk"))

    def with_supplier(self):
        """Sent and not answered yet: the supplier's turn."""
        return self.filter(state__in=SupplierReferral.THEIRS)

    def live(self):
        return self.filter(state__in=SupplierReferral.LIVE)


class SupplierReferral(HasSteps, models.Model):
    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SENT = "sent", _("Sent")
        ACKNOWLEDGED = "acknowledged", _("Acknowledged")
        ANSWERED = "answered", _("Answered")
        CLOSED = "closed", _("Closed")
        RECALLED = "recalled", _("Recalled")

    THEIRS = (State.SENT, State.ACKNOWLEDGED)
    LIVE = (State.DRAFT, *THEIRS, State.ANSWERED)

    number = models.CharField(max_length=20, unique=True, editable=False)
    record = models.ForeignKey("records.Record", models.PROTECT, related_name="referrals")
    supplier = models.ForeignKey(
        "people.Organization", models.PROTECT, related_name="referrals",
        verbose_name=_("Supplier"), limit_choices_to={"kind": "supplier"},
    )  # fmt: skip
    # The contract under which it is asked; without one the reason says why it is asked all the same.
    agreement = models.ForeignKey(
        "slm.Agreement", models.PROTECT, null=True, blank=True, related_name="governed_referrals",
        verbose_name=_("Underpinning contract"),
    )  # fmt: skip
    reason = models.CharField(_("Why without a contract"), max_length=300, blank=True)
    contact = models.CharField(_("Contact"), max_length=200)
    external_ref = models.CharField(_("Their number"), max_length=120, blank=True)
    question = models.TextField(_("What they are asked"))
    answer_text = models.TextField(_("Their answer"), blank=True)
    rejections = models.PositiveSmallIntegerField(default=0, editable=False)
    state = StateField(default=State.DRAFT)
    sent_at = models.DateTimeField(null=True, editable=False)
    acknowledged_at = models.DateTimeField(null=True, editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    created_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=models.functions.Now())

    objects = ReferralQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("supplier referral")
        constraints = [
            models.CheckConstraint(
                name="referral_has_contract_or_reason",
                condition=Q(agreement__isnull=False) | ~Q(reason=""),
            )
        ]
        indexes = [
            models.Index(
                fields=["supplier", "sent_at"], name="referral_theirs",
                condition=Q(state__in=["sent", "acknowledged"]),
            )
        ]  # fmt: skip
        triggers = [no_delete()]

    def __str__(self):
        return f"{self.number} {self.supplier_id}"

    @step(_("Send"), source=State.DRAFT, to=State.SENT, by=policies.can_refer)
    def send(self, *, at):
        self.sent_at = at

    @step(
        _("Acknowledged"), source=State.SENT, to=State.ACKNOWLEDGED,
        by=policies.can_speak_for_supplier,
    )  # fmt: skip
    def acknowledge(self, *, at, external_ref):
        self.acknowledged_at, self.external_ref = at, external_ref

    @step(_("Answered"), source=[*THEIRS], to=State.ANSWERED, by=policies.can_speak_for_supplier)
    def answer(self, *, at, text):
        self.answered_at, self.answer_text = at, text

    @step(_("Accept"), source=State.ANSWERED, to=State.CLOSED, by=policies.can_refer)
    def accept(self, *, at):
        self.closed_at = at

    @step(_("Reject the answer"), source=State.ANSWERED, to=State.SENT, by=policies.can_refer)
    def reject_answer(self):
        self.rejections += 1
        self.answered_at = None

    @step(_("Recall"), source=[*THEIRS], to=State.RECALLED, by=policies.can_refer)
    def recall(self, *, at):
        self.closed_at = at
