"""Service requests: what somebody ordered out of the catalogue, from the form to the confirmation.

A step checks and sets fields in memory. All that follows from it (saving, the clocks, the
timeline, approvals and tasks) is in servicedesk.requests.actions.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from core.lifecycle import step
from records import guards
from records.kinds import Phase, record_kind
from records.models import Record, RecordQuerySet
from servicedesk.requests import policies


class RequestQuerySet(RecordQuerySet):
    def with_offering(self):
        return self.select_related("offering", "offering_version")


def something_was_rejected(request):
    return None if request.rejection_reason else _g("Nothing was rejected.")


@record_kind(
    "service_request", prefix="SRQ", label=_("Service request"), queued=True,
    icon="package-check",
)  # fmt: skip
class ServiceRequest(Record):
    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        AWAITING = "awaiting_approval", _("Awaiting approval")
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")
        FULFILMENT = "in_fulfilment", _("Being fulfilled")
        PENDING = "pending", _("Pending")
        FULFILLED = "fulfilled", _("Fulfilled")
        CLOSED = "closed", _("Closed")
        CANCELLED = "cancelled", _("Cancelled")

    class ClosureVia(models.TextChoices):
        CUSTOMER = "customer_confirmed", _("Confirmed by the requester")
        AUTO = "auto", _("Silence for the agreed time")
        PHONE = "agent_phone", _("Confirmed by telephone")

    PHASES = {
        State.AWAITING: Phase.WAITING,
        State.PENDING: Phase.WAITING,
        State.FULFILLED: Phase.RESOLVED,
        State.REJECTED: Phase.CLOSED,
        State.CLOSED: Phase.CLOSED,
        State.CANCELLED: Phase.CLOSED,
    }
    # What the desk does not see in its queues: it is the requester's own paper still.
    UNQUEUED = frozenset({State.DRAFT})
    LIVE = [State.SUBMITTED, State.AWAITING, State.APPROVED, State.FULFILMENT, State.PENDING]
    BEFORE_WORK = [State.DRAFT, State.SUBMITTED, State.AWAITING, State.APPROVED]

    offering = models.ForeignKey(
        "servicedesk.RequestOffering", models.PROTECT, related_name="requests",
        verbose_name=_("Offering"),
    )  # fmt: skip
    offering_version = models.ForeignKey(
        "servicedesk.OfferingVersion", models.PROTECT, related_name="requests", editable=False
    )
    # {key of a question: {"value": what was given, "en": as text, "zh": as text}}
    form_data = models.JSONField(default=dict)
    quantity = models.PositiveIntegerField(_("Quantity"), default=1)
    unit_price = models.DecimalField(
        _("Price of one"), max_digits=14, decimal_places=2, null=True, editable=False
    )
    total_price = models.DecimalField(
        _("Total"), max_digits=14, decimal_places=2, null=True, editable=False
    )
    currency = models.CharField(max_length=3, blank=True, editable=False)
    cost_centre = models.CharField(_("Cost centre"), max_length=60, blank=True)
    rejection_reason = models.TextField(_("Why it was rejected"), blank=True, editable=False)
    resolution = models.TextField(_("What was done"), blank=True)
    first_response_at = models.DateTimeField(null=True, blank=True, editable=False)
    # The latest fulfilment, kept also while a dispute has emptied resolved_at.
    fulfilled_at = models.DateTimeField(null=True, blank=True, editable=False)
    closure_via = models.CharField(max_length=20, choices=ClosureVia.choices, blank=True)
    rejection_deadline = models.DateTimeField(null=True, blank=True, editable=False)

    objects = RequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="request_of_one_or_more", condition=Q(quantity__gte=1)),
            models.CheckConstraint(
                name="request_total_of_a_price",
                condition=Q(unit_price=None, total_price=None)
                | Q(unit_price__gte=0, total_price__gte=0),
            ),
        ]
        indexes = [
            models.Index(
                fields=["rejection_deadline"], name="request_to_close",
                condition=Q(rejection_deadline__isnull=False),
            ),
            models.Index(fields=["offering"], name="request_offering"),
        ]  # fmt: skip

    # --- to the desk --------------------------------------------------------------------------
    @step(_("Submit"), source=State.DRAFT, to=State.SUBMITTED, by=policies.can_submit, icon="send")
    def submit(self):
        self.rejection_reason, self.closed_at = "", None

    @step(_("Ask for approval"), source=State.SUBMITTED, to=State.AWAITING, by=policies.nobody)
    def request_approval(self):
        pass

    @step(_("Approve"), source=State.AWAITING, to=State.APPROVED, by=policies.nobody)
    def approve(self):
        pass

    @step(_("Approve"), source=State.SUBMITTED, to=State.APPROVED, by=policies.nobody)
    def auto_approve(self):
        pass

    @step(_("Reject"), source=[State.SUBMITTED, State.AWAITING], to=State.REJECTED,
          by=policies.can_work, icon="thumbs-down")  # fmt: skip
    def reject(self, *, reason, at):
        self.rejection_reason, self.closed_at = reason, at
        self.unanswered_since = None

    @step(_("Revise"), source=State.REJECTED, to=State.DRAFT, by=policies.can_revise,
          guards=[something_was_rejected], icon="pencil")  # fmt: skip
    def revise(self):
        self.closed_at = None

    # --- the work -----------------------------------------------------------------------------
    @step(_("Assign"), source=LIVE, to=None, by=policies.can_work, icon="user-plus")
    def assign(self, *, group, person):
        if group.pk != self.assigned_group_id and self.assigned_group_id is not None:
            self.reassign_count += 1
        self.assigned_group, self.assignee = group, person

    @step(_("Take"), source=LIVE, to=None, by=policies.can_work, icon="hand")
    def take(self, *, person):
        self.assignee = person

    @step(_("Start"), source=State.APPROVED, to=State.FULFILMENT, by=policies.can_work,
          icon="play")  # fmt: skip
    def fulfil_start(self):
        pass

    @step(_("Hold"), source=State.FULFILMENT, to=State.PENDING, by=policies.can_work,
          icon="circle-pause")  # fmt: skip
    def wait(self, *, reason, until, at, chase_at):
        self.begin_waiting(reason=reason, until=until, at=at, chase_at=chase_at)

    @step(_("Resume"), source=State.PENDING, to=State.FULFILMENT, by=policies.can_comment,
          icon="play")  # fmt: skip
    def resume(self):
        self.stop_waiting()

    @step(_("Fulfil"), source=State.FULFILMENT, to=State.FULFILLED, by=policies.can_work,
          guards=[guards.mandatory_tasks_done], icon="circle-check")  # fmt: skip
    def fulfil(self, *, resolution, at, deadline):
        self.resolution = resolution
        self.resolved_at = self.fulfilled_at = at
        self.first_resolved_at = self.first_resolved_at or at
        self.first_response_at = self.first_response_at or at
        self.rejection_deadline, self.unanswered_since = deadline, None

    # --- the end ------------------------------------------------------------------------------
    @step(_("Confirm"), source=State.FULFILLED, to=State.CLOSED, by=policies.can_confirm,
          icon="circle-check-big")  # fmt: skip
    def confirm(self, *, at, via):
        self.closed_at, self.closure_via, self.rejection_deadline = at, via, None

    @step(_("Dispute"), source=State.FULFILLED, to=State.FULFILMENT, by=policies.can_confirm,
          icon="rotate-ccw")  # fmt: skip
    def dispute(self):
        self.reopen_count += 1
        self.resolved_at = self.rejection_deadline = None

    @step(_("Cancel"), source=[*BEFORE_WORK, State.FULFILMENT, State.PENDING],
          to=State.CANCELLED, by=policies.can_cancel, icon="circle-x")  # fmt: skip
    def cancel(self, *, at):
        self.closed_at, self.unanswered_since = at, None
        self.stop_waiting()
