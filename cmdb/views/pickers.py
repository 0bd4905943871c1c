"""What a combobox on any page asks: CIs and services that the reader may choose."""

from django.shortcuts import render
from django.views.decorators.http import require_GET

from cmdb import faces
from cmdb.models import CI, Service
from core.access import Gate, access
from core.text import fold

SHOWN = 12


@require_GET
@access(Gate.SIGNED_IN)
def pick(request):
    """CIs by number, name, serial, tag or class. `?mine=1`: only the person's own devices."""
    found = CI.objects.visible_to(request.user).present().matching(request.GET.get("q", ""))
    if request.GET.get("mine"):
        found = found.used_by(request.user)
    rows = list(found.select_related("ci_class", "service").order_by("name", "pk")[:SHOWN])
    for ci in rows:
        ci.status_face = faces.ci_status(ci)
    return render(request, "cmdb/_pick.html", {"rows": rows})


@require_GET
@access(Gate.SIGNED_IN)
def pick_service(request):
    """Services by name or code: agents all that are promised, others what is offered to them."""
    services = Service.objects.visible_to(request.user).live()
    for word in fold(request.GET.get("q", "")).split()[:6]:
        services = services.filter(ci__search__contains=word)
    rows = services.select_related("ci").by_code()[:SHOWN]
    return render(request, "cmdb/_pick_service.html", {"rows": rows})
