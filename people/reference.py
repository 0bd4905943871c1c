"""Organisations, sites and support groups as reference data: what their pages show and refuse."""

from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from core.access import Gate, access
from core.reference import Column, Reference, register
from core.reference.registry import Tab, readers, say
from people import forms_groups, policies, views_groups
from people.models import GroupMembership, Organization, Site, SupportGroup

SECTION = _("People and groups")


def counted(count, sentence):
    return [sentence % {"count": count}] if count else []


def organization_holds(organization):
    """Why an organisation cannot be taken out of use."""
    people = organization.people.active().count()
    below = organization.children.active().count()
    return [
        *counted(
            below,
            ngettext_lazy(
                "%(count)d organisation below it is in use.",
                "%(count)d organisations below it are in use.",
                "count",
            ),
        ),
        *counted(
            people,
            ngettext_lazy(
                "%(count)d person still belongs to it.",
                "%(count)d people still belong to it.",
                "count",
            ),
        ),
    ]


def site_holds(site):
    return counted(
        site.people.active().count(),
        ngettext_lazy(
            "%(count)d person still works there.",
            "%(count)d people still work there.",
            "count",
        ),
    )


def group_holds(group):
    return [
        *counted(
            group.children.active().count(),
            ngettext_lazy(
                "%(count)d group below it is in use.",
                "%(count)d groups below it are in use.",
                "count",
            ),
        ),
        *counted(
            group.served_sites.active().count(),
            ngettext_lazy(
                "It is the desk of %(count)d site.",
                "It is the desk of %(count)d sites.",
                "count",
            ),
        ),
    ]


def can_see_groups(group, person):
    """Who leads a group opens this area for its members."""
    return readers(group, person) or bool(person.access.led_group_ids)


def group_urls(pages):
    """The members of a group, by administrators and by its lead."""
    gate = access(Gate.MANAGER)
    both = require_http_methods(["GET", "HEAD", "POST"])
    members = views_groups.Members(pages)
    return [
        path(
            "support-groups/<int:pk>/members/", both(gate(members.index)),
            name="support-groups_members",
        ),
        path(
            "support-groups/<int:pk>/members/<int:member>/", both(gate(members.edit)),
            name="support-groups_member",
        ),
        path(
            "support-groups/<int:pk>/members/<int:member>/end/", require_POST(gate(members.end)),
            name="support-groups_member_end",
        ),
    ]  # fmt: skip


register(
    Reference(
        slug="organizations", model=Organization, form=forms_groups.OrganizationForm,
        label=_("Organisations"), one=_("organisation"), new=_("New organisation"),
        icon="building-2", section=SECTION, is_tree=True, holds=organization_holds,
        help=_("Who asks and who delivers: units, customers, suppliers, as a tree."),
        rows=lambda rows: rows.select_related("manager", "default_calendar"),
        columns=(
            Column(_("Kind"), lambda row: row.get_kind_display()),
            Column(_("Manager"), lambda row: row.manager, "c-opt"),
            Column(_("Calendar"), lambda row: row.default_calendar, "c-opt"),
        ),
    ),
)  # fmt: skip
register(
    Reference(
        slug="sites", model=Site, form=forms_groups.SiteForm,
        label=_("Sites"), one=_("site"), new=_("New site"),
        icon="map-pin", section=SECTION, holds=site_holds,
        help=_("Where people work, in which time zone, and which desk serves them."),
        search=("code", "name_en", "name_zh", "address"),
        rows=lambda rows: rows.select_related("organization", "desk"),
        columns=(
            Column(_("Organisation"), lambda row: row.organization),
            Column(_("Service desk"), lambda row: row.desk),
            Column(_("Time zone"), lambda row: row.time_zone, "c-opt"),
        ),
    )
)  # fmt: skip
register(
    Reference(
        slug="support-groups", model=SupportGroup, form=forms_groups.SupportGroupForm,
        label=_("Support groups"), one=_("group"), new=_("New group"),
        icon="users", section=SECTION, is_tree=True, holds=group_holds, gate=Gate.MANAGER,
        can_see=can_see_groups, can_edit=policies.can_administer,
        children=((GroupMembership, "group_id"),),
        tabs=(Tab("members", _("Members")),), more_urls=group_urls,
        help=_("Service desks, second and third line, suppliers' teams, as a tree of desks."),
        rows=lambda rows: rows.select_related("lead", "calendar"),
        columns=(
            Column(_("Kind"), lambda row: row.get_kind_display()),
            Column(_("Lead"), lambda row: row.lead),
            Column(_("Opening hours"), lambda row: row.calendar, "c-opt"),
            Column(_("Central desk"), lambda row: row.is_central or "", "c-opt"),
        ),
    ),
    words={
        "one_central_desk": (
            "is_central",
            _("Another desk is the central one. There is exactly one; take it away there first."),
        ),
        "only_a_desk_is_central": ("is_central", _("Only a service desk can be the central one.")),
        "supplier_group_names_its_supplier": (
            "supplier", _("Name the supplier whose team this is."),
        ),
    },
)  # fmt: skip
say({
    "one_membership_at_a_time": (
        "person", _("This person is a member of the group in that time already."),
    ),
    "one_person_an_email": ("email", _("Another person has this mail address.")),
    "person_can_be_reached": (
        "email", _("Give a mail address or a telephone number, or let the person sign in."),
    ),
    "nobody_manages_oneself": ("manager", _("Nobody is their own manager.")),
})  # fmt: skip
