"""Guards of the CI lifecycle that need nothing above this floor. Those that ask changes,
releases or tickets are in the composition root's table of guards, under ("cmdb.ci", step)."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.errors import Refused


def given(value, reason):
    """The input without white space around it, or a refusal with `reason`."""
    value = (value or "").strip()
    if not value:
        raise Refused(reason)
    return value


def is_tagged(ci):
    if ci.ci_class.needs_tag and not (ci.serial_no or ci.asset_tag):
        return _("Hardware needs a serial number or an asset tag before it is received.")
    return None


def is_connected(ci):
    if ci.environment == "production" and not ci.has_relation():
        return _("A production CI needs at least one relation before it goes live.")
    return None


def refuse_unless_acknowledged(ci, acknowledged):
    """Retiring what live CIs depend on takes a list that names each of them."""
    open_ones = [each for each in ci.live_dependants() if each.number not in set(acknowledged)]
    if open_ones:
        names = ", ".join(each.name for each in open_ones[:5])
        raise Refused(
            ngettext(
                "%(count)d live CI depends on this one: %(names)s. Acknowledge it to go on.",
                "%(count)d live CIs depend on this one: %(names)s. Acknowledge them to go on.",
                len(open_ones),
            )
            % {"count": len(open_ones), "names": names}
        )


def is_described(service):
    if not (service.description_customer_en or service.description_customer_zh):
        return _("Describe to customers what they get before it goes live.")
    return None
