"""Takes one mail from standard input, for the pipe of a mail server. Exit codes are those of
sysexits.h: while the database is away it says 75, and the mail server keeps the mail and tries again.
"""

import sys

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError, InterfaceError

from servicedesk.mail import intake
from servicedesk.models import Mailbox

EX_USAGE, EX_NOINPUT, EX_DATAERR, EX_TEMPFAIL = 64, 66, 65, 75


class Command(BaseCommand):
    help = "Store the mail that comes on standard input; it is decided afterwards."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--mailbox", required=True, help="the code of the mailbox")

    def handle(self, *, mailbox, **options):
        raw = sys.stdin.buffer.read(2 * settings.MAIL_IN_MOST_BYTES + 1)
        if not raw.strip():
            self.stop(EX_NOINPUT, "there is no mail on standard input")
        try:
            found = Mailbox.objects.active().filter(code=mailbox).first()
            if found is None:
                self.stop(EX_USAGE, f"there is no active mailbox {mailbox}")
            pk = intake.receive(raw, found, source="pipe")
        except intake.TooLarge:
            self.stop(EX_DATAERR, "the mail is too large")
        except (DatabaseError, InterfaceError) as error:
            self.stop(EX_TEMPFAIL, f"the database is away: {error}")
        self.stdout.write(str(pk))

    def stop(self, code, words):
        self.stderr.write(words)
        sys.exit(code)
