"""What a ticket's events say about its promises, read without looking at any clock.

A second, independent account of `sla/receivers.py`: the nightly check compares the two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sla.models import Metric
from sla.services.clocks import OWED_TO_CUSTOMER
from tickets.models import EventKind, Ticket, TicketEvent


@dataclass
class Promise:
    """One promise as the events tell it; `missed` ones stay owed until they are answered."""

    started_at: datetime
    paused_at: datetime | None = None
    paused_seconds: int = 0
    missed: bool = False


@dataclass
class Account:
    """The promises that count after the events read so far, by metric."""

    ticket: Ticket
    promises: dict[str, Promise] = field(default_factory=dict)
    answered: bool = False
    waiting: bool = False

    def read(self, events: Iterable[TicketEvent]) -> Account:
        for event in events:
            if reader := _READERS.get(event.kind):
                reader(self, event)
        return self

    def start(self, metric: str, at: datetime) -> None:
        self.promises[metric] = Promise(started_at=at)

    def end(self, *metrics: str) -> None:
        for metric in metrics:
            self.promises.pop(metric, None)

    def wait(self, at: datetime) -> None:
        self.waiting = True
        resolution = self.promises.get(Metric.RESOLUTION)
        if resolution and not resolution.missed and resolution.paused_at is None:
            resolution.paused_at = at

    def resume(self, at: datetime) -> None:
        self.waiting = False
        resolution = self.promises.get(Metric.RESOLUTION)
        if resolution and resolution.paused_at is not None:
            away = int((at - resolution.paused_at).total_seconds())
            resolution.paused_seconds += max(0, away)
            resolution.paused_at = None

    def take_ball(self, at: datetime) -> None:
        self.resume(at)
        if self.answered and Metric.NEXT_UPDATE not in self.promises:
            self.start(Metric.NEXT_UPDATE, at)

    def answer(self) -> None:
        self.answered = True
        self.end(Metric.FIRST_RESPONSE, Metric.NEXT_UPDATE)


def _classified(account: Account, event: TicketEvent) -> None:
    account.start(Metric.FIRST_RESPONSE, account.ticket.received_at)
    account.start(Metric.RESOLUTION, account.ticket.received_at)


def _replied(account: Account, event: TicketEvent) -> None:
    account.answer()
    if event.data["waiting"]:
        account.wait(event.at)
    else:
        account.resume(event.at)
        account.start(Metric.NEXT_UPDATE, event.at)


def _asked(account: Account, event: TicketEvent) -> None:
    account.answer()
    account.wait(event.at)


def _customer_acted(account: Account, event: TicketEvent) -> None:
    account.take_ball(event.at)


def _escalated(account: Account, event: TicketEvent) -> None:
    account.start(Metric.ACCEPTANCE, event.at)
    if account.waiting:
        account.take_ball(event.at)


def _received_by_team(account: Account, event: TicketEvent) -> None:
    account.end(Metric.ACCEPTANCE)


def _breached(account: Account, event: TicketEvent) -> None:
    promise = account.promises.get(event.data["metric"])
    # A verb that finds the old promise missed may have begun the next one at the same instant.
    if promise and promise.started_at < event.at:
        promise.missed, promise.paused_at = True, None
        if event.data["metric"] in OWED_TO_CUSTOMER:
            account.start(Metric.NEXT_UPDATE, event.at)


def _closed(account: Account, event: TicketEvent) -> None:
    account.answered = True
    account.waiting = False
    account.promises.clear()


def _reopened(account: Account, event: TicketEvent) -> None:
    account.start(Metric.NEXT_UPDATE, event.at)
    account.start(Metric.RESOLUTION, event.at)


_READERS: dict[str, Callable[[Account, TicketEvent], None]] = {
    EventKind.CLASSIFIED: _classified,
    EventKind.REPLIED: _replied,
    EventKind.CONFIRMATION_ASKED: _asked,
    EventKind.CUSTOMER_WROTE: _customer_acted,
    EventKind.CUSTOMER_SILENT: _customer_acted,
    EventKind.CONFIRMED: _customer_acted,
    EventKind.DISPUTED: _customer_acted,
    EventKind.ESCALATED: _escalated,
    EventKind.REDIRECTED: _escalated,
    EventKind.ACCEPTED: _received_by_team,
    EventKind.RETURNED: _received_by_team,
    EventKind.BREACHED: _breached,
    EventKind.CLOSED: _closed,
    EventKind.REOPENED: _reopened,
}
