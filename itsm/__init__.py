"""The composition root: settings, addresses, and the tables where the processes meet."""

from itsm.celery import app as celery_app

__all__ = ["celery_app"]
