"""Mail that came in: mailboxes, each delivered mail with its original, and what was decided of it.

A mail is stored before anybody looks into it, and never goes; a decision is never changed, a later
one is added. Only servicedesk.mail.intake writes mails and decisions.
"""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.querysets import LockingQuerySet
from core.triggers import append_only, audited, no_delete, wakes

CODE = RegexValidator(r"^[a-z0-9][a-z0-9-]*$", _("Use small letters, digits and -."))
VARIABLE = RegexValidator(
    r"^[A-Z][A-Z0-9_]*$", _("The name of an environment variable: capital letters, digits and _.")
)


class MailboxQuerySet(LockingQuerySet):
    def active(self):
        return self.filter(is_active=True)

    def to_fetch(self):
        """Whose turn it is, by the database's clock; one that is only to be tried out, too."""
        due = Q(is_active=True, next_fetch_at__lte=Now()) | Q(check_asked_at__isnull=False)
        return self.filter(due, protocol=Mailbox.Protocol.IMAP)


class Mailbox(models.Model):
    """Where mail comes in: a folder that is fetched, or a door that a mail server delivers to.

    Passwords and tokens are not kept here: `secret_env` names the environment variable.
    """

    class Protocol(models.TextChoices):
        IMAP = "imap", _("Fetched from a mail server (IMAP)")
        PUSH = "push", _("Delivered by a mail server (API or pipe)")

    class Security(models.TextChoices):
        TLS = "tls", _("TLS")
        STARTTLS = "starttls", _("STARTTLS")
        NONE = "none", _("None (only inside a trusted network)")

    class SignIn(models.TextChoices):
        PASSWORD = "password", _("Password")
        REFRESH = "refresh_token", _("OAuth2 with a refresh token")
        CLIENT = "client_credentials", _("OAuth2 as an application")

    class After(models.TextChoices):
        KEEP = "keep", _("Stay, marked as read")
        MOVE = "move", _("Be moved to a folder")
        DELETE = "delete", _("Be deleted")

    class Strangers(models.TextChoices):
        NEW_CALLER = "new_caller", _("Become callers with a ticket of their own")
        QUARANTINE = "quarantine", _("Are held until somebody decides")

    code = models.CharField(_("Code"), max_length=32, unique=True, validators=[CODE])
    name = models.CharField(_("Name"), max_length=80)
    address = models.EmailField(_("Mail address"), unique=True)
    is_active = models.BooleanField(_("Active"), default=True)
    protocol = models.CharField(
        _("How mail comes in"), max_length=8, choices=Protocol, default=Protocol.IMAP
    )
    # --- what becomes of mails
    strangers = models.CharField(
        _("Unknown senders"), max_length=12, choices=Strangers, default=Strangers.NEW_CALLER
    )
    takes_lists = models.BooleanField(
        _("Mails of mailing lists open tickets"), default=False,
        help_text=_("For an address that is itself a distribution list."),
    )  # fmt: skip
    organization = models.ForeignKey(
        "people.Organization", models.PROTECT, related_name="+",
        verbose_name=_("Organisation of unknown senders"),
    )  # fmt: skip
    service = models.ForeignKey(
        "cmdb.Service", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("Service of new tickets"),
    )  # fmt: skip
    # --- fetching
    host = models.CharField(_("Server"), max_length=200, blank=True)
    port = models.PositiveIntegerField(_("Port"), default=993)
    security = models.CharField(
        _("Encryption"), max_length=8, choices=Security, default=Security.TLS
    )
    username = models.CharField(_("User name"), max_length=200, blank=True)
    sign_in = models.CharField(_("Sign-in"), max_length=20, choices=SignIn, default=SignIn.PASSWORD)
    secret_env = models.CharField(
        _("Environment variable of the secret"), max_length=80, blank=True, validators=[VARIABLE],
        help_text=_("It holds the password, the refresh token, or the application's secret."),
    )  # fmt: skip
    token_url = models.URLField(_("Token address"), blank=True)
    client_id = models.CharField(_("Application (client) id"), max_length=200, blank=True)
    client_secret_env = models.CharField(
        _("Environment variable of the application's secret"), max_length=80, blank=True,
        validators=[VARIABLE],
    )  # fmt: skip
    scope = models.CharField(_("OAuth2 scope"), max_length=300, blank=True)
    secret_expires_on = models.DateField(_("The secret expires on"), null=True, blank=True)
    folder = models.CharField(_("Folder"), max_length=120, default="INBOX")
    after = models.CharField(
        _("Taken mails"), max_length=8, choices=After, default=After.KEEP,
        help_text=_("What a mail does on the mail server once it is stored here."),
    )  # fmt: skip
    moved_to = models.CharField(_("Folder for taken mails"), max_length=120, blank=True)
    # --- delivering
    deliverer = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("Integration that may deliver"),
        help_text=_("Its API key with write access opens the door for this mailbox."),
    )  # fmt: skip
    # --- how it stands; written by the fetcher
    uid_validity = models.BigIntegerField(default=0, editable=False)
    last_uid = models.BigIntegerField(default=0, editable=False)
    next_fetch_at = models.DateTimeField(db_default=Now(), editable=False)
    # The mail that broke the last fetches, how often it did, and those that were left lying for it.
    stuck_uid = models.BigIntegerField(default=0, editable=False)
    stuck_tries = models.PositiveSmallIntegerField(default=0, editable=False)
    left_uids = ArrayField(models.BigIntegerField(), default=list, editable=False)
    last_fetched_at = models.DateTimeField(null=True, editable=False)
    failing_since = models.DateTimeField(null=True, editable=False)
    last_error = models.CharField(max_length=500, blank=True, editable=False)
    check_asked_at = models.DateTimeField(null=True, editable=False)
    checked_at = models.DateTimeField(null=True, editable=False)

    objects = MailboxQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("mailbox")
        triggers = [
            no_delete(),
            audited(without=(
                "uid_validity", "last_uid", "next_fetch_at", "last_fetched_at", "failing_since",
                "last_error", "check_asked_at", "checked_at", "stuck_uid", "stuck_tries", "left_uids",
            )),
        ]  # fmt: skip

    def __str__(self):
        return self.name


