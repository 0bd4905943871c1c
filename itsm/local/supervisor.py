"""Keeps a list of parts running: restarts what dies, with growing pauses, until told to stop.

One loop, one thread: it wakes twice a second, or at once when a child ends or a signal comes.
"""

import contextlib
import datetime as dt
import os
import signal
import time

from itsm.local.parts import identity
from itsm.local.trouble import Trouble, check_disk, explain

TICK = 0.5
HOUSEKEEPING_EVERY = 60
ENOUGH_DEATHS = 5  # in a row, before the reason is printed once more


class Supervisor:
    """`run()` returns when SIGTERM, SIGINT or SIGHUP came and all parts have stopped."""

    def __init__(self, folder, say=print):
        self.folder = folder
        self.say = say
        self.parts = []
        self.is_stopping = False
        self.watch = None
        self._wakeup, self._write = os.pipe()
        os.set_blocking(self._wakeup, False)
        os.set_blocking(self._write, False)
        self._tidied_at = time.monotonic()

    def catch_signals(self):
        signal.set_wakeup_fd(self._write, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop)

    def _stop(self, *_):
        self.is_stopping = True

    def add(self, part):
        """Start a part and keep it running from now on."""
        part.start()
        self.parts.append(part)
        self.write_down()
        return part

    def write_down(self):
        """Remember who runs, so that the next start can end what a killed supervisor left."""
        running = [identity(part.pid) for part in self.parts if part.is_running()]
        self.folder.remember(running=[known for known in running if known])

    def run(self):
        while not self.is_stopping:
            self.tick()
            self.wait(TICK)
        self.stop()

    def tick(self):
        """Look after every part once."""
        now = time.monotonic()
        for part in self.parts:
            if part.process is not None and not part.is_running():
                self.bury(part)
            if part.process is None and now >= part.next_try_at and not self.is_stopping:
                self.revive(part)
        for part in self.watch.silent(self.parts) if self.watch else []:
            self.tell(f"{part.name} lives but has been silent; ending it")
            part.process.kill()  # the next round starts it again
        if now - self._tidied_at > HOUSEKEEPING_EVERY:
            self._tidied_at = now
            self.tidy()

    def bury(self, part):
        code = part.process.returncode
        wait = part.died()
        part.process = None
        reason = f"signal {-code}" if code < 0 else f"code {code}"
        again = f"starting it again in {wait:g} s" if wait else "starting it again"
        self.tell(f"{part.name} ended ({reason}); {again}")
        if part.deaths == ENOUGH_DEATHS:
            self.tell(f"{part.name} keeps ending: {part.last_words()} (all of it: {part.log})")

    def revive(self, part):
        try:
            part.start()
        except (Trouble, OSError) as error:
            reason = explain(error) if isinstance(error, OSError) else error
            part.deaths += 1
            part.next_try_at = time.monotonic() + 10
            self.tell(f"{part.name} could not be started: {reason}")
            return
        part.restarts += 1
        with contextlib.suppress(OSError, Trouble):
            self.write_down()

    def tidy(self):
        for part in self.parts:
            part.rotate_log()
        try:
            check_disk(self.folder.path, minimum=100 * 2**20)
        except (Trouble, OSError) as error:
            self.tell(str(error))

    def wait(self, seconds):
        """Sleep, but not through a signal."""
        import select

        select.select([self._wakeup], [], [], seconds)
        with contextlib.suppress(BlockingIOError):
            os.read(self._wakeup, 4096)

    def stop(self):
        """Stop all parts, the last started first: what uses a server goes before the server."""
        self.is_stopping = True
        # the parts of the application all at once, then the servers one by one
        servers = [part for part in self.parts if part.is_server]
        application = [part for part in self.parts if not part.is_server]
        for part in application:
            part.ask_to_stop()
        for part in [*reversed(application), *reversed(servers)]:
            part.stop()
        with contextlib.suppress(OSError, Trouble):
            self.folder.remember(running=[])

    def tell(self, text):
        moment = dt.datetime.now(dt.UTC).astimezone().strftime("%H:%M:%S")
        self.say(f"{moment}  {text}")
