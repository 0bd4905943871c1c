"""bin/test: pytest with servers of its own, started before and stopped after.

With DATABASE_URL and REDIS_URL set, those servers are used instead.
"""

import os
import secrets
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from itsm.local.folder import BASE_DIR, LocalFolder, free_port
from itsm.local.postgres import FAST_AND_LOOSE, LocalPostgres
from itsm.local.trouble import Trouble, check_disk, in_one_line
from itsm.local.valkey import LocalValkey

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHINESE_FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"


def main():
    # a termination must stop the servers too
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    prepare_browser()
    folder = LocalFolder(LocalFolder().path / "test").make()
    check_disk(folder.path)
    subprocess.run([sys.executable, "-m", "itsm.messages", "compile"], cwd=BASE_DIR, check=True)
    servers = []
    try:
        environment = test_environment(folder, servers)
        command = [sys.executable, "-m", "pytest", *workers(sys.argv[1:]), *sys.argv[1:]]
        return subprocess.run(command, cwd=BASE_DIR, env=environment, check=False).returncode
    finally:
        for server in servers:
            server.stop()


def test_environment(folder, servers):
    """The environment for pytest. Servers that had to be started are added to `servers`."""
    environment = dict(os.environ)
    environment.setdefault("DJANGO_SETTINGS_MODULE", "itsm.settings")
    environment.setdefault("SECRET_KEY", "only-for-tests-" + secrets.token_urlsafe(40))
    environment.setdefault("DEBUG", "0")
    environment.setdefault("ITSM_LOCAL_DIR", str(folder.path))
    if "DATABASE_URL" in environment and "REDIS_URL" in environment:
        return environment
    if not folder.lock():
        raise Trouble("bin/test is already running in this folder: wait until it has ended.")
    if "DATABASE_URL" not in environment:
        postgres = LocalPostgres(folder / "pg", log=folder / "log/postgres.log", **FAST_AND_LOOSE)
        servers.append(postgres)
        postgres.start()
        environment["DATABASE_URL"] = postgres.url()
    if "REDIS_URL" not in environment:
        log = folder / "log/valkey.log"
        valkey = LocalValkey(folder / "valkey", free_port(), secrets.token_urlsafe(24), log=log)
        servers.append(valkey)
        valkey.start()
        environment["REDIS_URL"] = valkey.url()
    return environment


def workers(arguments):
    """Several workers for the whole suite; one where somebody names a test or asks otherwise."""
    chosen = ("-n", "--numprocesses", "-p", "--pdb", "-s", "--collect-only", "--co")
    if any(argument.startswith(chosen) for argument in arguments):
        return []
    if any(not argument.startswith("-") and "test" in argument for argument in arguments):
        return []
    return ["-n", str(min(os.cpu_count() or 1, 8)), "--dist", "loadfile"]


def prepare_browser():
    """Install what the browser tests need where root may; else name what is missing."""
    missing = []
    if not any(shutil.which(name) for name in CHROMIUM_NAMES):
        missing.append("chromium")
    if not Path(CHINESE_FONT).exists():
        missing.append("fonts-noto-cjk")
    if not missing:
        return
    names = " ".join(missing)
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Installing {names} for the browser tests ...", flush=True)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        quietly = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": environment}
        subprocess.run(["apt-get", "update"], check=False, **quietly)
        install = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
        if subprocess.run(install, check=False, **quietly).returncode == 0:
            return
    print(f"Missing for the browser tests: {names} (as root: apt install {names}).", flush=True)


if __name__ == "__main__":
    in_one_line(main)