class Decision(models.TextChoices):
    NEW_TICKET = "new_ticket", _("New ticket")
    REPLY = "reply", _("Added to a ticket")
    FOLLOW_UP = "follow_up", _("New ticket that follows a closed one")
    JOINED_AS_CC = "joined_as_cc", _("Joined as somebody in copy")
    IGNORED_AUTO = "ignored_auto", _("Automatic mail")
    IGNORED_BOUNCE = "ignored_bounce", _("Delivery report")
    IGNORED_LOOP = "ignored_loop", _("Loop")
    IGNORED_OWN = "ignored_own", _("Our own mail")
    HELD_FLOOD = "held_flood", _("Held: too many at once")
    REJECTED_STRANGER = "rejected_stranger", _("Held: unknown sender")
    QUARANTINED = "quarantined", _("Quarantined")
    DUPLICATE = "duplicate", _("Came twice")


# Somebody should look at these.
HELD = (Decision.HELD_FLOOD, Decision.REJECTED_STRANGER, Decision.QUARANTINED)
# These put the mail's words into a ticket.
TAKEN = (Decision.NEW_TICKET, Decision.REPLY, Decision.FOLLOW_UP, Decision.JOINED_AS_CC)


class InboundMessageQuerySet(LockingQuerySet):
    def to_decide(self):
        """Stored, and nobody is at it, or whoever was has not come back."""
        return self.filter(state=InboundMessage.State.RECEIVED, locked_until__lte=Now())

    def held(self):
        return self.filter(state=InboundMessage.State.QUARANTINED)

    def taken(self):
        return self.filter(decision__in=TAKEN)


