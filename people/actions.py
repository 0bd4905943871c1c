"""What can be done to people, groups and roles. The database writes the audit of every row."""

import hashlib
import secrets
from datetime import timedelta

from django.contrib.postgres.fields.ranges import DateRange
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, time
from core.errors import Refused
from core.text import without_nul
from people.models import (
    ApiToken,
    GroupMembership,
    Organization,
    Person,
    RoleAssignment,
    Site,
    SupportGroup,
)
from people.roles import Role


def _create(model, by, fields):
    audit.acting(by)
    row = model(**{name: _clean(value) for name, value in fields.items()})
    row.full_clean(exclude=["path", "password", "deputy_during"])
    row.save()
    return row


def _clean(value):
    return without_nul(value) if isinstance(value, str) else value


@transaction.atomic
def create_organization(*, by, **fields):
    return _create(Organization, by, fields)


@transaction.atomic
def create_site(*, by, **fields):
    return _create(Site, by, fields)


@transaction.atomic
def create_group(*, by, organizations=(), **fields):
    group = _create(SupportGroup, by, fields)
    group.organizations.set(organizations)
    return group


@transaction.atomic
def create_person(*, by, password=None, **fields):
    """A caller needs no password; who may sign in gets one here or by an invitation."""
    audit.acting(by)
    person = Person(**{name: _clean(value) for name, value in fields.items()})
    person.email = person.email or None
    if password:
        person.set_password(password)
    else:
        person.set_unusable_password()
    person.full_clean(exclude=["password", "deputy_during"])
    person.save()
    return person


def note_sign_in(person):
    audit.record("person.signed_in", by=person, subject="people_person", object_id=person.pk)


@transaction.atomic
def set_password(person, password, *, by):
    audit.acting(by)
    person = Person.objects.lock(person)
    person.set_password(password)
    person.save(update_fields=["password"])
    audit.record("person.password_changed", by=by, subject="people_person", object_id=person.pk)
    return person


@transaction.atomic
def leave(person, *, by):
    """The person has left: no signing in any more, and their keys are void. What they still hold
    stays with them until it is given to others."""
    if by is not None and by.pk == person.pk:
        raise Refused(_("You cannot close your own account."))
    audit.acting(by)
    person = Person.objects.lock(person)
    if not person.is_active:
        raise Refused(_("This person has left already."))
    for assignment in person.role_assignments.filter(role=Role.ADM):
        if is_last_administrator(assignment):
            raise Refused(_("This is the last administrator. Make another one first."))
    person.is_active = False
    person.save(update_fields=["is_active"])
    person.api_tokens.filter(revoked_at=None).update(revoked_at=time.now())
    return person


@transaction.atomic
def come_back(person, *, by):
    audit.acting(by)
    person = Person.objects.lock(person)
    person.is_active = True
    person.save(update_fields=["is_active"])
    return person


@transaction.atomic
def choose_language(person, locale, *, by):
    audit.acting(by)
    Person.objects.filter(pk=person.pk).update(locale=locale)


@transaction.atomic
def join_group(person, group, *, by, role=GroupMembership.Part.MEMBER, since=None):
    audit.acting(by)
    found = GroupMembership.objects.filter(person=person, group=group, valid__endswith=None)
    membership = found.first() or GroupMembership(person=person, group=group)
    membership.role = role
    if membership.pk is None:
        membership.valid = DateRange(since or time.now().date(), None)
    membership.save()
    return membership


@transaction.atomic
def leave_group(person, group, *, by):
    """From today on; that the person was a member until now remains known."""
    audit.acting(by)
    today = time.now().date()
    for membership in GroupMembership.objects.filter(
        person=person, group=group, valid__contains=today
    ):
        if membership.valid.lower == today:
            membership.delete()
        else:
            membership.valid = DateRange(membership.valid.lower, today)
            membership.save(update_fields=["valid"])


@transaction.atomic
def grant(person, role, *, by, organization=None, group=None, since=None):
    audit.acting(by)
    valid = DateRange(since or time.now().date(), None)
    return RoleAssignment.objects.create(
        person=person, role=role, scope_organization=organization, scope_group=group,
        valid=valid, granted_by=by,
    )  # fmt: skip


@transaction.atomic
def withdraw(assignment, *, by):
    """Take a role back. The last administrator who may sign in keeps theirs."""
    audit.acting(by)
    if is_last_administrator(assignment):
        raise Refused(_("This is the last administrator. Make another one first."))
    assignment.delete()


def is_last_administrator(assignment):
    administers = RoleAssignment.objects.filter(
        role=Role.ADM, valid__contains=time.now().date(), person__is_active=True,
        person__can_sign_in=True,
    ).select_for_update()  # fmt: skip
    present = {row.pk for row in administers}
    return present == {assignment.pk}


@transaction.atomic
def issue_token(person, *, by, name, scope, days=365):
    """Returns (token, key). The key is shown once and kept nowhere."""
    audit.acting(by)
    key = secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        person=person, name=name, scope=scope,
        sha256=hashlib.sha256(key.encode()).hexdigest(),
        expires_at=time.now() + timedelta(days=days),
    )  # fmt: skip
    return token, key


@transaction.atomic
def revoke_token(token, *, by):
    audit.acting(by)
    token.revoked_at = time.now()
    token.save(update_fields=["revoked_at"])


@transaction.atomic
def import_people(rows, *, by):
    """Callers and resolvers of another desk's log, by their label there. Known ones stay as they are.

    `rows`: dicts with code, name, external_ref, organization. Returns {external_ref: Person}.
    """
    audit.acting(by)
    known = {
        person.code: person for person in Person.objects.filter(code__in=[r["code"] for r in rows])
    }
    new = []
    for row in rows:
        if row["code"] not in known:
            person = Person(**{name: _clean(value) for name, value in row.items()})
            person.set_unusable_password()
            person.derive()
            new.append(person)
            known[person.code] = person
    Person.objects.bulk_create(new, batch_size=500)
    return {person.external_ref: person for person in known.values()}


@transaction.atomic
def name_lead(group, person, *, by):
    audit.acting(by)
    group = SupportGroup.objects.lock(group)
    group.lead = person
    group.save(update_fields=["lead"])
    return group
