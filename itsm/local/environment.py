"""What the application's processes find in their environment under bin/serve and bin/manage."""

import contextlib
import os
import secrets
import socket

from itsm.local.folder import free_port, is_taken
from itsm.local.postgres import LocalPostgres
from itsm.local.valkey import LocalValkey


def local_postgres(folder):
    """The embedded PostgreSQL, or None where DATABASE_URL names another server."""
    if os.environ.get("DATABASE_URL"):
        return None
    return LocalPostgres(folder / "pg", log=folder / "log/postgres.log")


def local_valkey(folder):
    """The embedded Valkey, or None where REDIS_URL names another server."""
    if os.environ.get("REDIS_URL"):
        return None
    password = folder.recall("valkey_password", lambda: secrets.token_urlsafe(24))
    port = folder.recall("valkey_port", free_port)
    return LocalValkey(folder / "valkey", port, password, log=folder / "log/valkey.log")


def move_if_taken(folder, valkey):
    """Another program may have taken the remembered port since: choose and remember a new one."""
    if is_taken("127.0.0.1", valkey.port):
        valkey.port = free_port()
        folder.remember(valkey_port=valkey.port)


def application_environment(folder, postgres, valkey, *, host=None, port=None):
    """Environment variables for Django. What the user has set rules."""
    environment = {
        "DJANGO_SETTINGS_MODULE": "itsm.settings",
        "SECRET_KEY": folder.secret_key(),
        "ITSM_LOCAL_DIR": str(folder.path),
        "PYTHONUNBUFFERED": "1",
    }
    if postgres:
        environment["DATABASE_URL"] = postgres.url()
    if valkey:
        environment["REDIS_URL"] = valkey.url()
    port = port or folder.remembered().get("port", 8000)
    host = host or folder.remembered().get("host", "127.0.0.1")
    environment["SITE_BASE_URL"] = f"http://{name_for_people(host)}:{port}"
    environment["ALLOWED_HOSTS"] = ",".join(names_of(host))
    return {**environment, **{name: value for name, value in os.environ.items() if value}}


def name_for_people(host):
    """The name to type into a browser for a server that listens on this address."""
    if host in ("127.0.0.1", "::1"):
        return "localhost"
    if host in ("0.0.0.0", "::"):
        return socket.gethostname()
    return f"[{host}]" if ":" in host else host


def names_of(host):
    """The Host headers that a server on this address answers to."""
    names = ["localhost", "127.0.0.1", "[::1]"]
    if host in ("0.0.0.0", "::"):
        names += [socket.gethostname(), socket.getfqdn()]
        with contextlib.suppress(OSError):
            names += {address[4][0] for address in socket.getaddrinfo(names[-2], None)}
    else:
        names.append(f"[{host}]" if ":" in host else host)
    return list(dict.fromkeys(names))
