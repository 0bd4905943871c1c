"""The folder `.local/`: what is generated once and remembered, and the lock on it.

Everything secret is readable by its owner alone.
"""

import fcntl
import json
import os
import secrets
import socket
from pathlib import Path

from itsm.local.trouble import Trouble, check_writable

BASE_DIR = Path(__file__).resolve().parent.parent.parent


class LocalFolder:
    """Paths and remembered values under one folder (`.local` or `.local/test`)."""

    def __init__(self, path=None):
        self.path = Path(path or os.environ.get("ITSM_LOCAL_DIR") or BASE_DIR / ".local").resolve()
        self._lock = None

    def __truediv__(self, name):
        return self.path / name

    def make(self):
        """Create the folder and its logs' folder; a Trouble where that is not permitted."""
        if not self.path.exists():
            parent = next(folder for folder in self.path.parents if folder.exists())
            check_writable(parent)
        self.path.mkdir(parents=True, exist_ok=True)
        check_writable(self.path)
        (self / "log").mkdir(exist_ok=True)
        return self

    # --- one at a time ----------------------------------------------------------------------

    def lock(self):
        """Hold the folder until this process ends. False where another one holds it."""
        handle = open(self / "lock", "a+")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.close()
            return False
        self._lock = handle
        return True

    # --- what is remembered -----------------------------------------------------------------

    def remembered(self):
        try:
            return json.loads((self / "remembered.json").read_text())
        except (OSError, ValueError):
            return {}

    def remember(self, **values):
        """Add values for the next start, all or nothing, for the owner's eyes only."""
        write_privately(self / "remembered.json", json.dumps({**self.remembered(), **values}))

    def recall(self, name, make):
        """The value kept under this name, made by `make()` the first time."""
        known = self.remembered()
        if name not in known:
            self.remember(**{name: make()})
        return self.remembered()[name]

    def secret_key(self):
        path = self / "secret_key"
        if not path.exists() or not path.read_text().strip():
            write_privately(path, secrets.token_urlsafe(50) + "\n")
        return path.read_text().strip()


def write_privately(path, text):
    """Replace a file at once by one with this text that only its owner may read."""
    new = path.with_name(path.name + ".new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    new.replace(path)


def free_port():
    """A port of the loopback address that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_taken(host, port):
    """Whether a server could not listen on this address now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise Trouble(
                f"Port {port} may be opened by root alone; choose one above 1023 with --port."
            ) from None
        except OverflowError:
            raise Trouble(f"{port} is not a port: choose one between 1024 and 65535.") from None
        except socket.gaierror:
            raise Trouble(f"{host} is not an address of this machine.") from None
        except OSError as error:
            if error.errno == 99:  # EADDRNOTAVAIL
                raise Trouble(f"{host} is not an address of this machine.") from None
            return True
    return False
