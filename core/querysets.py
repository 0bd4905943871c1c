"""QuerySets that know how to hold a row."""

from django.db import models


class LockingQuerySet(models.QuerySet):
    def lock(self, record):
        """The same row, fresh, held until the transaction ends. Waits its turn."""
        pk = record.pk if isinstance(record, models.Model) else record
        return self.select_for_update(of=self._held()).get(pk=pk)

    def claim(self, pk):
        """The row, held; None where it no longer fits the query or another holds it."""
        return self.select_for_update(skip_locked=True, of=self._held()).filter(pk=pk).first()

    def _held(self):
        """The row's own table and those it inherits from.

        A table that is joined but not held would be read as it was before the wait: the state of
        a record stands in the parent's row, so the parent must be held too.
        """
        links = [link.name for link in self.model._meta.parents.values() if link is not None]
        return ("self", *links)
