"""A process of the web server that is busy with visitors who stay still lets a newcomer in."""

import subprocess
import sys
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from threading import Event, Thread
from time import monotonic, sleep

from itsm.local.folder import free_port

SLOW = """
from time import sleep
from core.turns import Turns

def page(environ, start_response):
    sleep(0.05)
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]

application = Turns(page, at_once=1)
"""
PATIENCE = 20


@contextmanager
def server(folder):
    (folder / "slow.py").write_text(SLOW)
    port = free_port()
    command = [
        sys.executable, "-m", "gunicorn", "slow:application", "--bind", f"127.0.0.1:{port}",
        "--worker-class", "itsm.worker.Worker", "--workers", "1", "--threads", "8",
        "--keep-alive", "30", "--log-level", "error", "--pythonpath", str(folder),
    ]  # fmt: skip
    process = subprocess.Popen(command)
    try:
        until = monotonic() + PATIENCE
        while monotonic() < until:
            try:
                with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
                    visit(connection)
                break
            except OSError:
                sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def visit(connection):
    connection.request("GET", "/")
    return connection.getresponse().read()


def stay(port, over):
    """A visitor who keeps the connection and asks again as soon as there is an answer."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
        while not over.is_set():
            visit(connection)


def test_newcomer_is_answered_while_others_stay(tmp_path):
    over = Event()
    with server(tmp_path) as port:
        stayers = [Thread(target=stay, args=(port, over)) for _ in range(6)]
        for stayer in stayers:
            stayer.start()
        sleep(1)
        try:
            with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as newcomer:
                assert visit(newcomer) == b"ok"
        finally:
            over.set()
            for stayer in stayers:
                stayer.join()
