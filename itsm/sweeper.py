"""The sweeper at work: a thread a sweep, so that a slow one holds up no other, and a listener that
wakes them at once when the database says that there is work.

It survives what happens to the database: a lost connection is made again, at growing intervals.
"""

import logging
import random
import select
import threading
from time import monotonic

from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from core.heartbeat import beat
from itsm import sweeps

log = logging.getLogger(__name__)
LONGEST_PAUSE = 5  # seconds between two tries to reach the database
SHORTEST_PAUSE = 0.1  # however often the database wakes it
ALIVE_EVERY = 10  # seconds between two signs of life of the process itself
NAME = "sweeper"


class Sweeper:
    """Runs until `stop` is called. `seconds` is the pause of a sweep that nothing wakes."""

    def __init__(self, seconds=None, names=None):
        self.seconds = settings.SWEEP_SECONDS if seconds is None else seconds
        self.names = list(names or sweeps.SWEEPS)
        self.stopping = threading.Event()
        self.wake = {name: threading.Event() for name in self.names}

    def run(self):
        threads = [
            threading.Thread(target=self._loop, args=[name], name=name) for name in self.names
        ]
        for thread in threads:
            thread.start()
        self._guarded(self._listen)
        for thread in threads:
            thread.join()

    def stop(self, *_signal):
        self.stopping.set()
        for event in self.wake.values():
            event.set()

    # --- one sweep ------------------------------------------------------------------------------
    def _loop(self, name):
        self._guarded(lambda: self._sweep_on(name))

    def _sweep_on(self, name):
        while not self.stopping.is_set():
            close_old_connections()
            done = sweeps.run(name)
            if done < sweeps.LIMIT:
                self.wake[name].wait(self.seconds)
                self.wake[name].clear()
                self.stopping.wait(SHORTEST_PAUSE)

    # --- the listener ---------------------------------------------------------------------------
    def _listen(self):
        connection.close()
        connection.ensure_connection()
        connection.connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("LISTEN itsm")
        for event in self.wake.values():
            event.set()  # what was said while nobody listened
        alive_at = 0.0
        while not self.stopping.is_set():
            if monotonic() - alive_at > ALIVE_EVERY:
                beat(NAME)
                alive_at = monotonic()
            self._hear(connection.connection)

    def _hear(self, raw):
        if select.select([raw], [], [], 1.0)[0]:
            raw.poll()
            while raw.notifies:
                name = sweeps.WOKEN_BY.get(raw.notifies.pop(0).payload)
                if name in self.wake:
                    self.wake[name].set()

    # --- what may go wrong ----------------------------------------------------------------------
    def _guarded(self, work):
        """Do it again after each failure, with growing pauses; a while of health forgives."""
        failures = 0
        while not self.stopping.is_set():
            begun = monotonic()
            try:
                work()
            except (DatabaseError, InterfaceError) as error:
                log.warning("the database is out of reach: %s", str(error).strip())
            except Exception:
                log.exception("a sweep failed")
            finally:
                self._drop_connection()
            failures = 0 if monotonic() - begun > 10 * LONGEST_PAUSE else failures + 1
            pause = min(0.25 * 2**failures, LONGEST_PAUSE) * random.uniform(0.8, 1.2)  # noqa: S311
            self.stopping.wait(pause)

    @staticmethod
    def _drop_connection():
        try:
            connection.close()
        except (DatabaseError, InterfaceError):
            connection.connection = None
