"""QuerySets that know how to hold a row."""

from django.db import models


class LockingQuerySet(models.QuerySet):
    def lock(self, record):
        """The same row, fresh, held until the transaction ends. Waits its turn."""
        pk = record.pk if isinstance(record, models.Model) else record
        return self.select_for_update(of=("self",)).get(pk=pk)

    def claim(self, pk):
        """The row, held; None where it no longer fits the query or another holds it."""
        return self.select_for_update(skip_locked=True, of=("self",)).filter(pk=pk).first()
