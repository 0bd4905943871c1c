"""One migrated template database for all; each worker gets a copy of it in a fraction of a second.

The template is made anew when a migration, the settings' apps or a locked package change.
Also here: hypothesis' profile (the same examples in every build), and how workers share the tests.
"""

import gc
import hashlib
import os
import shutil
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, connections
from django.test import TransactionTestCase
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import sync_playwright
from psycopg2 import sql

BASE_DIR = Path(__file__).resolve().parent.parent
TEMPLATE_LOCK = 7_140_022
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"

hypothesis_settings.register_profile(
    "build",
    deadline=None,
    derandomize=True,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
hypothesis_settings.register_profile(
    "here", parent=hypothesis_settings.get_profile("build"), derandomize=False
)
hypothesis_settings.load_profile("build" if os.environ.get("CI") else "here")


# Pages under test name static files as they are; hashed names need a collected folder.
settings.STORAGES["staticfiles"]["BACKEND"] = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
)
# ... and where somebody did collect them, no test's client looks through that folder.
settings.STATIC_ROOT = BASE_DIR / ".local" / "never-collected"


@pytest.fixture(scope="session")
def django_db_setup(request, django_test_environment, django_db_blocker):
    """Replaces pytest-django's: copy the template instead of migrating in each worker."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "")
    base = settings.DATABASES["default"]["TEST"]["NAME"] or "test_" + production_name()
    base = base.removesuffix(f"_{worker}") if worker else base
    name = f"{base}_{worker}" if worker else base
    template = f"{base}_template"
    with django_db_blocker.unblock():
        with maintenance() as cursor:
            # one at a time: the first worker migrates, the others find the result
            cursor.execute("SELECT pg_advisory_lock(%s)", [TEMPLATE_LOCK])
            make_template(cursor, template)
            copy(cursor, template, name)
        use(name)
        TransactionTestCase._fixture_teardown = lambda _: renew(template, name)
        yield
        connections.close_all()
        with maintenance() as cursor:
            drop(cursor, name)


def production_name():
    return settings.DATABASES["default"]["NAME"]


@contextmanager
def maintenance():
    """A cursor outside of any transaction, on a database that is always there."""
    parameters = connection.get_connection_params()
    parameters = {
        key: value
        for key, value in parameters.items()
        if key in ("host", "port", "user", "password", "sslmode")
    }
    with closing(psycopg2.connect(dbname="postgres", **parameters)) as outside:
        outside.autocommit = True
        with outside.cursor() as cursor:
            yield cursor


def make_template(cursor, template):
    """Create and migrate the template, unless it stands with the same fingerprint."""
    wanted = fingerprint()
    cursor.execute(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
        [template],
    )
    found = cursor.fetchone()
    if found and found[0] == wanted:
        return
    drop(cursor, template)
    cursor.execute(
        sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(template))
    )
    use(template)
    gc.disable()  # the states between migrations are full of circles: looking for them takes long
    try:
        call_command("migrate", interactive=False, verbosity=0, run_syncdb=True)
    finally:
        gc.enable()
    connections.close_all()
    cursor.execute(
        sql.SQL("COMMENT ON DATABASE {} IS {}").format(
            sql.Identifier(template), sql.Literal(wanted)
        )
    )


def copy(cursor, template, name):
    drop(cursor, name)
    cursor.execute(
        sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(template)
        )
    )


def renew(template, name):
    """After a test that committed: a new copy. Django would truncate all tables, which loses the
    reference rows of the migrations and is refused by append-only tables."""
    connections.close_all()
    with maintenance() as cursor:
        copy(cursor, template, name)
    forget()


def forget():
    """A new copy counts its keys from the start: what a process keeps by key belongs to the old."""
    from calendars.timetables import timetable
    from slm.escalating import RESTING

    timetable.cache_clear()
    RESTING.clear()
    cache.clear()


def drop(cursor, name):
    cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def use(name):
    """Let Django's connection and everything that reads the settings speak to this database."""
    connections.close_all()
    settings.DATABASES["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name


def fingerprint():
    """A hash over everything that decides what the migrated database looks like."""
    digest = hashlib.sha256(repr(settings.INSTALLED_APPS).encode())
    files = [BASE_DIR / "requirements" / "base.txt"]
    for app in sorted(BASE_DIR.glob("*/migrations")):
        files += sorted(path for path in app.rglob("*") if path.suffix in {".py", ".sql", ".json"})
    for path in files:
        digest.update(str(path.relative_to(BASE_DIR)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


# --- how workers share the tests --------------------------------------------------------------

# Files whose tests are long and need nothing of each other: any worker takes the next one of them.
SHARED = (
    "tests/e2e/test_axe.py", "tests/itsm/test_settings_browser.py", "tests/test_permissions.py",
    "tests/servicedesk/test_portal_browser.py", "tests/itsm/test_import_servicenow.py",
)  # fmt: skip
# The longest begin, so that no worker is left alone with one of them at the end. The second needs no
# database: one worker is busy with it while the other one migrates.
FIRST = (SHARED[0], "tests/itsm/test_local.py", *SHARED[1:])


def pytest_collection_modifyitems(items):
    places = {name: place for place, name in enumerate(FIRST)}
    items.sort(key=lambda item: places.get(item.nodeid.partition("::")[0], len(FIRST)))
    # one of the first file, all of the second, then the others of the first
    first = [item for item in items if item.nodeid.startswith(FIRST[0])]
    second = [item for item in items if item.nodeid.startswith(FIRST[1])]
    items[: len(first) + len(second)] = [*first[:1], *second, *first[1:]]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """A worker takes a whole file, but of those in SHARED test by test."""
    if config.getoption("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class Sharing(LoadFileScheduling):
        def _split_scope(self, nodeid):
            file = super()._split_scope(nodeid)
            return nodeid if file in SHARED else file

    return Sharing(config, log)


@pytest.fixture(scope="session")
def session_documents(tmp_path_factory):
    """A folder of documents that stays while the rows that name its files are put back."""
    return tmp_path_factory.mktemp("documents")


@pytest.fixture
def world(db):
    """The small company of tests/world.py."""
    from tests import snapshot
    from tests import world as company

    return snapshot.restored(company.build)


@pytest.fixture(scope="session")
def browser():
    """One Chromium for all browser tests. Where it is missing, a build fails and a desk says so."""
    if not Path(CHROMIUM).exists():
        if os.environ.get("CI"):
            pytest.fail("chromium is missing: the browser tests cannot run")
        pytest.skip("chromium is missing")
    # the synchronous driver runs a loop of its own, which Django takes for asynchronous code
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
