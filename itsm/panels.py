"""What upper floors show on pages of lower ones: page -> [(label, address name)]."""

from django.utils.translation import gettext_lazy as _

PANELS = {
    "records.ticket": [
        (_("Knowledge"), "knowledge:for_record"),
        (_("Suppliers"), "work:referrals"),
    ],
    "people.person": [(_("Tickets"), "servicedesk:person_tickets")],
}
