"""What an administrator is asked about a mailbox."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cmdb.models import Service
from people.models import Organization, Person
from servicedesk.models import Mailbox

# The form in parts: (heading, what stands under it, the rows of fields side by side).
PARTS = (
    (_("The mailbox"), "", (("name", "code"), ("address",), ("is_active",))),
    (
        _("Tickets that come of it"), "",
        (("strangers", "organization"), ("service",), ("takes_lists",)),
    ),
    (_("How mail comes in"), "", (("protocol", "deliverer"),)),
    (
        _("The mail server"), _("For fetching by IMAP only."),
        (
            ("host", "port", "security"), ("username", "sign_in", "secret_env"),
            ("folder", "after", "moved_to"),
        ),
    ),
    (
        _("Signing in with OAuth2"), _("Only where the server asks for it."),
        (("token_url",), ("client_id", "client_secret_env"), ("scope", "secret_expires_on")),
    ),
)  # fmt: skip


class MailboxForm(forms.ModelForm):
    class Meta:
        model = Mailbox
        fields = [
            "name", "code", "address", "is_active", "strangers", "organization", "service",
            "takes_lists", "protocol", "deliverer", "host", "port", "security", "username", "sign_in",
            "secret_env", "token_url", "client_id", "client_secret_env", "scope",
            "secret_expires_on", "folder", "after", "moved_to",
        ]  # fmt: skip
        widgets = {"secret_expires_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = Organization.objects.active()
        self.fields["service"].queryset = Service.objects.filter(state="live").order_by("code")
        self.fields["deliverer"].queryset = Person.objects.active().filter(kind="service")
        for name in ("port", "folder"):
            self.fields[name].required = False

    @property
    def parts(self):
        """[(heading, help, rows of bound fields)] for the page."""
        return [
            (heading, text, [[self[name] for name in row] for row in rows])
            for heading, text, rows in PARTS
        ]

    def clean(self):
        data = super().clean()
        data["port"] = data.get("port") or 993
        data["folder"] = data.get("folder") or "INBOX"
        if data.get("protocol") == Mailbox.Protocol.IMAP:
            self._check_fetching(data)
        elif not data.get("deliverer"):
            self.fields["deliverer"].required = False
        return data

    def _check_fetching(self, data):
        needed = ["host", "username", "secret_env"]
        if data.get("sign_in") != Mailbox.SignIn.PASSWORD:
            needed += ["token_url", "client_id"]
        if data.get("after") == Mailbox.After.MOVE:
            needed.append("moved_to")
        for name in needed:
            if not data.get(name) and name not in self.errors:
                self.add_error(name, _("This is needed to fetch mail."))
        if data.get("token_url") and not str(data["token_url"]).startswith("https://"):
            self.add_error("token_url", _("The token address must begin with https."))