class InboundMessage(models.Model):
    """One delivered mail. The columns of its content are what its last reading found."""

    class State(models.TextChoices):
        RECEIVED = "received", _("Waiting")
        DECIDED = "decided", _("Decided")
        QUARANTINED = "quarantined", _("Held")

    mailbox = models.ForeignKey(Mailbox, models.PROTECT, related_name="messages")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    received_at = models.DateTimeField(db_default=Now())
    source = models.CharField(max_length=8, default="push")  # push, pipe or imap
    # --- the lease of whoever decides
    state = models.CharField(max_length=12, choices=State, default=State.RECEIVED)
    attempts = models.PositiveSmallIntegerField(default=0)
    fence = models.PositiveIntegerField(default=0)
    locked_until = models.DateTimeField(db_default=Now())
    # --- the decision that counts: the last one of `decisions`
    decision = models.CharField(max_length=20, choices=Decision, blank=True)
    why = models.JSONField(default=list)
    decided_at = models.DateTimeField(null=True)
    record = models.ForeignKey(
        "records.Record", models.PROTECT, null=True, related_name="inbound_mails"
    )
    entry = models.ForeignKey(
        "records.TimelineEntry", models.PROTECT, null=True, related_name="inbound_mails"
    )
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    error = models.TextField(blank=True)
    # --- what it says
    message_id = models.CharField(max_length=500, blank=True)
    content_key = models.CharField(max_length=64, blank=True)
    sender = models.CharField(max_length=254, blank=True)
    sender_name = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=500, blank=True)
    sent_at = models.DateTimeField(null=True)
    # Addresses in To and Cc: who was in copy may answer, too.
    copied = ArrayField(models.CharField(max_length=254), default=list)
    headers = models.JSONField(default=list)
    text = models.TextField(blank=True)
    quoted = models.TextField(blank=True)
    parts = models.JSONField(default=list)
    notes = models.JSONField(default=list)

    objects = InboundMessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "sha256"], name="one_row_a_mail"),
            models.CheckConstraint(
                name="decided_mail_says_what",
                condition=Q(state="received") | ~Q(decision=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["locked_until", "id"], name="inbound_due", condition=Q(state="received")
            ),
            models.Index(
                fields=["-id"], name="inbound_held", condition=Q(state="quarantined")
            ),
            models.Index(fields=["decision", "-id"], name="inbound_decision"),
            models.Index(fields=["mailbox", "-id"], name="inbound_mailbox"),
            models.Index(
                fields=["message_id"], name="inbound_message_id", condition=~Q(message_id="")
            ),
            models.Index(
                fields=["content_key"], name="inbound_content", condition=~Q(content_key="")
            ),
            models.Index(fields=["sender", "-received_at"], name="inbound_sender"),
            models.Index(fields=["record", "-id"], name="inbound_record"),
            models.Index(fields=["entry"], name="inbound_entry"),
        ]  # fmt: skip
        triggers = [no_delete(), wakes("mail")]

    def __str__(self):
        return f"{self.pk}: {self.subject[:60]}"


class InboundOriginal(models.Model):
    """The mail as it came, byte for byte: in the database, so that it is stored with its row."""

    message = models.OneToOneField(
        InboundMessage, models.PROTECT, primary_key=True, related_name="original"
    )
    content = models.BinaryField()

    class Meta:
        triggers = [append_only()]

    def __str__(self):
        return str(self.message_id)


class InboundDecision(models.Model):
    """One decision about a mail, with its reasons: [[code, {values}], …], worded when read."""

    message = models.ForeignKey(InboundMessage, models.PROTECT, related_name="decisions")
    at = models.DateTimeField(db_default=Now())
    by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    decision = models.CharField(max_length=20, choices=Decision)
    why = models.JSONField(default=list)
    record = models.ForeignKey("records.Record", models.PROTECT, null=True, related_name="+")
    entry = models.ForeignKey("records.TimelineEntry", models.PROTECT, null=True, related_name="+")
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        triggers = [append_only()]

    def __str__(self):
        return f"{self.message_id}: {self.decision}"


class UndeliverableAddress(models.Model):
    """An address that a mail server refused for good. Nothing more is sent there until an
    administrator says that it works again, or the person gets another address."""

    address = models.EmailField(unique=True)
    since = models.DateTimeField(db_default=Now())
    status = models.CharField(max_length=12, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    message = models.ForeignKey(InboundMessage, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-since"]
        triggers = [audited()]

    def __str__(self):
        return self.address
