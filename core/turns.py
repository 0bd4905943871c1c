"""A few pages at a time are worked out in a process; the others wait for their turn.

Threads of one interpreter take the processor from each other at every statement of the database:
eight pages at once are all late, two at once are soon done and leave their place. The threads
beyond send and receive.
"""

from collections import deque
from threading import Lock

AT_ONCE = 2
PATIENCE_SECONDS = 2


class Turns:
    """WSGI around an application. Who comes first goes first. Whoever waited long enough goes on
    without a turn: a few requests that hang, at a slow sender or another server, hold nobody up for
    more than this."""

    def __init__(self, application, at_once=AT_ONCE, patience=PATIENCE_SECONDS):
        self.application = application
        self.patience = patience
        self.free = at_once
        self.waiting = deque()
        self.lock = Lock()

    def __call__(self, environ, start_response):
        has_turn = self._take()
        try:
            return self.application(environ, start_response)
        finally:
            if has_turn:
                self._give()

    def _take(self):
        with self.lock:
            if self.free:
                self.free -= 1
                return True
            ticket = Lock()
            ticket.acquire()
            self.waiting.append(ticket)
        if ticket.acquire(timeout=self.patience):
            return True
        with self.lock:
            if ticket not in self.waiting:  # it was handed over in the last moment
                return True
            self.waiting.remove(ticket)
            return False

    def _give(self):
        """Hand the turn to who waits longest; a newcomer cannot slip in between."""
        with self.lock:
            if self.waiting:
                self.waiting.popleft().release()
            else:
                self.free += 1
