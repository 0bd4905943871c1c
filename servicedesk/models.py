"""What the desk's own pages keep: views of the queue, and who has which ticket open.

Rows here may be lost without harm to any record; nothing of a process belongs here.
"""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.querysets import LockingQuerySet


class SavedViewQuerySet(LockingQuerySet):
    def visible_to(self, person):
        """One's own, those shared with a group of one's own, and those shared with everybody."""
        seen = Q(owner=person) | Q(sharing=SavedView.Sharing.EVERYBODY)
        seen |= Q(sharing=SavedView.Sharing.GROUP, group_id__in=person.access.all_group_ids)
        return self.filter(seen)

    def in_order(self):
        return self.order_by("order", "name", "pk")


class SavedView(models.Model):
    """A named set of filters. `filters` holds {name: [words]}, as the queue's address would."""

    class Sharing(models.TextChoices):
        OWNER = "owner", _("Only me")
        GROUP = "group", _("A group")
        EVERYBODY = "everybody", _("All agents")

    class Density(models.TextChoices):
        COMPACT = "compact", _("Compact")
        STANDARD = "standard", _("Standard")
        COMFY = "comfy", _("Comfortable")

    name = models.CharField(_("Name"), max_length=60)
    owner = models.ForeignKey("people.Person", models.PROTECT, related_name="saved_views")
    sharing = models.CharField(
        _("Shown to"), max_length=10, choices=Sharing.choices, default=Sharing.OWNER
    )
    group = models.ForeignKey(
        "people.SupportGroup", models.PROTECT, null=True, blank=True, related_name="saved_views",
        verbose_name=_("Group"),
    )  # fmt: skip
    filters = models.JSONField(default=dict)
    sort = models.CharField(max_length=16, blank=True)
    density = models.CharField(max_length=8, choices=Density.choices, blank=True)
    order = models.PositiveSmallIntegerField(_("Position"), default=100)
    # The view that its owner's queue opens with.
    is_default = models.BooleanField(_("Open the queue with this view"), default=False)
    created_at = models.DateTimeField(db_default=Now())

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="one_view_a_name"),
            models.UniqueConstraint(
                fields=["owner"], condition=Q(is_default=True), name="one_default_view"
            ),
            models.CheckConstraint(
                name="view_names_its_group",
                condition=~Q(sharing="group") | Q(group__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["sharing", "group"], name="saved_view_sharing")]

    def __str__(self):
        return self.name


class PresenceQuerySet(models.QuerySet):
    def others(self, record, person):
        """Who else had this record open within the last half minute, by the database's clock."""
        found = self.filter(record_id=record.pk, seen_at__gte=Now() - timedelta(seconds=30))
        found = found.exclude(person=person)
        return found.select_related("person").order_by("person__name")


class Presence(models.Model):
    """A person has a record open, and perhaps writes. Renewed by the page, forgotten by time."""

    record = models.ForeignKey("records.Record", models.CASCADE, related_name="+")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    seen_at = models.DateTimeField(db_default=Now())
    is_writing = models.BooleanField(default=False)

    objects = PresenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record", "person"], name="one_presence_a_person")
        ]
        indexes = [models.Index(fields=["record", "seen_at"], name="presence_record")]

    def __str__(self):
        return f"{self.person_id} at {self.record_id}"
