"""How a person proves who they are: mail address or staff number, and a password."""

from django.contrib.auth.backends import BaseBackend
from django.db.models import Q

from people.models import Person


class PersonBackend(BaseBackend):
    def authenticate(self, request, username=None, password=None, **_):
        if not username or not password or "\x00" in username:
            return None
        found = Person.objects.filter(Q(email__iexact=username) | Q(code__iexact=username)).first()
        if found is None:
            Person().set_password(password)  # the same time as for a known name
            return None
        if found.check_password(password) and self.may_sign_in(found):
            return found
        return None

    def get_user(self, user_id):
        person = Person.objects.select_related("site", "organization").filter(pk=user_id).first()
        return person if person is not None and self.may_sign_in(person) else None

    @staticmethod
    def may_sign_in(person):
        return person.is_active and person.can_sign_in and person.kind == Person.Kind.HUMAN
