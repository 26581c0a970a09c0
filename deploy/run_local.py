"""`make run`: web, live streams, Celery worker and beat with their servers, all in one terminal.

Ctrl-C (or SIGTERM) stops web, beat and worker, then Valkey and PostgreSQL; the data stays in var/.
"""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import FrameType

from deploy import console
from deploy.children import Child, stop_all
from helpdesk.embedded.errors import EmbeddedServerError
from helpdesk.embedded.lease import Lease
from helpdesk.embedded.session import servers

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
STOP_SECONDS = 8.0
LOOK_SECONDS = 0.2
SERVER_LOOK_SECONDS = 3.0


def main() -> int:
    os.chdir(ROOT)
    os.environ["TUNTAS_MODE"] = "demo"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")
    stop = _stop_on_signals()
    try:
        port = _free_port()
        with _only_one_here(), servers("demo") as leases:
            _announce_servers(leases)
            return _prepare(stop) or _serve(port, leases, stop)
    except (EmbeddedServerError, CannotRunError) as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        if stop.is_set():
            console.say("tuntas", "stopped; the data is kept")


class CannotRunError(Exception):
    """Something outside stands in the way; the message says what to do."""


def _stop_on_signals() -> threading.Event:
    stop = threading.Event()

    def ask(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            return
        stop.set()
        console.say("tuntas", "stopping …")

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, ask)
    return stop


def _free_port() -> int:
    word = os.environ.get("PORT") or "8000"
    if not word.isdigit() or not 0 < int(word) < 65536:
        raise CannotRunError(f"PORT={word}: expected a number from 1 to 65535")
    port = int(word)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise CannotRunError(
                f"Port {port} cannot be used ({error.strerror}). "
                f"Choose another one: PORT={port + 1} make run"
            ) from error
    return port


@contextmanager
def _only_one_here() -> Iterator[None]:
    path = ROOT / "var" / "locks" / "run"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CannotRunError("`make run` is already running in this checkout.") from error
        yield


def _announce_servers(leases: list[Lease]) -> None:
    embedded = " and ".join(type(lease.server).__name__ for lease in leases)
    console.say("set-up", f"servers: {embedded or 'those of DATABASE_URL and REDIS_URL'}")
    for lease in leases:
        if ROOT not in lease.server.data.parents:
            console.say("set-up", f"data outside this closed folder: {lease.server.data}")


def _prepare(stop: threading.Event) -> int:
    """Migrations, reference data, demo data; returns the exit code."""
    preparation = Child("set-up", [sys.executable, "manage.py", "prepare", "--demo"])
    preparation.start()
    while (code := preparation.ended()) is None:
        if stop.wait(LOOK_SECONDS):
            stop_all([preparation], STOP_SECONDS)
            return 0
    return code


def _serve(port: int, leases: list[Lease], stop: threading.Event) -> int:
    children = _children(port, pages=_any_free_port(), events=_any_free_port())
    for child in children:
        child.start()
    # Asked for while the web processes start: both take a while.
    logins = subprocess.Popen(
        [sys.executable, "manage.py", "demo_logins"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        _tend(children, leases, stop, partial(_announce, port, logins))
    finally:
        stop_all(children, STOP_SECONDS)
    return 0


def _any_free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _children(port: int, *, pages: int, events: int) -> list[Child]:
    """Pages and live streams are two processes; the front gives both one address."""
    programs = Path(sys.executable).parent
    celery = [str(programs / "celery"), "-A", "helpdesk", "--quiet"]
    worker = [*celery, "worker", "--loglevel", "INFO", "--without-gossip", "--without-mingle"]
    return [
        Child(
            "front",
            [
                *(sys.executable, "-m", "deploy.front", "--listen", f"{HOST}:{port}"),
                *("--pages", f"{HOST}:{pages}", "--events", f"{HOST}:{events}"),
            ],
        ),
        Child(
            "web",
            [
                *(str(programs / "granian"), "--interface", "wsgi", "--workers", "2"),
                *("--blocking-threads", "4", "--host", HOST, "--port", str(pages)),
                *("--respawn-failed-workers", "--workers-kill-timeout", "3"),
                *("--log-level", "warning", "helpdesk.wsgi:application"),
            ],
        ),
        Child(
            "events",
            [
                *(str(programs / "uvicorn"), "helpdesk.asgi:application", "--lifespan", "on"),
                *("--host", HOST, "--port", str(events), "--log-level", "warning"),
                *("--no-access-log", "--no-proxy-headers", "--timeout-graceful-shutdown", "2"),
            ],
        ),
        Child("worker", [*worker, "--concurrency", "2", "-Q", "celery"]),
        # Of its own, so that no long work keeps the sweep's wake-ups waiting.
        Child("sweeper", [*worker, "--concurrency", "1", "-Q", "sweep", "-n", "sweeper@%h"]),
        Child("beat", [*celery, "beat", "--loglevel", "WARNING"]),
        Child("clock", [sys.executable, "manage.py", "sweep", "--every", "1"]),
    ]


def _tend(
    children: list[Child],
    leases: list[Lease],
    stop: threading.Event,
    announce_when_ready: Callable[[], bool],
) -> None:
    announced = False
    look_at_servers = time.monotonic() + SERVER_LOOK_SECONDS
    while not stop.wait(LOOK_SECONDS):
        for child in children:
            child.tend()
        if time.monotonic() > look_at_servers:
            _revive(leases)
            look_at_servers = time.monotonic() + SERVER_LOOK_SECONDS
        announced = announced or announce_when_ready()


def _revive(leases: list[Lease]) -> None:
    for lease in leases:
        name = type(lease.server).__name__
        try:
            if lease.revive():
                console.say("tuntas", f"{name} had ended; started again")
        except EmbeddedServerError as error:
            console.say("tuntas", f"{name} had ended and does not start: {error}")


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def _announce(port: int, logins: subprocess.Popen[bytes]) -> bool:
    """Prints address, logins and API token once the site answers; whether it did."""
    if not _answers(port):
        return False
    table = logins.communicate()[0].decode(errors="replace").rstrip()
    lines = ["", f"  Tuntas runs at http://{HOST}:{port}", "", table, ""]
    console.write("\n".join([*lines, "  Ctrl-C stops everything; the data is kept.", ""]))
    return True


if __name__ == "__main__":
    sys.exit(main())
