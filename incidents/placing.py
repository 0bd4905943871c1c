"""Which service a configuration item speaks for, where nobody named one (feature IN-02). Reads only."""

from cmdb.models import Service


def service_behind(ci):
    """The service that the CI is, else the only live one that needs it directly; else None."""
    own = Service.objects.live().filter(ci=ci).first()
    if own is not None:
        return own
    above = Service.objects.live().filter(ci__in=ci.needed_by.current().carrying().values("source"))
    found = list(above[:2])
    return found[0] if len(found) == 1 else None
