"""What one person may see and do, gathered in one query and then only read.

It holds ids and answers questions; the rules about records stand in their own `visible_to` and
policies.
"""

from dataclasses import dataclass, field

from django.db import connection

from people.roles import INTERNAL, MANAGERS, READS_EVERYTHING, Role

QUERY = """
WITH mine AS (
    SELECT g.id, g.kind, g.path, g.is_central, m.role
    FROM people_groupmembership m JOIN people_supportgroup g ON g.id = m.group_id
    WHERE m.person_id = %(person)s AND g.is_active AND m.valid @> current_date
), desks AS (
    SELECT DISTINCT g.id FROM people_supportgroup g
    JOIN mine ON mine.kind = 'desk' AND starts_with(g.path, mine.path)
), own AS (SELECT path, sharing FROM people_organization WHERE id = %(organization)s)
SELECT
    (SELECT json_agg(json_build_array(role, o.path, scope_group_id))
       FROM people_roleassignment r LEFT JOIN people_organization o ON o.id = scope_organization_id
      WHERE person_id = %(person)s AND valid @> current_date),
    (SELECT json_agg(json_build_array(id, kind, is_central, role)) FROM mine),
    (SELECT array_agg(id) FROM desks),
    (SELECT array_agg(id) FROM people_site WHERE desk_id IN (SELECT id FROM desks)),
    (SELECT array_agg(DISTINCT o.id) FROM people_organization o
       JOIN people_supportgroup_organizations c ON c.supportgroup_id IN (SELECT id FROM desks)
       JOIN people_organization root ON root.id = c.organization_id
        AND starts_with(o.path, root.path)),
    (SELECT array_agg(o.id) FROM people_organization o, own WHERE starts_with(o.path, own.path)),
    (SELECT sharing FROM own),
    (SELECT array_agg(id) FROM people_supportgroup WHERE lead_id = %(person)s AND is_active)
"""


@dataclass(frozen=True)
class Access:
    """Ids and roles of one person. Sets are empty, never None."""

    person_id: int
    roles: frozenset = frozenset()
    scopes: tuple = ()
    group_ids: frozenset = frozenset()
    led_group_ids: frozenset = frozenset()
    dispatched_group_ids: frozenset = frozenset()
    desk_ids: frozenset = frozenset()
    is_central: bool = False
    served_site_ids: frozenset = frozenset()
    served_organization_ids: frozenset = frozenset()
    subtree_organization_ids: frozenset = frozenset()
    sharing: str = "own"
    is_superuser: bool = False
    is_supplier_only: bool = field(default=False)

    @classmethod
    def of(cls, person):
        with connection.cursor() as cursor:
            cursor.execute(QUERY, {"person": person.pk, "organization": person.organization_id})
            roles, mine, desks, sites, served, subtree, sharing, led = cursor.fetchone()
        mine = mine or []
        return cls(
            person_id=person.pk,
            roles=frozenset(role for role, _, _ in roles or []),
            scopes=tuple((role, path, group) for role, path, group in roles or []),
            group_ids=frozenset(row[0] for row in mine),
            led_group_ids=frozenset(led or []) | {row[0] for row in mine if row[3] == "lead"},
            dispatched_group_ids=frozenset(row[0] for row in mine if row[3] == "dispatcher"),
            desk_ids=frozenset(desks or []),
            is_central=any(row[2] for row in mine),
            served_site_ids=frozenset(sites or []),
            served_organization_ids=frozenset(served or []),
            subtree_organization_ids=frozenset(subtree or []),
            sharing=sharing or "own",
            is_superuser=person.is_superuser,
            is_supplier_only=bool(mine) and all(row[1] == "supplier" for row in mine),
        )

    def has_role(self, *codes):
        return bool(self.roles & set(codes))

    def has_unscoped_role(self, *codes):
        """The role everywhere, not only for one organisation or group."""
        return any(
            role in codes and path is None and group is None for role, path, group in self.scopes
        )

    @property
    def is_admin(self):
        return self.is_superuser or Role.ADM in self.roles

    @property
    def is_agent(self):
        """Works in the agent's pages: a member of a group, or with an internal role."""
        return self.is_superuser or bool(self.group_ids) or bool(self.roles & INTERNAL)

    @property
    def is_manager(self):
        return self.is_superuser or bool(self.roles & MANAGERS) or bool(self.led_group_ids)

    @property
    def is_auditor_only(self):
        """Reads everything and changes nothing."""
        return Role.AUD in self.roles and not (self.roles - {Role.AUD}) and not self.group_ids

    @property
    def reads_everything(self):
        return self.is_superuser or self.has_unscoped_role(*READS_EVERYTHING)

    @property
    def all_group_ids(self):
        """Groups of one's own, led ones, and every desk under one's own desk."""
        return self.group_ids | self.led_group_ids | self.desk_ids

    @property
    def shared_organization_ids(self):
        """Organisations whose tickets this person sees as a customer, by their sharing rule."""
        if self.sharing == "all" or (self.sharing == "supervisors" and Role.CUS in self.roles):
            return self.subtree_organization_ids
        return frozenset()
