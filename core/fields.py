"""Columns whose value the database decides."""

from django.db import models


class PathField(models.CharField):
    """A materialised path ("/1/5/12/"), written by the triggers of core.triggers.tree.

    It comes back with the INSERT, so that a new node knows its place at once.
    """

    db_returning = True

    def __init__(self, *args, **kwargs):
        kwargs.update(max_length=255, editable=False, default="", db_index=True)
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        for key in ("max_length", "editable", "default", "db_index"):
            kwargs.pop(key, None)
        return name, path, args, kwargs
