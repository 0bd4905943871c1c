"""bin/test: pytest with servers of its own, started before and stopped after.

With DATABASE_URL and REDIS_URL set, those servers are used instead.
"""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from itsm.local.borrowed import servers
from itsm.local.folder import BASE_DIR
from itsm.local.postgres import FAST_AND_LOOSE
from itsm.local.trouble import in_one_line

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHINESE_FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"


def main():
    # a termination must stop the servers too
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    prepare_browser()
    subprocess.run([sys.executable, "-m", "itsm.messages", "compile"], cwd=BASE_DIR, check=True)
    command = [sys.executable, "-m", "pytest", *workers(sys.argv[1:]), *sys.argv[1:]]
    with servers("test", **FAST_AND_LOOSE) as environment:
        return subprocess.run(command, cwd=BASE_DIR, env=environment, check=False).returncode


def workers(arguments):
    """Several workers for the whole suite; one where somebody names a test or asks otherwise."""
    chosen = ("-n", "--numprocesses", "-p", "--pdb", "-s", "--collect-only", "--co")
    if any(argument.startswith(chosen) for argument in arguments):
        return []
    if any(not argument.startswith("-") and "test" in argument for argument in arguments):
        return []
    number = str(min(os.cpu_count() or 1, 8))
    return ["-n", number, "--dist", "loadfile", "--no-loadscope-reorder"]


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
