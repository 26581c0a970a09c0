"""The process of the live streams, as it really runs, and a reader of a stream."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, Queue
from typing import Any

import pytest
from django.db import connection

from helpdesk.embedded import processes

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, path: str = "/healthz", within: float = 120) -> None:
    until = time.monotonic() + within
    while time.monotonic() < until:
        try:
            line = http.client.HTTPConnection(HOST, port, timeout=2)
            line.request("GET", path)
            if line.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"nothing answers at port {port}")


@dataclass
class EventsProcess:
    """uvicorn with helpdesk.asgi on the test's database."""

    log: Path
    port: int = field(default_factory=free_port)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def runs(self) -> bool:
        return self._process is not None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "uvicorn", "helpdesk.asgi:application"),
                    *("--lifespan", "on", "--host", HOST, "--port", str(self.port)),
                    *("--log-level", "warning", "--timeout-graceful-shutdown", "1"),
                ],
                cwd=ROOT,
                env=os.environ | {"DJANGO_SETTINGS_MODULE": "helpdesk.settings_test"},
                stdout=log,
                stderr=log,
            )
        wait_for(self.port)

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        return self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> int:
        if self._process is None:
            return 0
        self._process.send_signal(how)
        code = self._process.wait(15)
        self._process = None
        return code


@dataclass(frozen=True)
class Message:
    kind: str
    id: int
    data: dict[str, Any]


class StreamReader:
    """Opens /events/ and collects its messages."""

    def __init__(self, port: int, headers: dict[str, str], query: str = "") -> None:
        self._line = http.client.HTTPConnection(HOST, port, timeout=60)
        self._line.request("GET", f"/events/{query}", headers={"Host": HOST, **headers})
        self.answer = self._line.getresponse()
        self.status = self.answer.status
        self.session = ""
        self.messages: Queue[Message] = Queue()
        self.ended = threading.Event()
        self.all: list[Message] = []
        if self.status == 200:
            threading.Thread(target=self._read, daemon=True).start()

    def next(self, within: float = 5) -> Message:
        """The next message that is no heartbeat."""
        message = self.messages.get(timeout=within)
        return self.next(within) if message.kind == "beat" else message

    def events(self, *, until: int, within: float = 10) -> list[list[Any]]:
        """The events told up to (and with) the one with this id."""
        found: list[list[Any]] = []
        stop = time.monotonic() + within
        while until not in [event[0] for event in found]:
            found += self.next(max(0.1, stop - time.monotonic())).data.get("events", [])
        return found

    def silent(self, seconds: float) -> bool:
        try:
            return self.next(seconds) is None
        except Empty:
            return True

    def close(self) -> None:
        if self._line.sock:
            self._line.sock.shutdown(socket.SHUT_RDWR)
        self._line.close()

    def _read(self) -> None:
        try:
            for message in self._parsed():
                self.all.append(message)
                self.messages.put(message)
        except (OSError, ValueError, http.client.HTTPException, AttributeError):
            pass
        finally:
            self.ended.set()

    def _parsed(self) -> Iterator[Message]:
        fields: dict[str, str] = {}
        while line := self.answer.readline():
            text = line.decode().rstrip("\n")
            if text.startswith(":"):
                continue
            if text:
                name, _colon, value = text.partition(": ")
                fields[name] = value
            elif "data" in fields:
                data = json.loads(fields["data"])
                yield Message(fields.get("event", "message"), int(fields["id"]), data)
                fields = {}
            else:
                fields = {}


@pytest.fixture(scope="session")
def _events_process(
    django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[EventsProcess]:
    process = EventsProcess(tmp_path_factory.mktemp("live") / "events.log")
    process.start()
    yield process
    process.kill()


@pytest.fixture
def events_process(people: Any, _events_process: EventsProcess) -> Iterator[EventsProcess]:
    """The process, listening to this test's database: it outlives the one of the test before."""
    process = _events_process
    if not process.runs:
        process.start()
    assert processes.wait_until(_is_heard, 60)
    told = process.log.stat().st_size
    yield process
    said = process.log.read_text()[told:]
    assert "Traceback" not in said, said


def _is_heard() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND query LIKE 'LISTEN%'"
        )
        return bool(cursor.fetchone()[0])
