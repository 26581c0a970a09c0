"""How many complaints a second come in through the API, beside bare inserts of one row."""

from __future__ import annotations

import http.client
import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg2
from django.db import connection
from django.test import Client

from benchmarks.counting import statements
from benchmarks.server import granian
from benchmarks.table import Row
from desk.demo.people import demo_cast

ROOT = Path(__file__).resolve().parents[1]
CLIENTS = 4
AT_ONCE = 1_000
WORKERS = 2
TURNS = 3
PATH = "/api/v1/tickets"
LINES = [
    ("akun dibobol", "Akun saya dibobol, email diganti, saldo Rp 2.300.000 dipakai orang lain."),
    ("paket belum sampai", "Pesanan saya belum sampai sudah 4 hari, resi tidak bergerak."),
    ("refund", "Refund Rp 750.000 belum masuk setelah seminggu, mohon dicek."),
    ("tanya", "Bagaimana cara mengganti nomor HP di akun saya?"),
]


def measure(seconds: float) -> Iterator[Row]:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bench_row (id bigserial PRIMARY KEY, body text, at timestamptz)"
        )
    yield from _in_process(seconds)
    yield from _over_http(seconds)
    yield from _many(seconds)


def _complaint(number: int) -> dict[str, Any]:
    subject, words = LINES[number % len(LINES)]
    return {
        "channel": "api",
        "subject": subject,
        "description": f"{words} ({number})",
        "order_number": f"BENCH/{number}",
        "name": "Tono",
        "email": f"bench{number}@example.com",
    }


def _in_process(seconds: float) -> Iterator[Row]:
    print("bench: creation through the API, one client in the process", flush=True)
    client = Client(HTTP_HOST="127.0.0.1", HTTP_AUTHORIZATION=f"Bearer {demo_cast()['token']}")

    def create(number: int) -> None:
        answer = client.post(PATH, _complaint(number), content_type="application/json")
        if answer.status_code != 201:
            raise SystemExit(f"{PATH} answered {answer.status_code}: {answer.content[:500]!r}")

    create(0)
    with statements() as counted:
        for number in range(1, 1 + len(LINES)):
            create(number)
    created = _rate([lambda n: create(10_000 + n)], seconds)
    bare = _rate([_bare_insert()], seconds / 2)
    yield _rates(
        "create a ticket, 1 client in process", created, bare, f"{counted.count / len(LINES):.0f}"
    )


def _over_http(seconds: float) -> Iterator[Row]:
    print(f"bench: creation over HTTP, granian with {WORKERS} workers", flush=True)
    with granian(WORKERS) as port:
        for place in range(WORKERS * 4):  # each worker compiles the rules once
            _poster(port, 90_000)(place)
            _bare_poster(port)(place)
        # By turns, so that both meet the same machine.
        created, bare = 0.0, 0.0
        for turn in range(TURNS):
            posters = [_poster(port, 100_000 * (i + 1) + 20_000 * turn) for i in range(CLIENTS)]
            created += _rate(posters, seconds / TURNS) / TURNS
            bare += _rate([_bare_poster(port) for _i in range(CLIENTS)], seconds / TURNS) / TURNS
    note = f"1 : {bare / created:.1f} of {bare:.0f}/s by a bare REST endpoint of one row"
    yield Row(f"create a ticket, HTTP, {CLIENTS} clients", f"{created:.1f}/s", "", note)


def _many(seconds: float) -> Iterator[Row]:
    print(f"bench: {AT_ONCE} in one request, granian with {WORKERS} workers", flush=True)
    with granian(WORKERS) as port:
        for place in range(WORKERS * 2):
            _bulk_poster(port, 90 + place)(0)
        posters = [_bulk_poster(port, 1_000 * (client + 1)) for client in range(WORKERS)]
        created = AT_ONCE * _rate(posters, seconds)
    bare = _rate([_bare_insert() for _client in range(WORKERS)], seconds / 2)
    yield _rates(f"create {AT_ONCE} tickets a request, HTTP, {WORKERS} clients", created, bare, "")


def _rates(what: str, created: float, bare: float, statements: str) -> Row:
    ratio = f"1 : {bare / created:.1f} of {bare:.0f}/s bare one-row inserts"
    return Row(what, f"{created:.1f}/s", statements, ratio)


def _rate(acts: list[Callable[[int], None]], seconds: float) -> float:
    """How often a second all acts together complete, each in its own thread."""
    end = time.monotonic() + seconds
    counts = [0] * len(acts)
    failures: list[BaseException] = []

    def loop(place: int) -> None:
        try:
            while time.monotonic() < end:
                acts[place](counts[place])
                counts[place] += 1
        except BaseException as failure:  # noqa: BLE001 - shown below, in the main thread
            failures.append(failure)

    began = time.monotonic()
    if len(acts) == 1:
        loop(0)
    else:
        threads = [threading.Thread(target=loop, args=(place,)) for place in range(len(acts))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    if failures:
        raise failures[0]
    return sum(counts) / (time.monotonic() - began)


def _bare_insert() -> Callable[[int], None]:
    link = psycopg2.connect(os.environ["DATABASE_URL"])
    link.autocommit = True
    cursor = link.cursor()
    return lambda number: cursor.execute(
        "INSERT INTO bench_row (body, at) VALUES (%s, now())", [f"row {number}"]
    )


def _poster(port: int, first: int) -> Callable[[int], None]:
    send = _sender(port, PATH, 201)
    return lambda number: send(_complaint(first + number))


def _bare_poster(port: int) -> Callable[[int], None]:
    send = _sender(port, "/bench/rows", 201)
    return lambda number: send({"body": f"row {number}"})


def _bulk_poster(port: int, first: int) -> Callable[[int], None]:
    send = _sender(port, f"{PATH}/bulk-create", 200)

    def post(number: int) -> None:
        begin = (first + number) * 1_000_000
        send({"tickets": [_complaint(begin + place) for place in range(AT_ONCE)]})

    return post


def _sender(port: int, path: str, status: int) -> Callable[[Any], None]:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {
        "Content-Type": "application/json",
        "Authorization": f"Bearer {demo_cast()['token']}",
    }

    def send(body: Any) -> None:
        link.request("POST", path, json.dumps(body), headers)
        answer = link.getresponse()
        said = answer.read()
        if answer.status != status:
            raise SystemExit(f"{path} answered {answer.status}: {said[:500]!r}")

    return send
