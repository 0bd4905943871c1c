"""Agreements: SLA, OLA and underpinning contract in one entity, and the targets they promise."""

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from core.lifecycle import step
from records.kinds import KINDS, Phase, record_kind, visibility_of
from records.models import Record, RecordQuerySet
from slm import policies
from slm.terms import CalendarRule, ClockKind, Metric, ReopenRule, RetargetRule, UpdateRule

EDITABLE_STATES = ("draft", "negotiating")
ZERO = models.Value(0, output_field=models.BigIntegerField())
FROZEN_ONCE_SIGNED = """
    IF (SELECT state FROM records_record
        WHERE id = COALESCE(to_jsonb(NEW)->>'agreement_id', to_jsonb(OLD)->>'agreement_id')::bigint)
       NOT IN ('draft', 'negotiating') THEN
        RAISE EXCEPTION 'the targets of a signed agreement are frozen' USING ERRCODE = '23514';
    END IF;
    RETURN COALESCE(NEW, OLD);
"""


class AgreementQuerySet(RecordQuerySet):
    def in_force(self, day):
        """Applying on that day: active, or under review."""
        return self.filter(in_force__contains=day)


def has_a_target(agreement):
    if agreement.pk and not agreement.targets.exists():
        return _g("The agreement has no target yet.")
    return None


@record_kind("uc", prefix="UC", label=_("Underpinning contract"), namespace="slm", icon="file-text")
@record_kind("ola", prefix="OLA", label=_("OLA"), namespace="slm", icon="file-text")
@record_kind("sla", prefix="SLA", label=_("SLA"), namespace="slm", icon="file-text")
class Agreement(Record):
    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        NEGOTIATING = "negotiating", _("Negotiating")
        AWAITING_SIGNATURE = "awaiting_signature", _("Awaiting signature")
        SIGNED = "signed", _("Signed")
        ACTIVE = "active", _("Active")
        UNDER_REVIEW = "under_review", _("Under review")
        SUPERSEDED = "superseded", _("Superseded")
        EXPIRED = "expired", _("Expired")
        TERMINATED = "terminated", _("Terminated")

    class ZoneRule(models.TextChoices):
        CALENDAR = "calendar", _("The calendar's")
        REQUESTER_SITE = "requester_site", _("That of the requester's site")

    PHASES = {
        State.AWAITING_SIGNATURE: Phase.WAITING,
        State.SUPERSEDED: Phase.CLOSED,
        State.EXPIRED: Phase.CLOSED,
        State.TERMINATED: Phase.CLOSED,
    }

    agreement_kind = models.CharField(max_length=4, choices=ClockKind.choices)
    customer = models.ForeignKey(
        "people.Organization", models.PROTECT, null=True, blank=True, related_name="agreements",
        verbose_name=_("Customer"), help_text=_("Empty: all customers."),
    )  # fmt: skip
    agreed_service = models.ForeignKey(
        "cmdb.Service", models.PROTECT, null=True, blank=True, related_name="agreements",
        verbose_name=_("Service"), help_text=_("Empty: all services."),
    )  # fmt: skip
    provider_group = models.ForeignKey(
        "people.SupportGroup", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("Providing group"),
    )  # fmt: skip
    consumer_group = models.ForeignKey(
        "people.SupportGroup", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("Receiving group"),
    )  # fmt: skip
    supplier = models.ForeignKey(
        "people.Organization", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("Supplier"), limit_choices_to={"kind": "supplier"},
    )  # fmt: skip
    underpins = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="underpinned_by",
        verbose_name=_("Underpins"),
    )  # fmt: skip
    calendar = models.ForeignKey(
        "calendars.Calendar", models.PROTECT, related_name="+", verbose_name=_("Support hours")
    )
    service_hours = models.ForeignKey(
        "calendars.Calendar", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("Agreed service time"),
    )  # fmt: skip
    time_zone_rule = models.CharField(
        _("Time zone"), max_length=16, choices=ZoneRule.choices, default=ZoneRule.CALENDAR
    )
    valid = DateRangeField(_("Valid"))
    in_force = DateRangeField(null=True, editable=False)
    version_no = models.PositiveIntegerField(default=1, editable=False)
    previous = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="next_versions",
        editable=False,
    )  # fmt: skip
    review_cycle_months = models.PositiveSmallIntegerField(_("Review every (months)"), default=6)
    text_en = models.TextField(_("Text in English"), blank=True)
    text_zh = models.TextField(_("Text in Chinese"), blank=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="one_sla_in_force",
                expressions=[
                    ("agreement_kind", RangeOperators.EQUAL),
                    (Coalesce("customer_id", ZERO), RangeOperators.EQUAL),
                    (Coalesce("agreed_service_id", ZERO), RangeOperators.EQUAL),
                    (Coalesce("provider_group_id", ZERO), RangeOperators.EQUAL),
                    (Coalesce("consumer_group_id", ZERO), RangeOperators.EQUAL),
                    (Coalesce("supplier_id", ZERO), RangeOperators.EQUAL),
                    ("in_force", RangeOperators.OVERLAPS),
                ],
                condition=Q(in_force__isnull=False),
            ),
            models.CheckConstraint(
                name="ola_names_its_provider",
                condition=~Q(agreement_kind="ola") | Q(provider_group__isnull=False),
            ),
            models.CheckConstraint(
                name="uc_names_its_supplier",
                condition=~Q(agreement_kind="uc") | Q(supplier__isnull=False),
            ),
        ]

    def save(self, **kwargs):
        """The kind stands on both tables, so that constraints of this one can use it."""
        self.kind = self.agreement_kind
        super().save(**kwargs)

    @property
    def level(self):
        return {
            (True, True): "service_customer", (True, False): "customer",
            (False, True): "service", (False, False): "corporate",
        }[self.customer_id is not None, self.agreed_service_id is not None]  # fmt: skip

    @property
    def is_editable(self):
        return self.state in EDITABLE_STATES

    @step(
        _("Negotiate"), source=State.DRAFT, to=State.NEGOTIATING,
        by=policies.can_manage_agreements, guards=[has_a_target],
    )  # fmt: skip
    def negotiate(self):
        pass

    @step(
        _("Submit for signature"), source=State.NEGOTIATING, to=State.AWAITING_SIGNATURE,
        by=policies.can_manage_agreements, guards=[has_a_target],
    )  # fmt: skip
    def submit_signature(self):
        pass

    @step(
        _("Send back"), source=State.AWAITING_SIGNATURE, to=State.NEGOTIATING,
        by=policies.can_manage_agreements,
    )  # fmt: skip
    def send_back(self):
        pass

    @step(
        _("Sign"), source=State.AWAITING_SIGNATURE, to=State.SIGNED,
        by=policies.can_manage_agreements,
    )  # fmt: skip
    def sign(self):
        pass

    @step(
        _("Put in force"), source=State.SIGNED, to=State.ACTIVE, by=policies.can_manage_agreements
    )
    def activate(self):
        self.in_force = self.valid

    @step(
        _("Begin review"), source=State.ACTIVE, to=State.UNDER_REVIEW,
        by=policies.can_manage_agreements,
    )  # fmt: skip
    def start_review(self):
        pass

    @step(
        _("End review"), source=State.UNDER_REVIEW, to=State.ACTIVE,
        by=policies.can_manage_agreements,
    )  # fmt: skip
    def end_review(self):
        pass

    APPLYING = [State.ACTIVE, State.UNDER_REVIEW]

    @step(_("Supersede"), source=APPLYING, to=State.SUPERSEDED, by=policies.nobody)
    def supersede(self, *, in_force):
        self.in_force = in_force

    @step(_("Expire"), source=APPLYING, to=State.EXPIRED, by=policies.nobody)
    def expire(self):
        pass

    @step(
        _("Terminate"), source=[State.SIGNED, *APPLYING], to=State.TERMINATED,
        by=policies.can_manage_agreements,
    )  # fmt: skip
    def terminate(self, *, in_force):
        self.in_force = in_force


