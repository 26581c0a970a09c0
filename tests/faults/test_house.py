"""People work while the servers behind them fail: what was acknowledged is there, whole, once."""

from __future__ import annotations

import threading
import uuid
from collections import Counter
from collections.abc import Callable
from typing import Self

import pytest

from tests.faults.backlog import file_overdue, let_leases_run_out, overdue
from tests.faults.checker import check, check_all_alike
from tests.faults.house import House
from tickets.models import EventKind, OutgoingMail, Ticket
from tickets.services import deliver_owed_mail

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
PATH = "/api/v1/tickets"


def complaint(key: str) -> dict[str, str]:
    return {
        "description": "Paket saya belum sampai, resi tidak bergerak sejak 5 hari.",
        "order_number": f"INV/{key}",
        "email": f"{key}@example.com",
        "name": "Pembeli",
    }


class Load:
    """Integrators who file tickets without rest; the journal holds what they were told."""

    def __init__(self, house: House) -> None:
        self.journal: dict[str, str] = {}
        self.statuses: Counter[int] = Counter()
        self.odd: list[object] = []
        self._house = house
        self._enough = threading.Event()
        self._threads = [threading.Thread(target=self._file) for _number in range(3)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._enough.set()
        for thread in self._threads:
            thread.join()

    def more(self, count: int) -> Callable[[], bool]:
        """Whether so many more were acknowledged than now."""
        goal = len(self.journal) + count
        return lambda: len(self.journal) >= goal

    def _file(self) -> None:
        while not self._enough.is_set():
            key = uuid.uuid4().hex[:12]
            # What was refused is sent again under its key until it is acknowledged.
            while key not in self.journal:
                status, answer = self._house.ask(
                    "POST", PATH, complaint(key), **{"Idempotency-Key": key}
                )
                self.statuses[status] += 1
                if status in (200, 201):
                    self.journal[key] = answer["number"]
                elif status != 503:
                    self.odd.append((status, answer))
                    return


def test_b14_sessions_ended_and_postgresql_crashed_and_restarted_under_load(house: House) -> None:
    tickets = file_overdue(60)
    house.start_worker()
    wait = house.programs.wait_until
    with Load(house) as load:
        wait(load.more(10))
        for disturb in (
            *[house.end_all_sessions] * 8,
            house.crash_postgres,
            house.restart_postgres,
        ):
            disturb()
            wait(load.more(5))

    def over() -> bool:
        let_leases_run_out()
        return overdue() == 0

    wait(over)
    assert load.odd == []
    assert load.statuses[503]
    check(failures=True)
    check_all_alike(tickets)
    filed = Ticket.objects.exclude(pk__in=tickets)
    assert Counter(filed.values_list("order_number", "number")) == Counter(
        (f"INV/{key}", number) for key, number in load.journal.items()
    )
    whole = Counter(filed.values_list("state", "events__kind"))
    kinds = {kind for _state, kind in whole}
    assert {EventKind.RECEIVED, EventKind.CLASSIFIED} <= kinds
    assert set(whole.values()) == {len(load.journal)}
    letters = OutgoingMail.objects.filter(ticket__in=filed, template="acknowledgement")
    assert letters.count() == len(load.journal)
    assert {f"{key}@example.com" for key in load.journal} == set(
        letters.values_list("recipient", flat=True)
    )


def test_b10_without_redis_a_complaint_is_taken_and_its_letter_goes_out_later_once(
    house: House,
) -> None:
    house.valkey.stop()
    for number in range(3):
        status, answer = house.ask("POST", PATH, complaint(f"no-redis-{number}"))
        assert status == 201, answer
        assert house.ask("GET", f"{PATH}/{answer['number']}")[0] == 200
    assert OutgoingMail.objects.filter(state="pending").count() == 3
    house.valkey.ensure()
    house.start_worker()
    house.programs.wait_until(lambda: not OutgoingMail.objects.filter(state="pending").exists())
    files = (house.programs.folder / "mail").iterdir()
    assert sum(file.read_text().count("\nMessage-ID: ") for file in files) == 3
    assert deliver_owed_mail() == 0
    check()
