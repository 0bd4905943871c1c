"""Bring database, catalogues, static files and, on the first run, the demo world up to date.

A process of its own, so that the supervisor stays small: python -m itsm.local.prepare [--demo]
"""

import os
import sys
from pathlib import Path


def main():
    import django
    from django.core.management import call_command, get_commands
    from django.db import OperationalError

    from itsm.messages import compile_all

    compile_all()
    django.setup()
    try:
        call_command("migrate", interactive=False, verbosity=0)
    except OperationalError as error:
        return f"The database cannot be used: {str(error).strip().splitlines()[0]}"
    call_command("collectstatic", interactive=False, verbosity=0)
    if "--demo" in sys.argv and "seed_demo" in get_commands():
        call_command("seed_demo")
        (Path(os.environ["ITSM_LOCAL_DIR"]) / "demo").write_text("done")
    return 0


def show_sign_ins():
    """Print the demo accounts, where the demo world knows some."""
    import django
    from django.core.management import call_command, get_commands

    django.setup()
    if "demo_sign_ins" in get_commands():
        call_command("demo_sign_ins")
    return 0


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "itsm.settings")
    sys.exit(show_sign_ins() if "--sign-ins" in sys.argv else main())
