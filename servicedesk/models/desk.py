"""What the desk's own pages keep: views of the queue, who has which ticket open, and its calls.

Views and presence may be lost without harm to any record; a call is the evidence of a contact.
Nothing of a process belongs here.
"""

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.querysets import LockingQuerySet
from core.triggers import no_delete
from records.models import Record


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
    # Which columns it shows (servicedesk.queue.columns); empty: the usual ones.
    columns = ArrayField(models.CharField(max_length=16), default=list, blank=True)
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


class ViewLook(models.Model):
    """How one person looks at one view, a standard one or a saved one: their own columns and rows'
    height. May be lost without harm."""

    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    view = models.CharField(max_length=20)  # the view's key, as in the queue's address
    columns = ArrayField(models.CharField(max_length=16), default=list, blank=True)
    density = models.CharField(max_length=8, choices=SavedView.Density.choices, blank=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "view"], name="one_look_a_view")
        ]  # fmt: skip

    def __str__(self):
        return f"{self.person_id}: {self.view}"


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


class InteractionQuerySet(LockingQuerySet):
    def visible_to(self, person):
        """One's own calls, those of one's desks; all for the central desk and who reads all."""
        access = person.access
        if access.reads_everything or access.is_central:
            return self
        return self.filter(Q(agent=person) | Q(desk_id__in=access.all_group_ids))

    def unfinished(self):
        return self.filter(outcome="")

    def enquiries(self):
        """Calls that only asked how a record stands."""
        return self.filter(outcome=Interaction.Outcome.STATUS_ENQUIRY)

    def for_list(self):
        return self.select_related("person", "agent", "desk", "record")


class Interaction(models.Model):
    """One contact with the desk, whatever came of it: a call, a visit, a fax (CALL-000123)."""

    class Direction(models.TextChoices):
        INBOUND = "inbound", _("Incoming")
        OUTBOUND = "outbound", _("Outgoing")

    class Outcome(models.TextChoices):
        NEW_RECORD = "new_record", _("New ticket")
        LINKED = "linked", _("Added to a ticket")
        STATUS_ENQUIRY = "status_enquiry", _("Asked how it stands")
        INFO_GIVEN = "info_given", _("Information given")
        MISDIRECTED = "misdirected", _("Not for us")
        SPAM = "spam", _("Unwanted")
        ABANDONED = "abandoned", _("Hung up")

    ABOUT_RECORDS = [Outcome.NEW_RECORD, Outcome.LINKED, Outcome.STATUS_ENQUIRY]
    # Who does not say what they want need not say who they are.
    MAY_BE_NAMELESS = [Outcome.MISDIRECTED, Outcome.SPAM, Outcome.ABANDONED]

    number = models.CharField(max_length=20, unique=True, editable=False)
    channel = models.CharField(
        _("Channel"), max_length=12, choices=Record.Channel, default=Record.Channel.PHONE
    )
    direction = models.CharField(max_length=8, choices=Direction, default=Direction.INBOUND)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, blank=True, related_name="calls",
        verbose_name=_("Caller"),
    )  # fmt: skip
    # What an unknown caller is called, until somebody says which person it was.
    caller_text = models.CharField(_("Unknown caller"), max_length=120, blank=True)
    desk = models.ForeignKey("people.SupportGroup", models.PROTECT, related_name="+")
    agent = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    subject = models.CharField(_("Subject"), max_length=200, blank=True)
    notes = models.TextField(_("Notes"), blank=True)
    outcome = models.CharField(_("Outcome"), max_length=16, choices=Outcome, blank=True)
    record = models.ForeignKey(
        "records.Record", models.PROTECT, null=True, blank=True, related_name="interactions"
    )
    # The page on which the call is taken, and what stands in its form while it is open.
    token = models.CharField(max_length=64)
    draft = models.JSONField(default=dict)

    objects = InteractionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agent", "token"], name="one_call_a_page"),
            models.CheckConstraint(
                name="call_ends_with_an_outcome",
                condition=Q(outcome="", ended_at=None) | ~Q(outcome="") & Q(ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="call_names_its_caller",
                condition=Q(outcome__in=["", "misdirected", "spam", "abandoned"])
                | Q(person__isnull=False) | ~Q(caller_text=""),
            ),
            models.CheckConstraint(
                name="call_names_its_record",
                condition=~Q(outcome__in=["new_record", "linked", "status_enquiry"])
                | Q(record__isnull=False),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index("desk", models.F("started_at").desc(), name="call_desk"),
            models.Index(models.F("started_at").desc(), "id", name="call_started"),
            models.Index(
                "agent", models.F("started_at").desc(), name="call_open", condition=Q(outcome="")
            ),
            models.Index("person", models.F("started_at").desc(), name="call_person"),
        ]
        triggers = [no_delete()]

    def __str__(self):
        return self.number

    @property
    def is_open(self):
        return not self.outcome

    @property
    def caller(self):
        return self.person.name if self.person_id else self.caller_text

    @property
    def waited_seconds(self):
        """How long the caller waited until somebody answered; None where nobody did."""
        if self.answered_at is None:
            return None
        return max((self.answered_at - self.started_at).total_seconds(), 0)
