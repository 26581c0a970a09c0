"""A whole installation of a test's own: PostgreSQL, Valkey, web, and a worker with its beat."""

from __future__ import annotations

import http.client
import json
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.core.management import call_command
from django.db import connection, connections

from desk.demo.people import demo_cast, make_people
from helpdesk import environment
from helpdesk.embedded import processes
from helpdesk.embedded.postgres import Postgres
from helpdesk.embedded.valkey import Valkey
from tests.faults.programs import Launcher, Program, Programs
from tests.support.servers import MakePlace

TOKEN = demo_cast()["token"]


class House:
    """This process's Django works on the house's database too."""

    def __init__(self, programs: Programs, postgres: Postgres, valkey: Valkey) -> None:
        self.programs, self.postgres, self.valkey = programs, postgres, valkey
        self._socket = postgres.place.sockets.with_suffix(".web")

    def open(self) -> None:
        env = {
            "DATABASE_URL": self.postgres.url,
            "REDIS_URL": self.valkey.url,
            "TUNTAS_MODE": "demo",
            "DJANGO_SETTINGS_MODULE": "helpdesk.settings",
        }
        self._env = env
        self.programs.start(
            *("web", "-m", "granian", "--interface", "wsgi", "--workers", "1"),
            *("--blocking-threads", "4", "--uds", str(self._socket), "--log-level", "warning"),
            "helpdesk.wsgi:application",
            **env,
        )
        self.programs.wait_until(lambda: self.ask("GET", "/healthz")[0] == 200)

    def start_worker(self) -> Program:
        worker = self.programs.start(
            *("worker", "-m", "celery", "-A", "helpdesk", "--quiet", "worker", "-B"),
            *("--concurrency", "1", "--loglevel", "INFO", "--without-gossip", "--without-mingle"),
            **self._env,
        )
        self.programs.wait_until(lambda: worker.says("ready."))
        return worker

    def ask(
        self, method: str, path: str, body: Any = None, **headers: str
    ) -> tuple[int, dict[str, Any]]:
        """Status and document of the answer; 0 where there was none."""
        line = _Line(self._socket)
        sent = {"Host": "127.0.0.1", "Authorization": f"Bearer {TOKEN}"}
        if body is not None:
            sent["Content-Type"] = "application/json"
        try:
            line.request(method, path, None if body is None else json.dumps(body), sent | headers)
            answer = line.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException) as error:
            return 0, {"error": repr(error)}
        finally:
            line.close()
        is_document = "json" in (answer.headers["Content-Type"] or "")
        return answer.status, json.loads(text) if is_document else {}

    def end_all_sessions(self) -> None:
        """`pg_terminate_backend` for everybody."""
        link = psycopg2.connect(self.postgres.url)
        with link.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            )
        link.close()

    def crash_postgres(self) -> None:
        """As if its host had lost power; started again it recovers from its log."""
        pid = self.postgres.pid()
        assert pid
        assert processes.end(pid, signal.SIGQUIT, within=20)
        connection.close()
        self.postgres.ensure()

    def restart_postgres(self) -> None:
        self.postgres.stop()
        connection.close()
        self.postgres.ensure()


class _Line(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("house", timeout=30)
        self._path = path

    def send(self, data: Any) -> None:
        # Whoever is refused early is answered before the body was read.
        with suppress(BrokenPipeError):
            super().send(data)

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


@contextmanager
def django_on(address: str) -> Iterator[None]:
    connections.close_all()
    ours = connection.settings_dict.copy()
    theirs = environment.postgres("HOUSE_DATABASE_URL", address)
    del theirs["OPTIONS"]  # the application's own limits hold there too
    connection.settings_dict.update(theirs)
    try:
        yield
    finally:
        connections.close_all()
        connection.settings_dict.update(ours)


@pytest.fixture
def house(place: MakePlace, valkey: Valkey, tmp_path: Path, launcher: Launcher) -> Iterator[House]:
    postgres = Postgres(place("house"), durable=False)
    programs = Programs(tmp_path, launcher)
    house = House(programs, postgres, valkey)
    try:
        postgres.ensure()
        with django_on(postgres.url):
            call_command("migrate", interactive=False, verbosity=0)
            call_command("load_reference_data", verbosity=0)
            make_people()
            house.open()
            yield house
    finally:
        programs.kill_all()
        postgres.stop()
        house._socket.unlink(missing_ok=True)
