"""The kind of process that gunicorn starts: it takes no new connection while pages wait in it.

Processes share one door, and whoever is quicker takes the next visitor; without this, five of them
stand in line in one process while the other has none. Connections that are kept alive, and those
that only send or receive, do not count.
"""

from gunicorn.workers.gthread import ThreadWorker


class Worker(ThreadWorker):
    @property
    def worker_connections(self):
        """How many connections may be open before no more are taken; asked before each."""
        return 0 if getattr(self.wsgi, "waiting", None) else self._most

    @worker_connections.setter
    def worker_connections(self, most):
        self._most = most
