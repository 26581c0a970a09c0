"""From the commit to the page: how long until a colleague's note stands in an open ticket.

Runs the processes of an installation (pages, streams, front) and a real Chromium on the benchmark's
database; this process writes the notes. Both clocks are this machine's.
"""

from __future__ import annotations

import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connection, connections
from django.test import Client

from benchmarks.table import Row
from people.actors import of_user
from people.models import User
from tickets.models import Ticket
from tickets.services import add_internal_note

CHANGES = 50
WARM_UP = 10  # notes before: each process of the pages draws its first ticket
HOST = "127.0.0.1"
BACKEND = "django.contrib.auth.backends.ModelBackend"
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
# When the n-th note came into the page, by the page's own clock.
WATCH = """() => {
    window.cameAt = {};
    const look = () => {
        for (const note of document.querySelectorAll(".msg-note .bubble")) {
            const words = note.textContent.trim();
            window.cameAt[words] ??= performance.timeOrigin + performance.now();
        }
    };
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
}"""
TURNS = 100
INSERT_MANY = """
INSERT INTO tickets_ticketevent (ticket_id, at, kind, actor_label, from_state, to_state, data)
SELECT %s, now(), 'recomputed', 'sweep', '', '', '{}' FROM generate_series(1, 100)
"""


def measure(people: dict[str, User]) -> Iterator[Row]:
    yield _cost_of_telling()
    if CHROMIUM is None:
        print("bench: no Chromium, so no live page", flush=True)
        return
    print("bench: a change until it stands on another's page", flush=True)
    ticket = Ticket.objects.filter(team__code="cs_payment", state="handled").earliest("pk")
    with _installation() as address:
        yield _row(_delays(address, people, ticket))


def _row(delays: list[float]) -> Row:
    ordered = sorted(delays)
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    value = f"median {statistics.median(ordered) * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms"
    return Row("commit until seen on another's page", value, "", f"{len(ordered)} notes, Chromium")


def _cost_of_telling() -> Row:
    """A sweep's batch of a hundred events, with the call to those who listen and without it."""
    print("bench: what telling costs a batch of events", flush=True)
    ticket = Ticket.objects.earliest("pk").pk
    spent: dict[str, list[float]] = {"ENABLE": [], "DISABLE": []}
    with connection.cursor() as cursor:
        for turn in range(TURNS):
            state = ("ENABLE", "DISABLE")[turn % 2]
            cursor.execute(
                f"ALTER TABLE tickets_ticketevent {state} TRIGGER tickets_ticketevent_tells"
            )
            began = time.perf_counter()
            cursor.execute(INSERT_MANY, [ticket])
            spent[state].append(time.perf_counter() - began)
        cursor.execute("ALTER TABLE tickets_ticketevent ENABLE TRIGGER tickets_ticketevent_tells")
    told, untold = (statistics.median(spent[state]) * 1000 for state in ("ENABLE", "DISABLE"))
    return Row(
        "100 events in one transaction, told", f"{told:.2f} ms", "1", f"{untold:.2f} ms untold"
    )


def _delays(address: str, people: dict[str, User], ticket: Ticket) -> list[float]:
    from playwright.sync_api import sync_playwright

    key = _session(people["bagus"])
    writer = of_user(people["sari"])
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"]
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        context = chromium.new_context(base_url=address)
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": address}])
        page = context.new_page()
        page.goto(f"/meja/{ticket.number}/")
        page.wait_for_selector("html[data-live=live]")
        page.evaluate(WATCH)
        written = _write_all(writer, ticket, page)
        came = page.evaluate("window.cameAt")
        chromium.close()
    missing = [words for words in written if words not in came]
    if missing:
        raise SystemExit(f"{len(missing)} of {len(written)} notes never stood on the page")
    delays = [came[words] / 1000 - at for words, at in written.items()]
    return delays[WARM_UP:]


def _write_all(writer: Any, ticket: Ticket, page: Any) -> dict[str, float]:
    # A thread of its own: Playwright keeps an event loop in this one, which Django refuses.
    written: dict[str, float] = {}

    def write(words: str) -> float:
        add_internal_note(actor=writer, ticket_id=ticket.pk, body=words)
        return time.time()

    with ThreadPoolExecutor(1) as thread:
        for number in range(-WARM_UP, CHANGES):
            words = f"catatan ke-{number}"
            written[words] = thread.submit(write, words).result()
            page.wait_for_timeout(400)
        page.wait_for_timeout(3_000)
        thread.submit(connections.close_all).result()
    return written


def _session(user: User) -> str:
    client = Client(HTTP_HOST=HOST)
    client.force_login(user, backend=BACKEND)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@contextmanager
def _installation() -> Iterator[str]:
    front, pages, events = (_free_port() for _each in range(3))
    python = sys.executable
    commands = [
        [
            *(python, "-m", "granian", "--interface", "wsgi", "--workers", "2"),
            *("--blocking-threads", "4", "--host", HOST, "--port", str(pages)),
            *("--log-level", "error", "helpdesk.wsgi:application"),
        ],
        [
            *(python, "-m", "uvicorn", "helpdesk.asgi:application", "--lifespan", "on"),
            *("--host", HOST, "--port", str(events), "--log-level", "error"),
            *("--timeout-graceful-shutdown", "1"),
        ],
        [
            *(python, "-m", "deploy.front", "--listen", f"{HOST}:{front}"),
            *("--pages", f"{HOST}:{pages}", "--events", f"{HOST}:{events}"),
        ],
    ]
    started = [subprocess.Popen(command) for command in commands]
    try:
        for port in (front, events):
            _wait_for(f"http://{HOST}:{port}/healthz")
        yield f"http://{HOST}:{front}"
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(15)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"{url} does not answer")
