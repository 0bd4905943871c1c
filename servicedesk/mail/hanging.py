"""Hangs up on a server that is never silent for long and never done: a socket's own timeout counts
from each byte anew."""

import socket
import threading
from contextlib import contextmanager, suppress


@contextmanager
def cut_off(connected, seconds):
    """Close the line after so many seconds, whoever waits on it then hears that it broke. Without
    a socket (a backend that talks to no server) nothing happens."""
    if connected is None:
        yield
        return
    timer = threading.Timer(seconds, _hang_up, [connected])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _hang_up(connected):
    with suppress(OSError):
        # not the method of a TLS socket: that one forgets its key while another thread reads
        socket.socket.shutdown(connected, socket.SHUT_RDWR)
