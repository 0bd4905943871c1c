"""What upper floors show on pages of lower ones: page -> [(label, address name)]. On a ticket a third
value says whether it stands open from the beginning, and so costs a request with every page."""

from django.utils.translation import gettext_lazy as _

PANELS = {
    "records.ticket": [
        (_("Knowledge"), "knowledge:for_record", True),
        (_("Approvals"), "servicedesk:approvals_of", False),
        (_("Suppliers"), "work:referrals", False),
        (_("Announcements"), "announcements:of_record", False),
    ],
    "people.person": [(_("Tickets"), "servicedesk:person_tickets")],
}
