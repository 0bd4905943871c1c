"""Reads a mail in a process of its own, which is kept for the next one and replaced when it fails."""

import atexit
import json
import os
import selectors
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import asdict
from time import monotonic

from django.conf import settings

from servicedesk.mail import child
from servicedesk.mail.parse import Limits, Parsed

SECONDS = 20  # the longest that one mail may take
MAILS = 500  # after so many the process is replaced, so that nothing piles up in it


class Reader:
    """One child process. Not shared between threads."""

    def __init__(self):
        self._process, self._read = None, 0

    def read(self, raw, limits=None):
        """Parsed of `raw`; where the reading itself broke off, Parsed that says so in `fatal`."""
        limits = limits or limits_of_settings()
        try:
            return Parsed.of(child.unpacked(self._ask(raw, limits)))
        except (OSError, EOFError, TimeoutError, ValueError) as error:
            self.close()
            broken = Parsed()
            kind = "took_too_long" if isinstance(error, TimeoutError) else "reader_died"
            broken.fatal = [kind, {"seconds": SECONDS}]
            return broken

    def close(self):
        process, self._process, self._read = self._process, None, 0
        if process is not None:
            with suppress(OSError):
                process.kill()
            process.wait()
            process.stdin.close()
            process.stdout.close()

    def _ask(self, raw, limits):
        if self._read >= MAILS:
            self.close()
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._start()
        self._read += 1
        options = json.dumps(asdict(limits)).encode()
        until = monotonic() + SECONDS
        # written by another thread: a child that does not read must not hold up whoever waits
        writer = threading.Thread(target=_write, args=[self._process.stdin, options, raw])
        writer.daemon = True
        writer.start()
        size = int.from_bytes(self._take(4, until), "big")
        return self._take(size, until)

    def _start(self):
        environment = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(settings.BASE_DIR)}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "servicedesk.mail.child"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env=environment, cwd=settings.BASE_DIR, bufsize=0,
        )  # fmt: skip

    def _take(self, size, until):
        stream, parts, left = self._process.stdout, [], size
        with selectors.DefaultSelector() as selector:
            selector.register(stream, selectors.EVENT_READ)
            while left:
                if not selector.select(max(0, until - monotonic())):
                    raise TimeoutError
                part = stream.read(min(left, 1 << 20))
                if not part:
                    raise EOFError
                parts.append(part)
                left -= len(part)
        return b"".join(parts)


def _write(stream, options, raw):
    with suppress(OSError, ValueError):
        for content in (options, raw):
            _all(stream, len(content).to_bytes(4, "big"))
            _all(stream, content)


def _all(stream, content):
    left = memoryview(content)
    while left:
        left = left[stream.write(left) :]


def limits_of_settings():
    return Limits(bytes=settings.MAIL_IN_MOST_BYTES, parts=settings.MAIL_IN_MOST_PARTS)


_own = threading.local()


def read(raw, limits=None):
    """Parsed of `raw`, by this thread's reader."""
    if getattr(_own, "reader", None) is None or _own.pid != os.getpid():
        _own.reader, _own.pid = Reader(), os.getpid()
        atexit.register(_own.reader.close)
    return _own.reader.read(bytes(raw), limits)
