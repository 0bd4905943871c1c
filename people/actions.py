"""What can be done to people, groups and roles. The database writes the audit of every row."""

import hashlib
import secrets
from datetime import timedelta

from django.contrib.postgres.fields.ranges import DateRange
from django.db import transaction

from core import audit, time
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


@transaction.atomic
def set_password(person, password, *, by):
    audit.acting(by)
    person = Person.objects.lock(person)
    person.set_password(password)
    person.save(update_fields=["password"])
    audit.record("person.password_changed", by=by, subject="people_person", object_id=person.pk)
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
    audit.acting(by)
    assignment.delete()


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
