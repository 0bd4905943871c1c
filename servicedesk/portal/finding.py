"""Which records the portal knows, and whose: every list and page of it begins here.

The portal shows the requester's side only. An agent who asks for help is a requester here.
"""

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, Value, When
from django.shortcuts import get_object_or_404

from records import visibility
from records.kinds import KINDS as RECORD_KINDS
from records.kinds import Phase
from records.likeness import pieces
from records.models import Record, Watch
from records.searching import Found, Grams, folded_query, number_in

# The kinds that requesters meet. Their pages, their words and their steps stand in this package.
KINDS = ("incident", "service_request", "feedback")
# To a requester, what waits for their "yes, it works" is not over.
UNFINISHED = (Phase.OPEN, Phase.WAITING, Phase.RESOLVED)


def shown_to(person):
    """Everything on the portal that this person may see: own, followed, shared by the rule."""
    found = Record.objects.filter(visibility.own_side(person), is_on_portal=True, kind__in=KINDS)
    # feedback has a narrower rule than tickets: it is not shared among colleagues
    return found.filter(~Q(kind="feedback") | visibility.rows_for(person, Record, ["feedback"]))


def involving(person):
    """Asked for, reported or followed by this person; without what is merely shared."""
    watched = Watch.objects.filter(person=person).values("record_id")
    mine = Q(requester=person) | Q(reported_by=person) | Q(pk__in=watched)
    return shown_to(person).filter(mine)


def shared_with(person):
    """Colleagues' requests that the rule of the organisation shows."""
    watched = Watch.objects.filter(person=person).values("record_id")
    mine = Q(requester=person) | Q(reported_by=person) | Q(pk__in=watched)
    return shown_to(person).exclude(mine)


def unfinished(queryset):
    return queryset.filter(phase__in=UNFINISHED)


def matching(queryset, words):
    """By number, or by words of what is public. What agents note among themselves is not looked at."""
    folded = folded_query(words)
    numbers = number_in(folded)
    wanted = pieces(folded)
    found = Q(number__in=numbers)
    if wanted:
        text = Q(Found(F("text__grams_public"), Grams(Value(" ".join(wanted)))))
        for piece in wanted:
            text &= Q(text__search_public__contains=piece)
        found |= text
    return queryset.filter(found)


def for_rows(queryset, person):
    """With all that a row of the portal shows, and whether it awaits this person."""
    watching = Watch.objects.filter(record=OuterRef("pk"), person=person)
    return (
        queryset.select_related("pending_reason", "assignee", "requester", "service")
        .defer("description")
        .annotate(is_watched=Exists(watching))
    )


def urgent_first(queryset):
    """What needs the requester's answer first, then the latest news."""
    waits = Q(phase=Phase.WAITING, pending_reason__waits_for_requester=True)
    turn = Case(
        When(waits, then=Value(0)), When(phase=Phase.RESOLVED, then=Value(1)), default=Value(2),
        output_field=IntegerField(),
    )  # fmt: skip
    return queryset.annotate(turn=turn).order_by("turn", "-updated_at", "pk")


SHOWN = (
    "requester", "reported_by", "organization", "service", "ci", "assignee", "assigned_group",
    "pending_reason", "merged_into", "owner_group",
)  # fmt: skip


def find(person, number):
    """The request with this number for its page, or 404: unseen and absent are the same."""
    number = number.upper()
    prefix = number.partition("-")[0]
    code = next((code for code in KINDS if RECORD_KINDS[code].prefix == prefix), KINDS[0])
    rows = RECORD_KINDS[code].model.objects.visible_to(person).filter(is_on_portal=True)
    if code == "service_request":
        rows = rows.with_offering()
    return get_object_or_404(rows.select_related(*SHOWN), number=number)
