"""The servers of bin/serve and bin/test, really started, really killed."""

import os
import signal
import time

import psycopg2
import pytest
import redis

from itsm.local.folder import LocalFolder, free_port, is_taken
from itsm.local.parts import Part, end_leftovers, identity
from itsm.local.postgres import FAST_AND_LOOSE, LocalPostgres
from itsm.local.trouble import Trouble, check_disk
from itsm.local.valkey import LocalValkey
from itsm.local.watch import Watch


def wait_for(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not (result := condition()):
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.05)
    return result


@pytest.fixture
def postgres(tmp_path):
    server = LocalPostgres(tmp_path / "pg")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def valkey(tmp_path):
    server = LocalValkey(tmp_path / "valkey", free_port(), "a-password")
    server.start()
    yield server
    server.stop()


def test_what_was_committed_is_there_after_the_server_was_killed(postgres):
    connection = postgres.connect("itsm")
    with connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE note (body text); INSERT INTO note VALUES ('打印机')")

    os.kill(postgres.running(), signal.SIGKILL)
    wait_for(lambda: not postgres.is_ready())
    postgres.start()

    with postgres.connect("itsm") as again, again.cursor() as cursor:
        cursor.execute("SELECT body, body ~ '印' FROM note")
        assert cursor.fetchall() == [("打印机", True)]


def test_the_database_knows_chinese_letters(postgres):
    with postgres.connect("itsm") as connection, connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION pg_trgm; SELECT array_length(show_trgm('打印机'), 1)")
        assert cursor.fetchone()[0] > 0


def test_the_database_opens_no_port_and_takes_nobody_else(postgres):
    with postgres.connect("itsm") as connection, connection.cursor() as cursor:
        cursor.execute("SHOW listen_addresses")
        assert cursor.fetchone() == ("",)

    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(host=str(postgres.socket), user="postgres", dbname="itsm")


def test_a_half_made_cluster_is_made_again(tmp_path):
    (tmp_path / "pg" / "data" / "base").mkdir(parents=True)
    server = LocalPostgres(tmp_path / "pg", **FAST_AND_LOOSE)

    server.start()

    assert server.is_ready()
    server.stop()
    assert server.running() is None


def test_data_of_another_version_are_left_alone(tmp_path):
    server = LocalPostgres(tmp_path / "pg")
    (server.data / "global").mkdir(parents=True)
    (server.data / "global" / "pg_control").touch()
    (server.data / "PG_VERSION").write_text("15\n")

    with pytest.raises(Trouble, match="written by PostgreSQL 15"):
        server.start()


def test_a_long_path_moves_only_the_socket(tmp_path):
    server = LocalPostgres(tmp_path / ("long" * 25) / "pg")

    assert len(str(server.socket)) < 85
    assert server.data.is_relative_to(tmp_path)


def test_valkey_wants_its_password_and_keeps_its_queue_over_a_kill(valkey):
    redis.Redis.from_url(valkey.url()).rpush("celery", "wake up")
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=valkey.port).ping()
    # "everysec" writes within a second; a second's wake-ups may be lost, and sweeps make up
    client = redis.Redis.from_url(valkey.url())
    wait_for(lambda: client.info("persistence")["aof_pending_bio_fsync"] == 0)
    process = client.info("server")["process_id"]

    os.kill(process, signal.SIGKILL)
    wait_for(lambda: not valkey.is_ready())
    valkey.start()

    assert redis.Redis.from_url(valkey.url()).llen("celery") == 1


def test_a_folder_serves_one_at_a_time(tmp_path):
    first, second = LocalFolder(tmp_path / "a").make(), LocalFolder(tmp_path / "a").make()

    assert first.lock()
    assert not second.lock()


