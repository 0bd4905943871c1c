"""bin/serve: the whole desk on this machine, supervised, until Ctrl-C.

Servers first (unless DATABASE_URL / REDIS_URL name others), then migrations and the first run's
demo world, then web, worker, beat and sweeper.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import psycopg2

from itsm.local import environment as env
from itsm.local.folder import BASE_DIR, LocalFolder, is_taken
from itsm.local.parts import Part, end_leftovers
from itsm.local.supervisor import Supervisor
from itsm.local.trouble import Trouble, check_disk, in_one_line
from itsm.local.watch import Watch

THREADS = 8
# generated data; logs and the generated secret stay
WIPED_BY_RESET = ("pg", "valkey", "media", "mail", "static", "beat-schedule", "demo")


def main():
    options = parse()
    folder = LocalFolder().make()
    if not folder.lock():
        known = folder.remembered()
        print(f"The desk is already running: {known.get('address', 'it is just starting')}")
        return 0
    check_disk(folder.path)
    end_leftovers(folder.remembered().get("running", []))
    if is_taken(options.host, options.port):
        raise Trouble(
            f"Port {options.port} is taken by another program;"
            f" choose another one: bin/serve --port {options.port + 1}"
        )
    if options.reset:
        reset(folder, is_sure=options.yes)
    folder.remember(host=options.host, port=options.port, address="it is just starting")
    supervisor = Supervisor(folder, say=lambda text: print(text, flush=True))
    supervisor.catch_signals()
    try:
        run(folder, options, supervisor)
    finally:
        if any(part.is_running() for part in supervisor.parts):
            supervisor.stop()
    print("The desk has stopped.", flush=True)
    return 0


def parse():
    parser = argparse.ArgumentParser(prog="bin/serve", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (%(default)s)")
    parser.add_argument("--no-demo", action="store_true", help="start with an empty desk")
    parser.add_argument("--reset", action="store_true", help="first delete all data in .local")
    parser.add_argument("--yes", action="store_true", help="do not ask before --reset")
    return parser.parse_args()


def reset(folder, *, is_sure):
    """Delete what bin/serve made. Servers named by DATABASE_URL / REDIS_URL are left alone."""
    if not is_sure:
        print(f"This deletes all data of the desk in {folder.path}. Type yes to go on: ", end="")
        sys.stdout.flush()
        if sys.stdin.readline().strip().lower() != "yes":
            raise Trouble("Nothing was deleted.")
    for name in WIPED_BY_RESET:
        path = folder / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def run(folder, options, supervisor):
    postgres, valkey = env.local_postgres(folder), env.local_valkey(folder)
    if postgres:
        part = supervisor.add(as_server(postgres.part()))
        postgres.wait_until_ready(part)
        supervisor.write_down()
        if demo_was_interrupted(folder):
            postgres.drop_database("itsm")
        postgres.make_database("itsm")
    if valkey:
        env.move_if_taken(folder, valkey)
        part = supervisor.add(as_server(valkey.part()))
        valkey.wait_until_ready(part)
    variables = env.application_environment(
        folder, postgres, valkey, host=options.host, port=options.port
    )
    prepare(folder, variables, wants_demo=not options.no_demo, supervisor=supervisor)
    for part in application(folder, variables, options):
        if not supervisor.is_stopping:
            supervisor.add(part)
    if wait_for_web(options, supervisor):
        announce(folder, options, variables)
    if postgres:
        supervisor.watch = Watch(lambda: postgres.connect("itsm"))
    else:
        supervisor.watch = Watch(
            lambda: psycopg2.connect(variables["DATABASE_URL"], connect_timeout=5)
        )
    supervisor.run()


def as_server(part):
    part.is_server = True
    return part


def prepare(folder, variables, *, wants_demo, supervisor):
    """Run the preparing process; its own words go to the terminal, its faults end as one line."""
    marker = folder / "demo"
    is_first = wants_demo and not marker.exists()
    if is_first:
        print("First run: making the database and a demo world; this takes a while ...", flush=True)
        marker.write_text("started")
    log = folder / "log/prepare.log"
    with log.open("wb") as output:
        command = [sys.executable, "-m", "itsm.local.prepare", *(["--demo"] if is_first else [])]
        process = subprocess.Popen(
            command, cwd=BASE_DIR, env=variables, stdout=output, stderr=output,
            stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
    while process.poll() is None:
        if supervisor.is_stopping:
            process.terminate()
        supervisor.wait(0.2)
    if supervisor.is_stopping:
        return
    if process.returncode:
        raise Trouble(f"The desk could not be prepared: {reason_in(log)} (all of it: {log})")
    if is_first and marker.read_text() != "done":
        marker.unlink()  # there was no demo world to make; perhaps the next version has one


def reason_in(log):
    """The line of a log that names the error: the last one at the left margin with a colon."""
    lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
    named = [line for line in lines if not line[0].isspace() and ": " in line]
    named = [line for line in named if not line.startswith(("LINE ", "DETAIL", "HINT"))]
    return (named or lines or ["no reason given"])[-1]


def demo_was_interrupted(folder):
    """Half a demo world is worse than none: it is made again from the start."""
    marker = folder / "demo"
    if marker.exists() and marker.read_text() != "done":
        marker.unlink()
        return True
    return False


def application(folder, variables, options):
    """The four processes of the desk."""

    def part(name, *command, stop_seconds=15, **more):
        path = shutil.which(command[0], path=Path(sys.executable).parent) or command[0]
        return Part(
            name,
            [path, *map(str, command[1:])],
            folder / f"log/{name}.log",
            env={**variables, "ITSM_PROCESS": name, **more},
            stop_seconds=stop_seconds,
        )

    address = f"[{options.host}]" if ":" in options.host else options.host
    return [
        part(
            "web", "gunicorn", "itsm.wsgi:application",
            "--bind", f"{address}:{options.port}",
            "--worker-class", "itsm.worker.Worker", "--workers", os.cpu_count() or 1, "--threads", THREADS,
            "--timeout", 60, "--graceful-timeout", 10, "--keep-alive", 5,
            "--max-requests", 20_000, "--max-requests-jitter", 2_000,
            "--no-control-socket",
        ),
        part(
            "worker", "celery", "-A", "itsm", "worker", "--concurrency", 2,
            "--loglevel", "WARNING", "--without-gossip", "--without-mingle",
        ),
        part(
            "beat", "celery", "-A", "itsm", "beat",
            "--schedule", folder / "beat-schedule", "--loglevel", "WARNING", "--pidfile=",
        ),
        part("sweeper", sys.executable, "manage.py", "run_sweeper"),
    ]  # fmt: skip


def wait_for_web(options, supervisor, seconds=90):
    """Whether the pages answer. Complains, and lets the supervisor go on, where they do not."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(options.host, options.host)
    address = f"http://{host}:{options.port}/healthz/live"
    deadline = time.monotonic() + seconds
    while not supervisor.is_stopping and time.monotonic() < deadline:
        supervisor.tick()
        try:
            with urllib.request.urlopen(address, timeout=5):
                return True
        except urllib.error.HTTPError as error:
            if error.code != 503:
                return True
        except OSError:
            pass
        supervisor.wait(0.2)
    if not supervisor.is_stopping:
        web = next(part for part in supervisor.parts if part.name == "web")
        supervisor.tell(f"The pages do not answer yet: {web.last_words()} (all of it: {web.log})")
    return False


def announce(folder, options, variables):
    address = f"http://{env.name_for_people(options.host)}:{options.port}/"
    folder.remember(address=address)
    print(f"\nThe desk is running: {address}\n", flush=True)
    if not options.no_demo:
        command = [sys.executable, "-m", "itsm.local.prepare", "--sign-ins"]
        subprocess.run(
            command, cwd=BASE_DIR, env=variables, check=False, stdin=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
    print(f"Logs: {folder / 'log'}   Stop: Ctrl-C\n", flush=True)


if __name__ == "__main__":
    in_one_line(main)
