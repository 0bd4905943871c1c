"""The supervised process that finds what is due: thresholds, messages, mail, waits, closures."""

import signal

from django.core.management.base import BaseCommand

from itsm import sweeps
from itsm.sweeper import Sweeper


class Command(BaseCommand):
    help = (
        "Runs the sweeps every SWEEP_SECONDS, and at once when the database says that work waits."
    )

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="one round of everything due")
        parser.add_argument("--only", nargs="+", choices=sorted(sweeps.SWEEPS), metavar="SWEEP")
        parser.add_argument("--seconds", type=float, help="instead of SWEEP_SECONDS")

    def handle(self, *, once, only, seconds, **options):
        if once:
            for name in only or sweeps.SWEEPS:
                done = count = sweeps.run(name)
                while count >= sweeps.LIMIT:
                    count = sweeps.run(name)
                    done += count
                self.stdout.write(f"{name}: {done}")
            return
        sweeper = Sweeper(seconds, only)
        signal.signal(signal.SIGTERM, sweeper.stop)
        signal.signal(signal.SIGINT, sweeper.stop)
        sweeper.run()