def test_secrets_are_made_once_and_for_their_owner_alone(tmp_path):
    folder = LocalFolder(tmp_path / "a").make()

    key = folder.secret_key()

    assert folder.secret_key() == key
    assert len(key) >= 50
    assert (folder / "secret_key").stat().st_mode & 0o077 == 0
    folder.remember(port=1)
    assert (folder / "remembered.json").stat().st_mode & 0o077 == 0


def test_a_taken_port_is_noticed():
    import socket

    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()

        assert is_taken("127.0.0.1", server.getsockname()[1])
    assert not is_taken("127.0.0.1", free_port())


def test_a_full_disk_gets_one_line(tmp_path):
    with pytest.raises(Trouble, match="free some space"):
        check_disk(tmp_path, minimum=2**62)


def test_a_part_takes_all_it_started_along(tmp_path):
    part = Part("shell", ["sh", "-c", "sleep 60 & echo $!; wait"], tmp_path / "log")
    part.start()
    grandchild = int(wait_for(part.last_words))

    part.stop()

    assert not part.is_running()
    wait_for(lambda: identity(grandchild) is None)


def test_a_part_that_keeps_dying_waits_longer_each_time(tmp_path):
    part = Part("shell", ["false"], tmp_path / "log")
    part.start()
    part.process.wait()

    waits = [part.died() for _ in range(8)]

    assert waits == [0, 0.5, 1, 2, 4, 8, 10, 10]


def test_leftovers_of_a_killed_supervisor_are_ended_and_strangers_spared(tmp_path):
    part = Part("shell", ["sleep", "60"], tmp_path / "log")
    part.start()
    known = identity(part.pid)
    stranger = [part.pid, known[1] - 1000]

    assert end_leftovers([stranger]) == 0
    assert part.is_running()
    assert end_leftovers([known]) == 1

    assert not part.is_running()


def test_a_full_log_is_turned_over(tmp_path, monkeypatch):
    monkeypatch.setattr("itsm.local.parts.LOG_BYTES", 10)
    part = Part("shell", ["true"], tmp_path / "log")
    part.log.write_text("more than ten bytes\n")

    part.rotate_log()

    assert part.log.read_text() == ""
    assert (tmp_path / "log.1").read_text() == "more than ten bytes\n"


@pytest.mark.django_db
def test_each_worker_has_a_migrated_copy_of_its_own(request):
    from django.db import connection

    worker = getattr(request.config, "workerinput", {}).get("workerid", "")

    assert connection.settings_dict["NAME"].endswith(worker)
    assert "core_message" in connection.introspection.table_names()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round", [1, 2])
def test_what_the_migrations_wrote_outlives_a_test_that_commits(round):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_migrations")
        assert cursor.fetchone()[0] > 0

        cursor.execute("DELETE FROM django_migrations")


def test_a_part_that_lives_but_is_silent_is_named_the_second_time(postgres, tmp_path, monkeypatch):
    monkeypatch.setattr("itsm.local.watch.LOOK_EVERY", 0)
    with postgres.connect("itsm") as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE core_heartbeat (process text, at timestamptz)")
        cursor.execute(
            "INSERT INTO core_heartbeat VALUES ('sweeper:clocks', now() - interval '5 min'),"
            " ('sweeper:messages', now()), ('beat', now())"
        )
    parts = [Part(name, ["sleep", "60"], tmp_path / name) for name in ("sweeper", "beat", "web")]
    for part in parts:
        part.start()
        part.started_at -= 1000
    watch = Watch(lambda: postgres.connect("itsm"))

    first, second = watch.silent(parts), watch.silent(parts)

    assert first == []
    assert [part.name for part in second] == ["sweeper"]
    for part in parts:
        part.stop()


def test_nobody_is_silent_while_the_database_is_away(postgres, tmp_path, monkeypatch):
    monkeypatch.setattr("itsm.local.watch.LOOK_EVERY", 0)
    part = Part("sweeper", ["sleep", "60"], tmp_path / "log")
    watch = Watch(lambda: postgres.connect("nowhere"))

    assert watch.silent([part]) == []
