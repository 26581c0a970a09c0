"""The embedded servers' life: started once, shared, found again, stopped by the last user."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest

from helpdesk.embedded import accounts, addresses, binaries, processes
from helpdesk.embedded.errors import EmbeddedServerError
from helpdesk.embedded.lease import Lease
from helpdesk.embedded.places import Place
from helpdesk.embedded.postgres import Postgres
from helpdesk.embedded.valkey import Valkey
from tests.support.servers import place

__all__ = ["place"]

ROOT = Path(__file__).resolve().parents[2]
HOLDER = """
import sys, time
from pathlib import Path
from helpdesk.embedded.lease import Lease
from helpdesk.embedded.places import Place
from helpdesk.embedded.{module} import {name}
lease = Lease({name}(Place(Path(sys.argv[1]), "held"), durable=False))
lease.take()
print("taken", flush=True)
sys.stdin.readline()
lease.give_back()
"""


@pytest.fixture(params=[Postgres, Valkey])
def server(request, place):
    """A server of its own, in a folder of its own; stopped whatever the test did to it."""
    server = request.param(place("held"), durable=False)
    yield server
    server.stop()


def holder(server) -> subprocess.Popen:
    """Another process that uses the server until a line is typed to it."""
    code = HOLDER.format(module=type(server).__name__.lower(), name=type(server).__name__)
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(server.place.root)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout.readline() == b"taken\n"
    return process


def release(process: subprocess.Popen) -> None:
    process.communicate(b"\n", timeout=20)
    assert process.returncode == 0


def test_the_last_user_stops_the_server(server):
    ours, theirs = Lease(server), holder(server)
    ours.take()
    first = server.pid()
    release(theirs)
    assert server.answers()
    assert server.pid() == first
    ours.give_back()
    assert not server.answers()
    assert not processes.alive(first)


def test_a_server_whose_users_were_killed_is_found_and_then_stopped(server):
    theirs = holder(server)
    first = server.pid()
    theirs.kill()
    theirs.communicate()
    assert server.answers()
    ours = Lease(server)
    ours.take()
    assert server.pid() == first
    ours.give_back()
    assert not server.answers()


def test_a_killed_server_is_started_again(server):
    lease = Lease(server)
    lease.take()
    first = server.pid()
    processes.end(first, signal.SIGKILL, within=5)
    assert lease.revive()
    assert server.pid() not in {None, first}
    assert not lease.revive()
    lease.give_back()


def test_a_forked_child_gives_nothing_back(server):
    lease = Lease(server)
    lease.take()
    lease._owner = os.getpid() + 1
    lease.give_back()
    assert server.answers()
    lease._owner = os.getpid()
    lease.give_back()
    assert not server.answers()


def test_a_stale_pid_file_that_names_another_process_does_not_hinder(place):
    server = Postgres(place("stale"), durable=False)
    lease = Lease(server)
    lease.take()
    with psycopg2.connect(server.url) as link, link.cursor() as cursor:
        cursor.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    link.close()
    written = (server.data / "postmaster.pid").read_text()
    processes.end(server.pid(), signal.SIGKILL, within=5)
    stranger = subprocess.Popen(["sleep", "60"], **accounts.postgres_account(), cwd="/")
    try:
        (server.data / "postmaster.pid").write_text(
            f"{stranger.pid}\n{written.split(chr(10), 1)[1]}"
        )
        assert server.pid() is None
        server.ensure()
        link = psycopg2.connect(server.url)
        with link.cursor() as cursor:
            cursor.execute("SELECT answer FROM kept")
            assert cursor.fetchone() == (42,)
        link.close()
    finally:
        stranger.kill()
        stranger.wait()
        lease.give_back()


def test_two_checkouts_do_not_share_a_socket(tmp_path):
    one, other = (Place(tmp_path / name, "postgres") for name in ("one", "other"))
    assert one.sockets != other.sockets
    longest = Place(tmp_path / ("x" * 200), "test-postgres").sockets / ".s.PGSQL.5432"
    assert len(str(longest)) <= 107


def test_the_server_listens_on_a_private_socket_alone(place):
    server = Postgres(place("private"), durable=False)
    lease = Lease(server)
    lease.take()
    try:
        facts = server.place.sockets.stat()
        assert (facts.st_mode & 0o777, facts.st_uid) == (0o700, accounts.postgres_uid())
        link = psycopg2.connect(server.url)
        with link.cursor() as cursor:
            cursor.execute("SHOW listen_addresses")
            assert cursor.fetchone() == ("",)
        link.close()
    finally:
        lease.give_back()


def test_somebody_elses_socket_folder_is_refused(tmp_path):
    folder = tmp_path / "sockets"
    target = tmp_path / "target"
    target.mkdir()
    folder.symlink_to(target)
    with pytest.raises(PermissionError):
        accounts.own_private_folder(folder, os.geteuid())


def test_data_of_another_version_is_refused_and_not_touched(place):
    server = Postgres(place("old"), durable=True)
    server.data.mkdir(parents=True)
    (server.data / "PG_VERSION").write_text("9\n")
    with pytest.raises(EmbeddedServerError, match=r"is of PostgreSQL 9.*pg_dump"):
        server.ensure()
    assert (server.data / "PG_VERSION").read_text() == "9\n"


def test_without_any_program_the_message_names_the_two_variables(place, monkeypatch):
    for finder in ("_packaged_postgres", "_system_postgres", "_packaged_valkey", "_system_valkey"):
        monkeypatch.setattr(binaries, finder, list)
    for find in (lambda: binaries.postgres_folder(place("none")), binaries.valkey_program):
        with pytest.raises(
            EmbeddedServerError, match=r"DATABASE_URL.*REDIS_URL|REDIS_URL.*DATABASE_URL"
        ):
            find()


def test_the_systems_own_programs_serve_where_the_package_is_missing(place, monkeypatch):
    monkeypatch.setattr(binaries, "_packaged_postgres", list)
    monkeypatch.setattr(binaries, "_packaged_valkey", list)
    if not binaries._system_postgres() or not binaries._system_valkey():
        pytest.skip("no PostgreSQL or Redis of the system on this machine")
    for server in (
        Postgres(place("pg-system"), durable=False),
        Valkey(place("vk-system"), durable=True),
    ):
        lease = Lease(server)
        lease.take()
        assert server.answers()
        lease.give_back()


@pytest.mark.skipif(not accounts.is_root(), reason="only root lends the server another account")
def test_below_a_closed_folder_data_and_programs_move_where_the_server_may_go(
    tmp_path, place, monkeypatch
):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    tmp_path.chmod(0o755)
    installation = closed / "pginstall"
    packaged = binaries._packaged_postgres()[0].parent
    subprocess.run(["cp", "-r", str(packaged), str(installation)], check=True)
    monkeypatch.setattr(binaries, "_packaged_postgres", lambda: [installation / "bin"])
    server = Postgres(place("postgres", closed), durable=False)
    lease = Lease(server)
    try:
        lease.take()
        assert server.answers()
        assert server.data == server.place.outside / "postgres"
        assert server.place.outside in server._programs.parents
    finally:
        lease.give_back()


def test_addresses_are_known_before_anything_runs(tmp_path):
    known = addresses.for_mode("test", tmp_path)
    assert known.database_url.endswith("-test-postgres")
    assert known.redis_url != addresses.for_mode("demo", tmp_path).redis_url


def test_valkey_that_hangs_is_replaced(place):
    server = Valkey(place("hung"), durable=False)
    lease = Lease(server)
    lease.take()
    first = server.pid()
    os.kill(first, signal.SIGSTOP)
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(str(server.socket))
        assert lease.revive()
        assert server.pid() != first
    finally:
        lease.give_back()
