"""Who of a group is there: members of that day who are not away. No roster is kept; whoever is away
has named a deputy for the time, and outside its hours a group is closed as a whole."""

from django.db.models import Count, Q

from people.models import GroupMembership, Person


def _there(at):
    """Memberships that hold on the day of `at`, of people who are active and not away."""
    day = at.date()
    rows = GroupMembership.objects.filter(valid__contains=day, person__is_active=True)
    rows = rows.filter(person__kind=Person.Kind.HUMAN)
    return rows.filter(Q(person__deputy_during=None) | ~Q(person__deputy_during__contains=day))


def present(group_id, at):
    """How many members of the group are there."""
    return _there(at).filter(group_id=group_id).values("person_id").distinct().count()


def present_in(group_ids, at):
    """{group id: how many members are there}, in one statement. Groups without any are left out."""
    rows = _there(at).filter(group_id__in=group_ids).order_by().values_list("group_id")
    return dict(rows.annotate(there=Count("person_id", distinct=True)))


def members_in(group_ids, at):
    """{group id: how many active people belong to it on the day of `at`}, in one statement."""
    rows = GroupMembership.objects.filter(
        group_id__in=group_ids, valid__contains=at.date(), person__is_active=True,
        person__kind=Person.Kind.HUMAN,
    ).order_by().values_list("group_id")  # fmt: skip
    return dict(rows.annotate(members=Count("person_id", distinct=True)))
