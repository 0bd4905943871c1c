"""Removes files that no row names, as the nightly job does."""

from django.core.management.base import BaseCommand, CommandError

from core.errors import Refused
from records import leftovers


class Command(BaseCommand):
    help = (
        "Removes uploaded files that are older than a day and that no row names: what was written"
        " before a transaction failed."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="name them, remove nothing")
        parser.add_argument("--sure", action="store_true", help="also where most files have no row")

    def handle(self, *, dry_run, sure, **_options):
        try:
            outcome = leftovers.clean(is_dry=dry_run, is_sure=sure)
        except Refused as refusal:
            reasons = " ".join(refusal.reasons)
            raise CommandError(f"{reasons} Nothing was removed; --sure removes them.") from refusal
        if dry_run:
            for name in outcome.found:
                self.stdout.write(name)
        word = "without a row" if dry_run else "without a row removed"
        self.stdout.write(
            f"{outcome.looked_at} files older than a day, {len(outcome.found)} {word}"
            f" ({outcome.bytes} bytes)"
        )
