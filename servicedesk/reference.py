"""The catalogue as reference data: an offering's facts here, its form, approval and fulfilment on
pages of their own beside it."""

from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.access import Gate, access
from core.reference import Column, Reference, register
from core.reference.registry import Tab
from servicedesk.catalogue.editor import Editor
from servicedesk.forms.offerings import OfferingForm
from servicedesk.models import RequestOffering
from servicedesk.requests import face, policies


def offering_urls(pages):
    editor, gate = Editor(pages), access(Gate.MANAGER)
    both = require_http_methods(["GET", "HEAD", "POST"])
    return [
        *[
            path(
                f"offerings/<int:pk>/{part}/", both(gate(getattr(editor, part))),
                name=f"offerings_{part}",
            )
            for part in ("form", "approval", "fulfilment")
        ],
        path("offerings/<int:pk>/preview/", require_POST(gate(editor.preview)),
             name="offerings_preview"),
        path("offerings/<int:pk>/publish/", require_POST(gate(editor.publish)),
             name="offerings_publish"),
        path("offerings/<int:pk>/discard/", require_POST(gate(editor.discard)),
             name="offerings_discard"),
        path("offerings/<int:pk>/versions/", require_safe(gate(editor.versions)),
             name="offerings_versions"),
        path("offerings/<int:pk>/versions/<int:number>/", require_safe(gate(editor.version)),
             name="offerings_version"),
    ]  # fmt: skip


def version_of(offering):
    return f"v{offering.current.number}" if offering.current else _("not in the catalogue yet")


register(
    Reference(
        slug="offerings", model=RequestOffering, form=OfferingForm,
        label=_("Service catalogue"), one=_("offering"), new=_("New offering"),
        icon="layout-grid", section=_("Service desk"), gate=Gate.MANAGER,
        can_see=policies.can_read_offerings, can_edit=policies.can_manage_offerings,
        help=_("What people may order, for whom, who has to approve it, and what is done then."),
        search=("code", "name_en", "name_zh", "keywords"),
        rows=lambda rows: rows.select_related("service", "category", "current"),
        columns=(
            Column(_("Category"), lambda row: row.category or ""),
            Column(_("Service"), lambda row: row.service, "c-opt"),
            Column(_("Price of one"), lambda row: face.money(row.price, row.currency), "num c-opt"),
            Column(_("Version"), version_of),
        ),
        tabs=(
            Tab("form", _("Form")), Tab("approval", _("Approval")),
            Tab("fulfilment", _("Fulfilment")), Tab("versions", _("Versions")),
        ),
        more_urls=offering_urls,
    )
)  # fmt: skip
