"""Recomputes every clock from its log and names each stored value that differs."""

import json
from time import monotonic

from django.core.management.base import BaseCommand, CommandError

from slm.proving import Proof


class Command(BaseCommand):
    help = (
        "Recomputes every clock from its events, compares all that is stored of it, and fails on"
        " any difference. Repairs nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="one JSON object")
        parser.add_argument("--since", type=int, metavar="DAYS", help="only records touched since")
        parser.add_argument("--limit", type=int, help="stop after about so many clocks")

    def handle(self, *, since, limit, **options):
        is_json = options["json"]
        proof, found, begun = Proof(since_days=since, limit=limit), [], monotonic()
        for difference in proof.run():
            if is_json:
                found.append(difference.as_json())
            else:
                self.stdout.write(str(difference))
        proof.store()
        seconds = round(monotonic() - begun, 1)
        if is_json:
            summary = {
                "clocks": proof.clocks, "records": proof.records, "seconds": seconds,
                "differing": proof.differing, "differences": found,
            }  # fmt: skip
            self.stdout.write(json.dumps(summary, ensure_ascii=False, indent=2))
        else:
            self.stdout.write(
                f"{proof.clocks} clocks of {proof.records} records proven in {seconds} s:"
                f" {proof.differences} differences"
            )
        if proof.differences:
            raise CommandError(
                f"{proof.differences} stored values of {proof.differing} clocks or records"
                " are not what the events say"
            )
