"""Outgoing mail on the command line: what waits, one round of sending, hold and release.

After a restore: start with MAIL_HELD=1, look here or at Settings → Outgoing mail, then release.
"""

from django.core.management.base import BaseCommand
from django.db.models import Count

from records.models import Notification
from servicedesk.notices import holding, repair, sending


class Command(BaseCommand):
    help = "Say how much mail waits; hold it, let it go, or send one round."

    def add_arguments(self, parser):
        act = parser.add_mutually_exclusive_group()
        act.add_argument("--hold", action="store_true", help="keep all mail back")
        act.add_argument("--release", action="store_true", help="let mail go out again")
        act.add_argument("--send", action="store_true", help="send what is due, once")
        act.add_argument("--retry-dead", action="store_true", help="queue what was given up anew")

    def handle(self, **options):
        if options["hold"] or options["release"]:
            repair.hold(options["hold"], by=None)
        if options["retry_dead"]:
            self.stdout.write(f"queued once more: {repair.retry_dead(by=None)}")
        if options["send"]:
            self.stdout.write(f"dealt with: {sending.sweep_due()}")
        mails = Notification.objects.filter(channel=Notification.Channel.EMAIL)
        for row in mails.values("status").annotate(n=Count("pk")).order_by("status"):
            self.stdout.write(f"{row['status']}: {row['n']}")
        self.stdout.write("held" if holding.is_held() else "not held")
