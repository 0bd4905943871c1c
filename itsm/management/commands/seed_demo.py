"""manage.py seed_demo: the demo world, made through actions. Refuses a desk that is in use."""

import gzip
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from core import time
from itsm.demo import (
    announcements,
    company,
    estate,
    feedback,
    knowledge,
    requests,
    routing,
    stories,
)
from itsm.importing import desk, servicenow
from people.models import Organization

LOG = Path(settings.BASE_DIR) / "data/servicenow/incident_event_log.csv.gz"


class Command(BaseCommand):
    help = "Fills an empty desk with an invented company and a real, anonymised incident log."

    def add_arguments(self, parser):
        parser.add_argument("--no-log", action="store_true", help="without the incident log")

    def handle(self, **options):
        if Organization.objects.exists():
            raise CommandError("This desk holds data already; the demo world wants an empty one.")
        with transaction.atomic():
            world = company.build()
            estate.build(world)
            stories.play(world)
            knowledge.play(world)
            requests.play(world)
            announcements.play(world)
            routing.play(world)
            feedback.play(world)
        self.stdout.write(f"demo world: {len(world.people)} people, {len(world.incidents)} tickets")
        if not options["no_log"]:
            self.bring_in_log(world)

    def bring_in_log(self, world):
        log = servicenow.read(gzip.decompress(LOG.read_bytes()), zone="Asia/Shanghai")
        log = servicenow.shift_to(log, time.now())
        summary = desk.bring_in(log, organization="NORTHWIND", calendar=world.china)
        self.stdout.write(f"incident log: {summary.incidents} incidents, {summary.rows} rows")
