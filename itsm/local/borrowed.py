"""Servers for one command: PostgreSQL and Valkey of its own, started before and stopped after.

With DATABASE_URL and REDIS_URL set, those servers are used instead. Tests and measurements run on it.
"""

import os
import secrets
from contextlib import contextmanager
from urllib.parse import quote

from itsm.local.folder import LocalFolder, free_port
from itsm.local.postgres import LocalPostgres
from itsm.local.trouble import Trouble, check_disk
from itsm.local.valkey import LocalValkey


@contextmanager
def servers(purpose, **options):
    """The environment for the command. `purpose` names the folder, `options` are PostgreSQL's."""
    folder = LocalFolder(LocalFolder().path / purpose).make()
    check_disk(folder.path)
    started = []
    try:
        yield environment(folder, purpose, options, started)
    finally:
        for server in started:
            server.stop()


def environment(folder, purpose, options, started):
    """The environment's variables. Servers that had to be started are added to `started`."""
    found = dict(os.environ)
    found.setdefault("DJANGO_SETTINGS_MODULE", "itsm.settings")
    found.setdefault("SECRET_KEY", f"only-for-{purpose}-" + secrets.token_urlsafe(40))
    found.setdefault("DEBUG", "0")
    found.setdefault("ITSM_LOCAL_DIR", str(folder.path))
    if "DATABASE_URL" in found and "REDIS_URL" in found:
        return found
    if not folder.lock():
        raise Trouble(f"bin/{purpose} is already running in this folder: wait until it has ended.")
    if "DATABASE_URL" not in found:
        postgres = LocalPostgres(folder / "pg", log=folder / "log/postgres.log", **options)
        started.append(postgres)
        postgres.start()
        found["DATABASE_URL"] = postgres.url()
    if "REDIS_URL" not in found:
        log = folder / "log/valkey.log"
        valkey = LocalValkey(folder / "valkey", free_port(), secrets.token_urlsafe(24), log=log)
        started.append(valkey)
        valkey.start()
        found["REDIS_URL"] = valkey.url()
    return found


def database_url(settings, name):
    """DATABASE_URL of the database `name` on the server that Django's `settings` name."""
    secret = f":{settings['PASSWORD']}" if settings["PASSWORD"] else ""
    user = f"{settings['USER']}{secret}"
    if settings["HOST"].startswith("/"):  # a folder with the server's socket
        return f"postgres://{user}@/{quote(settings['HOST'], safe='')}/{name}"
    return f"postgres://{user}@{settings['HOST'] or 'localhost'}:{settings['PORT'] or 5432}/{name}"
