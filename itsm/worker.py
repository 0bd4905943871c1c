"""The kind of process that gunicorn starts: it takes few new connections while pages wait in it.

Processes share one door, and whoever is quicker takes the next visitor; without this, five of them
stand in line in one process while the other has none. Connections that are kept alive, and those
that only send or receive, do not count. The door never stays shut for long: visitors who keep their
connections open could otherwise hold it shut for ever.
"""

from time import monotonic

from gunicorn.workers.gthread import ThreadWorker

LONGEST_SHUT_SECONDS = 0.25


class Worker(ThreadWorker):
    _last_open = 0.0

    @property
    def worker_connections(self):
        """How many connections may be open before no more are taken; asked before each."""
        now = monotonic()
        if getattr(self.wsgi, "waiting", None) and now - self._last_open < LONGEST_SHUT_SECONDS:
            return 0
        self._last_open = now
        return self._most

    @worker_connections.setter
    def worker_connections(self, most):
        self._most = most
