"""A few pages at a time are worked out in a process; the others wait for their turn.

Threads of one interpreter take the processor from each other at every statement of the database:
eight pages at once are all late, two at once are soon done and leave their place. The threads
beyond send and receive.
"""

from threading import Semaphore

AT_ONCE = 2
PATIENCE_SECONDS = 2


class Turns:
    """WSGI around an application. Whoever waited long enough goes on without a turn: a few requests
    that hang, at a slow sender or another server, hold nobody up for more than this."""

    def __init__(self, application, at_once=AT_ONCE, patience=PATIENCE_SECONDS):
        self.application = application
        self.patience = patience
        self.turns = Semaphore(at_once)

    def __call__(self, environ, start_response):
        has_turn = self.turns.acquire(timeout=self.patience)
        try:
            return self.application(environ, start_response)
        finally:
            if has_turn:
                self.turns.release()
