"""The embedded servers, started, killed and started again for real."""

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
import redis

from csan.embedded import (
    CannotStart,
    Postgres,
    Redis,
    Servers,
    free_port,
    let_others_pass,
    let_others_read,
    start_servers,
)


@pytest.fixture
def folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="csan-embedded-"))
    yield path
    shutil.rmtree(path)


@pytest.fixture
def postgres(folder) -> Iterator[Postgres]:
    server = Postgres(folder / "postgres")
    yield server
    server.stop()


def connect(server: Postgres):
    connection = psycopg2.connect(host=str(server.socket_folder), user="postgres", dbname="csan")
    connection.autocommit = True
    return connection


def query(server: Postgres, sql: str) -> list[tuple]:
    connection = connect(server)
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def test_a_killed_postgres_keeps_what_was_committed_and_starts_again(postgres):
    postgres.start(durable=True)
    query(postgres, "CREATE TABLE kept (word text)")
    query(postgres, "INSERT INTO kept VALUES ('union')")
    postgres.process.kill()
    postgres.process.wait()
    postgres.start(durable=True)
    assert query(postgres, "SELECT word FROM kept") == [("union",)]


def test_a_postgres_that_a_killed_run_left_at_work_is_stopped_by_the_next(postgres):
    postgres.start(durable=True)
    query(postgres, "CREATE TABLE kept AS SELECT 1 AS number")
    left_behind = postgres.process
    after = Postgres(postgres.folder)
    try:
        after.start(durable=True)
        assert left_behind.wait(5) == 0
        assert query(after, "SELECT number FROM kept") == [(1,)]
    finally:
        after.stop()


def test_locks_of_a_process_whose_number_another_one_has_now_are_no_hindrance(postgres):
    postgres.start(durable=True)
    lock = (postgres.folder / "postmaster.pid").read_text()
    postgres.stop()
    claimed = lock.replace(str(postgres.process.pid), str(os.getpid()), 1)
    (postgres.folder / "postmaster.pid").write_text(claimed)
    (postgres.socket_folder / ".s.PGSQL.5432.lock").write_text(claimed)
    postgres.start(durable=True)
    assert query(postgres, "SELECT 1") == [(1,)]


def test_a_first_start_that_was_cut_off_is_begun_again(postgres, folder):
    half_made = folder / "postgres.new"
    half_made.mkdir()
    (half_made / "PG_VERSION").write_text("18\n")
    postgres.start(durable=False)
    assert query(postgres, "SELECT 1") == [(1,)]
    assert not half_made.exists()


def test_whoever_stops_waiting_leaves_nothing_running(folder, monkeypatch):
    monkeypatch.delenv("DATABASE_URL")

    class Enough(Exception):
        pass

    def wait() -> None:
        raise Enough

    with pytest.raises(Enough):
        start_servers(folder, wait=wait)
    assert not (folder / "postgres").exists()


def test_a_folder_too_long_for_a_socket_works(folder):
    deep = folder / ("long-name" * 8) / ("long-name" * 8)
    deep.mkdir(parents=True)
    server = Postgres(deep / "postgres")
    try:
        server.start(durable=False)
        assert query(server, "SELECT 1") == [(1,)]
    finally:
        server.stop()
        shutil.rmtree(server.socket_folder)


def test_its_words_and_order_do_not_depend_on_the_machine(postgres):
    postgres.start(durable=False)
    assert query(postgres, "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = 'csan'") == [
        ("b", "C.UTF-8")
    ]
    assert query(postgres, "SELECT upper('peña')") == [("PEÑA",)]


def test_postgres_listens_on_its_socket_only(postgres):
    postgres.start(durable=False)
    assert query(postgres, "SHOW listen_addresses") == [("",)]
    assert stat.S_IMODE(postgres.folder.stat().st_mode) == 0o700


def test_a_broken_cluster_is_told_in_one_sentence(postgres):
    postgres.start(durable=False)
    postgres.stop()
    (postgres.folder / "global" / "pg_control").unlink()
    with pytest.raises(CannotStart, match=r"^PostgreSQL does not start in .*could not (find|open)"):
        postgres.start(durable=False)


def test_a_place_that_cannot_hold_a_database_is_told_in_one_sentence(folder):
    (folder / "file").write_text("")
    with pytest.raises(CannotStart, match=r"^PostgreSQL cannot use .*Not a directory"):
        Postgres(folder / "file" / "postgres").start(durable=False)


def test_redis_wants_its_password_and_is_asked_on_this_machine_only(folder):
    server = Redis(folder / "redis")
    try:
        url = server.start()
        assert redis.Redis.from_url(url).config_get("bind") == {"bind": "127.0.0.1"}
        with socket.create_connection(("127.0.0.1", server.port)) as stranger:
            stranger.sendall(b"PING\r\n")
            assert stranger.recv(100).startswith(b"-NOAUTH")
    finally:
        server.stop()


def test_a_redis_that_died_comes_back_where_it_was(folder):
    server = Redis(folder / "redis")
    try:
        url = server.start()
        server.process.kill()
        server.process.wait()
        assert server.start() == url
        assert redis.Redis.from_url(url).ping() is True
    finally:
        server.stop()


def test_a_redis_that_cannot_listen_is_told_in_one_sentence(folder):
    server = Redis(folder / "redis")
    other = Redis(folder / "other")
    try:
        server.start()
        other.port = server.port
        with pytest.raises(CannotStart, match=r"^Redis does not start; "):
            other.start()
    finally:
        other.stop()
        server.stop()


def test_servers_that_the_environment_names_are_used_and_none_is_started(folder, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere/csan")
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere/0")
    assert start_servers(folder) == Servers()
    assert list(folder.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent died")
def test_servers_end_with_a_starter_that_is_killed(folder):
    code = """
import os, sys, time
from pathlib import Path
os.environ.pop("DATABASE_URL", None), os.environ.pop("REDIS_URL", None)
from csan.embedded import start_servers
servers = start_servers(Path(sys.argv[1]))
print(servers.postgres.process.pid, servers.redis.process.pid, flush=True)
time.sleep(60)
"""
    starter = subprocess.Popen([sys.executable, "-c", code, str(folder)], stdout=subprocess.PIPE, text=True)
    assert starter.stdout is not None
    with starter.stdout:
        pids = [int(pid) for pid in starter.stdout.readline().split()]
    starter.send_signal(signal.SIGKILL)
    starter.wait()
    ends = time.monotonic() + 5
    while any(is_running(pid) for pid in pids) and time.monotonic() < ends:
        time.sleep(0.05)
    assert [pid for pid in pids if is_running(pid)] == []


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_others_may_pass_without_looking_around(folder):
    inner = folder / "inner"
    inner.mkdir()
    folder.chmod(0o700)
    let_others_pass(inner)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o701


def test_programs_unpacked_by_a_secretive_account_can_be_run_by_others(folder):
    package = folder / "package"
    (package / "bin").mkdir(parents=True)
    (package / "bin" / "program").touch(mode=0o700)
    (package / "words").touch(mode=0o600)
    for path in (package, package / "bin"):
        path.chmod(0o700)
    let_others_read(package)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in [package, *package.rglob("*")]}
    assert modes == {"package": 0o705, "bin": 0o705, "program": 0o705, "words": 0o604}


def test_a_free_port_is_free():
    assert 1024 <= free_port() <= 65535
