"""Which rule decided desk, group and the rest of a record, as sentences (IN-02)."""

from django.utils.translation import gettext as _

from core.templatetags import ui
from records import routing_words


def routed_words(why):
    """Which rule decided desk and group (IN-02), as sentences."""
    sentences = {
        ("desk", "security"): _("Security matters go to the central desk."),
        ("desk", "vip"): _("VIPs are served by the central desk."),
        ("desk", "site"): _("The desk was chosen by the requester's site."),
        ("desk", "organization"): _("The desk was chosen by the requester's organisation."),
        ("desk", "central"): _("The central desk is responsible where no other is."),
        ("desk", "closed"): _("The local desk was closed, so a higher desk took it."),
        ("desk", "skill"): _(
            "The local desk has no skill for the category, so a higher desk took it."
        ),
        ("desk", "overload"): _("The local desk was overloaded, so a higher desk took it."),
        ("desk", "inactive"): _("The local desk is not active, so a higher desk took it."),
        ("group", "category"): _("The group was chosen by the category."),
        ("group", "ci"): _("The group was chosen by the configuration item."),
        ("service", "category"): _("The service was chosen by the category."),
        ("service", "ci"): _("The service was chosen by the configuration item."),
        ("group", "desk"): "",
        ("group", "chosen"): _("The group was chosen by hand."),
        ("group", "offering"): _("The group was chosen by the offering."),
    }
    pairs = [pair for pair in why if pair and isinstance(pair, list | tuple)]
    found = [sentences.get(tuple(pair), "") for pair in pairs if pair[0] != "rule"]
    found += [_by_rule(*pair[1:4]) for pair in pairs if pair[0] == "rule" and len(pair) == 4]
    return " ".join(filter(None, found))


def _by_rule(name_en, name_zh, names):
    """Which rule of the desk's own decided what, in the reader's language."""
    name = (name_zh or name_en) if ui.language() == "zh" else (name_en or name_zh)
    what = ", ".join(str(routing_words.SETS[one]) for one in names if one in routing_words.SETS)
    return _("The rule “%(rule)s” decided: %(what)s.") % {"rule": name, "what": what}
