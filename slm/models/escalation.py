"""Who is told when a promise is in danger: policies with steps, and what was done about it."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Bilingual
from core.triggers import audited, no_delete
from people.models import ActiveQuerySet
from slm.terms import Metric

ONLY_ACKNOWLEDGEMENT = """
    IF (to_jsonb(NEW) - 'acknowledged_at' - 'acknowledged_by_id' - 'comment')
     = (to_jsonb(OLD) - 'acknowledged_at' - 'acknowledged_by_id' - 'comment')
       AND OLD.acknowledged_at IS NULL THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an escalation is append-only' USING ERRCODE = '23514';
"""


class EscalationPolicy(Bilingual):
    """A ladder. The narrowest scope that fits a record applies."""

    code = models.CharField(_("Code"), max_length=32, unique=True)
    agreement = models.ForeignKey(
        "slm.Agreement", models.CASCADE, null=True, blank=True, related_name="+",
        verbose_name=_("Agreement"),
    )  # fmt: skip
    service = models.ForeignKey(
        "cmdb.Service", models.CASCADE, null=True, blank=True, related_name="+",
        verbose_name=_("Service"),
    )  # fmt: skip
    organization = models.ForeignKey(
        "people.Organization", models.CASCADE, null=True, blank=True, related_name="+",
        verbose_name=_("Organisation"),
    )  # fmt: skip
    record_kind = models.CharField(_("Kind of record"), max_length=24, blank=True)
    priority = models.PositiveSmallIntegerField(_("Priority"), null=True, blank=True)
    is_active = models.BooleanField(_("Active"), default=True)

    objects = ActiveQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("escalation policy")
        triggers = [no_delete(), audited()]


class EscalationStep(models.Model):
    class On(models.TextChoices):
        PERCENT = "pct", _("Share of the target (per cent)")
        UNASSIGNED_FOR = "unassigned_for", _("Unassigned for (seconds)")
        NO_UPDATE_FOR = "no_update_for", _("No update for (seconds)")

    class Type(models.TextChoices):
        FUNCTIONAL = "functional", _("To another group")
        HIERARCHIC = "hierarchic", _("To more authority")
        NOTIFY = "notify", _("Notice")

    class To(models.TextChoices):
        ASSIGNEE = "assignee", _("Assignee")
        GROUP_LEAD = "group_lead", _("Lead of the group")
        DISPATCHER = "dispatcher", _("Dispatchers of the group")
        LEAD_MANAGER = "lead_manager", _("The lead's manager")
        PROCESS_MANAGER = "process_manager", _("Process manager")
        SLM = "slm", _("Service level manager")
        SERVICE_OWNER = "service_owner", _("Service owner")
        GROUP = "group", _("A group")
        PERSON = "person", _("A person")

    policy = models.ForeignKey(EscalationPolicy, models.CASCADE, related_name="steps")
    order = models.PositiveSmallIntegerField(default=1)
    on = models.CharField(_("When"), max_length=16, choices=On.choices, default=On.PERCENT)
    metric = models.CharField(
        _("Promise"), max_length=20, choices=Metric.choices, blank=True,
        help_text=_("Empty: every promise."),
    )  # fmt: skip
    clock_kind = models.CharField(max_length=4, blank=True)
    value = models.PositiveIntegerField(_("Value"))
    type = models.CharField(_("Kind"), max_length=12, choices=Type.choices, default=Type.NOTIFY)
    to = models.CharField(_("To"), max_length=16, choices=To.choices)
    group = models.ForeignKey(
        "people.SupportGroup", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("Group"),
    )  # fmt: skip
    person = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("Person"),
    )  # fmt: skip
    repeat_every = models.PositiveSmallIntegerField(
        _("Again after each further (per cent)"), null=True, blank=True
    )
    only_priority = models.PositiveSmallIntegerField(_("Only for priority"), null=True, blank=True)
    respects_calendar = models.BooleanField(_("Only in support hours"), default=True)

    class Meta:
        ordering = ["order", "pk"]
        triggers = [audited()]

    def __str__(self):
        return f"{self.on} {self.value} → {self.to}"


class Escalation(models.Model):
    """A threshold that fired, or a person who escalated. Append-only but for its acknowledgement."""

    record = models.ForeignKey("records.Record", models.PROTECT, related_name="escalations")
    clock = models.ForeignKey("slm.Clock", models.PROTECT, null=True, related_name="escalations")
    cycle = models.PositiveIntegerField(default=0)
    threshold = models.CharField(max_length=32, blank=True)
    type = models.CharField(max_length=12, choices=EscalationStep.Type.choices)
    # When it was due by the clock, and when the sweep came by.
    due_at = models.DateTimeField()
    fired_at = models.DateTimeField()
    by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    to_group = models.ForeignKey("people.SupportGroup", models.PROTECT, null=True, related_name="+")
    told = models.JSONField(default=list)
    reason = models.CharField(max_length=300, blank=True)
    is_imported = models.BooleanField(default=False)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, related_name="+"
    )
    comment = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clock", "cycle", "threshold"], name="one_escalation_a_threshold",
                condition=models.Q(clock__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["record", "cycle", "threshold"], name="one_escalation_a_step",
                condition=models.Q(clock__isnull=True) & ~models.Q(threshold=""),
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["record", "-fired_at"], name="escalation_record")]
        triggers = [
            pgtrigger.Trigger(
                name="append_only", level=pgtrigger.Row, when=pgtrigger.Before,
                operation=pgtrigger.Update, func=ONLY_ACKNOWLEDGEMENT,
            ),
            no_delete(),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.threshold} of {self.record_id}"
