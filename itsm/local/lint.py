"""bin/lint: every check that needs no server, one line each; output only where one fails.

The list below is the whole of it. All checks run, whatever fails before them.
"""

import os
import secrets
import subprocess
import sys

from itsm.local.folder import BASE_DIR, LocalFolder
from itsm.local.trouble import in_one_line

PYTHON = sys.executable
CHECKS = {
    "code": [PYTHON, "-m", "ruff", "check", "."],
    "format": [PYTHON, "-m", "ruff", "format", "--check", "."],
    "templates": [PYTHON, "-m", "djlint", "--lint", "--quiet", "templates"],
    "floors": [PYTHON, "-c", "from importlinter.cli import lint_imports_command as run; run()"],
    "migrations": [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
    "messages": [PYTHON, "-m", "itsm.messages", "check"],
    "deployment": [PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
    "contrast": [PYTHON, "-m", "itsm.contrast"],
}


def main():
    unknown = set(sys.argv[1:]) - set(CHECKS)
    if unknown:
        sys.exit(f"bin/lint knows {', '.join(CHECKS)}; not {', '.join(sorted(unknown))}.")
    folder = LocalFolder().make()
    failed = []
    for name in sys.argv[1:] or CHECKS:
        done = subprocess.run(
            CHECKS[name],
            cwd=BASE_DIR,
            env=production_like(folder),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        print(f"{name:<12} {'ok' if done.returncode == 0 else 'FAILED'}", flush=True)
        if done.returncode:
            failed.append(name)
            print(done.stdout.strip() + "\n", flush=True)
    if failed:
        print(f"bin/lint: failed: {', '.join(failed)}")
    return 1 if failed else 0


def production_like(folder):
    """The environment of a desk behind TLS, without a database that answers."""
    return {
        **os.environ,
        "SECRET_KEY": secrets.token_urlsafe(60),
        "DEBUG": "0",
        "SITE_BASE_URL": "https://desk.example",
        "ALLOWED_HOSTS": "desk.example",
        "DATABASE_URL": "postgres://nobody@127.0.0.1:9/none",
        "REDIS_URL": "redis://127.0.0.1:9/0",
        "ITSM_LOCAL_DIR": str(folder.path),
        # makemigrations warns that it cannot ask a database, and needs none
        "PYTHONWARNINGS": "ignore",
    }


if __name__ == "__main__":
    in_one_line(main)