for _code in ("sla", "ola", "uc"):
    visibility_of(_code)(policies.agreements_for)
assert KINDS["sla"].model is Agreement


class ServiceLevelTarget(models.Model):
    """One promised figure. Immutable once the agreement is signed."""

    class Unit(models.TextChoices):
        SEC = "sec", _("seconds")
        PCT = "pct", _("per cent")
        COUNT = "count", _("times")
        MS = "ms", _("milliseconds")

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="targets")
    metric = models.CharField(_("Promise"), max_length=20, choices=Metric.choices)
    record_kind = models.CharField(_("Kind of record"), max_length=24, blank=True)
    priority = models.PositiveSmallIntegerField(_("Priority"), null=True, blank=True)
    category = models.ForeignKey(
        "records.Category", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("Category"),
    )  # fmt: skip
    value = models.DecimalField(_("Value"), max_digits=14, decimal_places=4)
    unit = models.CharField(_("Unit"), max_length=5, choices=Unit.choices, default=Unit.SEC)
    attainment_goal_pct = models.DecimalField(
        _("Kept in at least (per cent)"), max_digits=7, decimal_places=4, null=True, blank=True
    )
    calendar = models.ForeignKey(
        "calendars.Calendar", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("Other support hours"),
    )  # fmt: skip
    warn_percents = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    calendar_rule = models.CharField(
        _("Calendar"), max_length=12, choices=CalendarRule.choices, default=CalendarRule.AGREEMENT
    )
    retarget_rule = models.CharField(
        _("When priority or agreement change"), max_length=12, choices=RetargetRule.choices,
        default=RetargetRule.OPENING,
    )  # fmt: skip
    reopen_rule = models.CharField(
        _("When it is reopened"), max_length=20, choices=ReopenRule.choices,
        default=ReopenRule.WITHOUT_CLOSED_TIME,
    )  # fmt: skip
    update_rule = models.CharField(
        _("When updates are due"), max_length=16, choices=UpdateRule.choices,
        default=UpdateRule.ALWAYS,
    )  # fmt: skip
    pause_on_approval = models.BooleanField(_("Waits for approvals"), default=False)
    weight = models.DecimalField(_("Weight"), max_digits=7, decimal_places=2, default=1)

    class Meta:
        ordering = [F("metric"), F("priority").asc(nulls_last=True)]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "metric", "record_kind", "priority", "category"],
                nulls_distinct=False, name="one_row_a_case",
            ),
            models.CheckConstraint(name="target_above_zero", condition=Q(value__gt=0)),
        ]  # fmt: skip
        triggers = [
            pgtrigger.Trigger(
                name="frozen_once_signed", level=pgtrigger.Row, when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=FROZEN_ONCE_SIGNED,
            )
        ]  # fmt: skip

    def __str__(self):
        return f"{self.metric} {self.value}"
