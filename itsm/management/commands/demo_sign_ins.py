"""manage.py demo_sign_ins: one sign-in a role of the demo world; nothing where it is not loaded."""

from django.core.management.base import BaseCommand

from itsm.demo import PASSWORD
from itsm.demo.company import SIGN_INS
from people.models import Person


class Command(BaseCommand):
    help = "Prints the demo world's sign-ins."

    def handle(self, **options):
        found = {
            p.code: p for p in Person.objects.filter(code__in=dict(SIGN_INS), can_sign_in=True)
        }
        if len(found) != len(SIGN_INS):
            return
        self.stdout.write(f"Sign in with the password {PASSWORD} as")
        for code, role in SIGN_INS:
            self.stdout.write(f"  {code}  {found[code].name} – {role}")
