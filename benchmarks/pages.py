"""The officer's and the supervisor's pages, as a signed-in browser asks for them."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.test import Client

from benchmarks.counting import statements
from benchmarks.table import Row, spread
from people.actors import of_user
from people.models import User
from tickets.models import Ticket
from tickets.services import add_internal_note, reply_to_customer

BACKEND = "django.contrib.auth.backends.ModelBackend"
TIMES = 40
FILE = re.compile(rb"/static/([^\"'#?)\s]+)")
PART = re.compile(rb"url\([\"']?([^\"')#]+)")


def measure(people: dict[str, User]) -> Iterator[Row]:
    supervisor = people["sari"]
    yield from measure_desk(people)
    for what, path in (("dashboard", "/dasbor/"), ("dashboard's live part", "/dasbor/langsung/")):
        yield page(what, supervisor, path)


def measure_desk(people: dict[str, User]) -> Iterator[Row]:
    """The queue, its next page and a ticket with a conversation, for an officer and a supervisor."""
    officer, supervisor = people["bagus"], people["sari"]
    number = _with_conversation(officer).number
    team = "/meja/?view=team:cs_payment"
    for what, person, path in (
        ("queue page, officer's own", officer, "/meja/"),
        ("queue page, officer's team", officer, team),
        ("queue page, supervisor, all tickets", supervisor, "/meja/?view=all"),
        ("its second page", supervisor, _further(supervisor, "/meja/?view=all")),
        ("ticket page with the list", officer, f"/meja/{number}/?view=team:cs_payment"),
    ):
        yield page(what, person, path)
    yield page("ticket opened from the list", officer, f"/meja/{number}/", pane=True)


def _with_conversation(officer: User) -> Ticket:
    """An open ticket of the officer's team with six messages."""
    actor = of_user(officer)
    ticket = Ticket.objects.filter(team__code="cs_payment", state="handled").earliest("next_due_at")
    for turn in range(3):
        reply_to_customer(actor=actor, ticket_id=ticket.pk, body=f"Kami periksa, kabar {turn}.")
        add_internal_note(actor=actor, ticket_id=ticket.pk, body=f"Sudah ditanya ke bank, {turn}.")
    return ticket


def _further(person: User, path: str) -> str:
    unpacked = {"Accept-Encoding": "identity"}
    page = _client(person).get(path, headers=unpacked).content.decode()
    found = re.search(r'href="\?([^"]*after=[^"]*)"', page)
    if found is None:
        raise SystemExit(f"{path} has no second page")
    return "/meja/baris/?" + found[1].replace("&amp;", "&")


def _client(person: User, *, pane: bool = False) -> Client:
    headers = {"Accept-Encoding": "gzip"}
    if pane:
        headers |= {"HX-Request": "true", "HX-Target": "pane"}
    client = Client(headers=headers, HTTP_HOST="127.0.0.1")
    client.force_login(person, backend=BACKEND)
    return client


def page(what: str, person: User, path: str, *, pane: bool = False) -> Row:
    """Statements of one look, median and 95th percentile of TIMES more, what goes over the wire."""
    print(f"bench: {what}", flush=True)
    client = _client(person, pane=pane)
    _get(client, path)
    with statements() as counted:
        packed = len(_get(client, path))
    samples = []
    for _time in range(TIMES):
        began = time.perf_counter()
        _get(client, path)
        samples.append(time.perf_counter() - began)
    note = f"{packed / 1000:.1f} kB"
    plain = _client(person).get(path, headers={"Accept-Encoding": "identity"}).content
    if files := _files(plain) if b"<html" in plain and not pane else 0:
        note += f", with all files {(packed + files) / 1000:.0f} kB"
    return Row(what, spread(samples), str(counted.count), note)


def _files(page: bytes) -> int:
    """Bytes of every file that a first visit to the page loads, compressed as they are served."""
    root = Path(settings.STATIC_ROOT)
    asked = {root / name.decode() for name in FILE.findall(page)}
    for sheet in [path for path in asked if path.suffix == ".css"]:
        asked |= _parts_of(sheet)
    return sum(_served(path) for path in asked)


def _parts_of(sheet: Path) -> set[Path]:
    found = {(sheet.parent / name.decode()).resolve() for name in PART.findall(sheet.read_bytes())}
    for inner in [path for path in found if path.suffix == ".css"]:
        found |= _parts_of(inner)
    return found


def _served(path: Path) -> int:
    packed = path.with_name(path.name + ".gz")
    return (packed if packed.exists() else path).stat().st_size


def _get(client: Client, path: str) -> bytes:
    answer = client.get(path)
    if answer.status_code != 200:
        raise SystemExit(f"{path} answered {answer.status_code}")
    return answer.content
