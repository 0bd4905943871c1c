"""Who may do what with views of the queue: (view, person) -> bool. No database is asked."""


def can_edit_view(view, person):
    """Its owner; an administrator where it is shared."""
    if view.owner_id == person.pk:
        return True
    return view.sharing != "owner" and person.access.is_admin


def can_share(person, sharing, group):
    """With a group: its members and leads. With everybody: managers."""
    if sharing == "group":
        return group is not None and (
            group.pk in person.access.all_group_ids or person.access.is_admin
        )
    return sharing == "owner" or person.access.is_manager
