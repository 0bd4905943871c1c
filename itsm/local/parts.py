"""A part: one supervised process with its log. It starts, is asked to stop, is ended.

Each part leads a process group of its own, so that a Ctrl-C in the terminal reaches only the
supervisor and nothing that a dead part left behind survives. On Linux the kernel also tells the
part to stop when the supervisor is gone, however it went.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

PR_SET_PDEATHSIG = 1
LOG_BYTES = 5 * 1024 * 1024
SLOWEST_RESTART = 10  # seconds between two tries
HEALTHY_AFTER = 30  # seconds of life that forgive earlier deaths


@dataclass
class Part:
    """One process: how to start it, how to ask it to stop, and what is known of it."""

    name: str
    command: list
    log: Path
    env: dict = None
    stop_signal: int = signal.SIGTERM
    stop_seconds: float = 15
    # setpriv changes the user, and the kernel forgets the death signal then: it sets its own
    sets_own_death_signal: bool = False
    before_start: object = None
    process: subprocess.Popen = None
    started_at: float = 0
    deaths: int = 0
    next_try_at: float = 0
    restarts: int = 0
    is_server: bool = False  # stops after everything that uses it

    @property
    def pid(self):
        return self.process.pid if self.process else None

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def start(self):
        if self.before_start:
            self.before_start()
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with open(self.log, "ab") as output:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=self.env,
                start_new_session=True,
                preexec_fn=None
                if self.sets_own_death_signal
                else die_with_parent(self.stop_signal),
            )
        self.started_at = time.monotonic()

    def died(self):
        """Take note of a death: what it left is ended, and the next try waits a little longer."""
        self.end_group()
        if time.monotonic() - self.started_at > HEALTHY_AFTER:
            self.deaths = 0
        self.deaths += 1
        wait = 0 if self.deaths == 1 else min(0.5 * 2 ** (self.deaths - 2), SLOWEST_RESTART)
        self.next_try_at = time.monotonic() + wait
        return wait

    def ask_to_stop(self):
        if self.is_running():
            self.process.send_signal(self.stop_signal)

    def wait_or_kill(self):
        """Wait for the part as long as it may take, then end it and all it started."""
        if self.process is None:
            return
        try:
            self.process.wait(self.stop_seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.end_group()

    def stop(self):
        self.ask_to_stop()
        self.wait_or_kill()

    def end_group(self):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def rotate_log(self):
        """Keep the last full log beside the present one. The writers append, so cutting is safe."""
        with contextlib.suppress(OSError):
            if self.log.stat().st_size > LOG_BYTES:
                self.log.with_name(self.log.name + ".1").write_bytes(self.log.read_bytes())
                os.truncate(self.log, 0)

    def last_words(self, lines=1):
        try:
            return "\n".join(self.log.read_text(errors="replace").strip().splitlines()[-lines:])
        except OSError:
            return ""


def die_with_parent(number):
    """A function for the child, run before it becomes the program: no parent, no child."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def arrange():
        libc.prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != parent:  # it died in between
            os._exit(1)

    return arrange


def identity(pid):
    """[pid, moment of birth]: names a process for good, where the bare number may be reused."""
    try:
        return [pid, psutil.Process(pid).create_time()]
    except psutil.Error:
        return None


def end_leftovers(identities, *, seconds=15):
    """End the parts of a supervisor that was killed, with all they started. Returns how many."""
    found = []
    for pid, born in identities:
        with contextlib.suppress(psutil.Error):
            process = psutil.Process(pid)
            if abs(process.create_time() - born) < 1:
                found.append(process)
    for process in found:
        with contextlib.suppress(psutil.Error):
            # PostgreSQL takes SIGTERM as "when the last client has left"
            process.send_signal(signal.SIGINT if "postgres" in process.name() else signal.SIGTERM)
    _, stubborn = psutil.wait_procs(found, timeout=seconds)
    for process in stubborn:
        with contextlib.suppress(psutil.Error, ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    psutil.wait_procs(stubborn, timeout=seconds)
    return len(found)
