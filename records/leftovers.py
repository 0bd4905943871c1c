"""Files that no row names: what an upload wrote before its transaction failed.

Only names as `opaque_path` makes them are ever looked at, and only files that are older than any
upload can run. Rows are never touched: a row without its file is a matter for the backup.
"""

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from core import time
from core.errors import Refused
from core.heartbeat import beat
from core.models import KpiValue
from records.models import Document
from records.models.documents import FOLDER, is_opaque

KPI = "records.leftover_files"
PROCESS = "job:clean_files"
# An upload ends with its request: a file this old belongs to a row, or to nobody.
OLD = timedelta(days=1)
AT_ONCE = 20_000
# More than this, and more than there are rows: rather the wrong database than so many failures.
MANY = 100


@dataclass
class Outcome:
    """What one run saw. `found` are the names without a row; `bytes` is their size."""

    looked_at: int
    found: list
    bytes: int = 0
    is_dry: bool = False


def clean(*, is_dry=False, is_sure=False):
    """Remove the files without a row; Outcome. Harmless twice, and beside running uploads.

    Refuses where it would take more than MANY files and more than it would leave, unless
    `is_sure`: then the folder and the database are hardly those of the same desk.
    """
    begun = time.now()
    outcome = _look(before=begun - OLD)
    outcome.is_dry = is_dry
    taken = len(outcome.found)
    if taken > max(MANY, outcome.looked_at - taken) and not is_sure:
        raise Refused(
            _("%(found)d of %(all)d files have no row. Is this the desk's own folder and database?")
            % {"found": taken, "all": outcome.looked_at}
        )
    for name in outcome.found:
        path = Path(default_storage.path(name))
        try:
            outcome.bytes += path.stat().st_size
            if not is_dry:
                path.unlink()
        except FileNotFoundError:
            continue  # a twin was faster
    if not is_dry:
        _report(begun, outcome)
    return outcome


def _look(before):
    found, looked_at = [], 0
    every = _old_names(before)
    while names := list(islice(every, AT_ONCE)):
        kept = set(Document.objects.filter(file__in=names).values_list("file", flat=True))
        found += [name for name in names if name not in kept]
        looked_at += len(names)
    return Outcome(looked_at, found)


def _old_names(before):
    """Names of the files under the folder of documents that were last written before an instant."""
    root = Path(default_storage.path(FOLDER))
    for folder, _below, files in os.walk(root):
        for file in files:
            path = Path(folder) / file
            name = f"{FOLDER}/{path.relative_to(root).as_posix()}"
            if is_opaque(name) and _written_at(path) < before:
                yield name


def _written_at(path):
    try:
        return datetime.fromtimestamp(path.lstat().st_mtime, UTC)
    except FileNotFoundError:
        return datetime.max.replace(tzinfo=UTC)


def _report(begun, outcome):
    """Keep the outcome as a measure, and say that the job has run."""
    ended = time.now()
    KpiValue.objects.update_or_create(
        code=KPI, period_start=begun, period_end=ended, scope_type="all", scope_id="",
        defaults={
            "numerator": len(outcome.found), "denominator": outcome.looked_at,
            "value": len(outcome.found), "target": 0, "is_frozen": True,
        },
    )  # fmt: skip
    beat(PROCESS)
