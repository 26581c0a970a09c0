"""What a ticket's events say about its promises, read without looking at any clock.

A second, independent account of `sla/receivers.py`: the nightly check compares the two.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sla.models import Metric
from sla.rules import Rules
from sla.services.clocks import OWED_TO_CUSTOMER, RECEIVING, WITH_THE_TEAM
from sla.targets import Run
from tickets.models import EventKind, Ticket, TicketEvent
from tickets.states import WITH_A_TEAM_STATES

Span = tuple[datetime, datetime | None]
# From when to when a version judged a clock, and the reasons for which it lets it stand still.
Reign = tuple[datetime, datetime | None, frozenset[str]]
RulesAt = Callable[[TicketEvent], Rules]


@dataclass
class Promise:
    """One promise as the events tell it; `missed` ones stay owed until they are answered.

    `closed`: the spans for which the ticket was closed while it held.
    """

    started_at: datetime
    missed: bool = False
    closed: list[Span] = field(default_factory=list)


@dataclass
class Account:
    """The promises that count after the events read so far, by metric.

    `rules_at`: the rules that were in force at an event. `stood_still`: by reason, the spans in
    which that reason to pause held.
    """

    ticket: Ticket
    rules_at: RulesAt
    promises: dict[str, Promise] = field(default_factory=dict)
    stood_still: dict[str, list[Span]] = field(default_factory=lambda: defaultdict(list))
    answered: bool = False
    settled: Promise | None = None
    set_aside: dict[str, Promise] = field(default_factory=dict)
    holder: str = ""
    state: str = ""

    def read(self, events: Iterable[TicketEvent]) -> Account:
        for event in events:
            self.state = event.to_state or self.state
            if reader := _READERS.get(event.kind):
                reader(self, event)
        return self

    def start(self, metric: str, at: datetime) -> None:
        self.promises[metric] = Promise(started_at=at)

    def end(self, *metrics: str) -> None:
        for metric in metrics:
            self.promises.pop(metric, None)

    def stands(self, reason: str, at: datetime) -> None:
        spans = self.stood_still[reason]
        if not spans or spans[-1][1] is not None:
            spans.append((at, None))

    def goes_on(self, reason: str, at: datetime) -> None:
        spans = self.stood_still[reason]
        if spans and spans[-1][1] is None:
            spans[-1] = (spans[-1][0], at)

    @property
    def waiting(self) -> bool:
        spans = self.stood_still["customer"]
        return bool(spans) and spans[-1][1] is None

    def take_ball(self, at: datetime) -> None:
        self.goes_on("customer", at)
        if self.answered and Metric.NEXT_UPDATE not in self.promises:
            self.start(Metric.NEXT_UPDATE, at)

    def answer(self) -> None:
        self.answered = True
        self.end(Metric.FIRST_RESPONSE, Metric.NEXT_UPDATE)

    def runs(self, promise: Promise, reigns: Iterable[Reign]) -> list[Run]:
        """When the promise's clock ran, under the versions that judged it one after the other."""
        still = list(promise.closed)
        for since, until, reasons in reigns:
            for reason in reasons:
                still += within(self.stood_still[reason], since, until)
        return without(promise.started_at, still)


def within(spans: Iterable[Span], since: datetime, until: datetime | None) -> list[Span]:
    """What of the spans lies from `since` to `until`; None: open."""
    cut: list[Span] = []
    for begin, end in spans:
        ends = [moment for moment in (end, until) if moment is not None]
        begin, end = max(begin, since), min(ends, default=None)  # noqa: PLW2901
        if end is None or begin < end:
            cut.append((begin, end))
    return cut


def without(start: datetime, spans: Iterable[Span]) -> list[Run]:
    """From `start` on, less the spans; the last run is open unless an open span ends it."""
    runs: list[Run] = []
    for begin, end in sorted(spans, key=lambda span: span[0]):
        if end is not None and end <= start:
            continue
        if begin > start or not runs:
            runs.append((start, max(begin, start)))
        if end is None:
            return runs
        start = max(start, end)
    return [*runs, (start, None)]


def _classified(account: Account, event: TicketEvent) -> None:
    if event.data.get("past"):  # settled in another system: no promise of ours
        return
    account.start(Metric.FIRST_RESPONSE, account.ticket.received_at)
    account.start(Metric.RESOLUTION, account.ticket.received_at)


def _replied(account: Account, event: TicketEvent) -> None:
    account.answer()
    if event.data["waiting"]:
        account.stands("customer", event.at)
    else:
        account.goes_on("customer", event.at)
    if not event.data["waiting"] or account.state in WITH_A_TEAM_STATES:
        account.start(Metric.NEXT_UPDATE, event.at)


def _asked(account: Account, event: TicketEvent) -> None:
    account.answer()
    account.stands("customer", event.at)


def _no_reply_needed(account: Account, event: TicketEvent) -> None:
    account.stands("customer", event.at)
    if account.state not in WITH_A_TEAM_STATES:
        account.end(Metric.NEXT_UPDATE)


def _customer_wrote(account: Account, event: TicketEvent) -> None:
    if not event.data.get("thanks"):
        account.take_ball(event.at)


def _ball_is_ours(account: Account, event: TicketEvent) -> None:
    account.take_ball(event.at)


def _held(account: Account, event: TicketEvent) -> None:
    account.stands("hold", event.at)


def _released(account: Account, event: TicketEvent) -> None:
    account.goes_on("hold", event.at)


def _requested(account: Account, event: TicketEvent) -> None:
    if event.data.get("waits"):
        account.start(Metric.VERIFICATION, event.at)


def _declined(account: Account, event: TicketEvent) -> None:
    account.end(Metric.VERIFICATION)


def _escalated(account: Account, event: TicketEvent) -> None:
    account.end(*WITH_THE_TEAM)
    if event.data.get("settles_request"):
        account.end(Metric.VERIFICATION)
    account.holder = event.data["to_team"]
    account.start(account.rules_at(event).receiving_metric(account.holder), event.at)
    if account.waiting:
        account.take_ball(event.at)


def _accepted(account: Account, event: TicketEvent) -> None:
    account.end(*RECEIVING)
    if metric := account.rules_at(event).after_acceptance.get(account.holder):
        account.start(metric, event.at)
    if account.waiting:
        account.take_ball(event.at)


def _decided(account: Account, event: TicketEvent) -> None:
    account.end(Metric.MEDIATION_DECISION)


def _returned(account: Account, event: TicketEvent) -> None:
    account.end(*WITH_THE_TEAM)


def _breached(account: Account, event: TicketEvent) -> None:
    metric = event.data["metric"]
    if metric == Metric.RESOLUTION and account.settled:
        account.settled.missed = True  # found missed by the very closing
    promise = account.promises.get(metric)
    if aside := account.set_aside.get(metric):
        aside.missed = True  # found missed by the very merge
    # A verb that finds the old promise missed may have begun the next one at the same instant.
    if promise and promise.started_at < event.at:
        promise.missed = True
        if metric in OWED_TO_CUSTOMER:
            account.start(Metric.NEXT_UPDATE, event.at)


def _closed(account: Account, event: TicketEvent) -> None:
    account.answered = True
    account.goes_on("customer", event.at)
    account.goes_on("hold", event.at)
    account.settled = account.promises.get(Metric.RESOLUTION)
    if account.settled:
        account.settled.closed.append((event.at, None))
    account.promises.clear()


def _reopened(account: Account, event: TicketEvent) -> None:
    account.start(Metric.NEXT_UPDATE, event.at)
    settled = account.settled
    if settled is None or settled.missed:
        account.start(Metric.RESOLUTION, event.at)
    else:
        settled.closed[-1] = (settled.closed[-1][0], event.at)
        account.promises[Metric.RESOLUTION] = settled
    account.settled = None


def _merged(account: Account, event: TicketEvent) -> None:
    account.set_aside, account.promises = account.promises, {}


def _merge_undone(account: Account, event: TicketEvent) -> None:
    account.promises, account.set_aside = account.set_aside, {}
    held = account.promises
    missed = any(metric in held and held[metric].missed for metric in OWED_TO_CUSTOMER)
    news = held.get(Metric.NEXT_UPDATE)
    if missed and (news is None or news.missed):
        account.start(Metric.NEXT_UPDATE, event.at)


_READERS: dict[str, Callable[[Account, TicketEvent], None]] = {
    EventKind.CLASSIFIED: _classified,
    EventKind.REPLIED: _replied,
    EventKind.CONFIRMATION_ASKED: _asked,
    EventKind.REPLY_NOT_NEEDED: _no_reply_needed,
    EventKind.REPLY_NEEDED: _ball_is_ours,
    EventKind.CUSTOMER_WROTE: _customer_wrote,
    EventKind.CUSTOMER_SILENT: _ball_is_ours,
    EventKind.CONFIRMED: _ball_is_ours,
    EventKind.DISPUTED: _ball_is_ours,
    EventKind.HELD: _held,
    EventKind.RELEASED: _released,
    EventKind.ESCALATION_REQUESTED: _requested,
    EventKind.ESCALATION_DECLINED: _declined,
    EventKind.ESCALATED: _escalated,
    EventKind.REDIRECTED: _escalated,
    EventKind.ACCEPTED: _accepted,
    EventKind.DECIDED: _decided,
    EventKind.RETURNED: _returned,
    EventKind.BREACHED: _breached,
    EventKind.MERGED: _merged,
    EventKind.UNMERGED: _merge_undone,
    EventKind.CLOSED: _closed,
    EventKind.REOPENED: _reopened,
}
