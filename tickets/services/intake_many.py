"""Many complaints at once, each as if it had come alone: the same rows, in sets instead of one by one.

All of it is one transaction: when the process dies half way, nothing was received.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from helpdesk.common import clock, reads, writes
from helpdesk.common.errors import InvalidInput, Refusal
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import Customer, organisation
from people.services import NewCustomer, know_customers
from tickets.models import Ticket
from tickets.numbers import new_number
from tickets.selectors import numbers_in_use, with_people
from tickets.services.intake import Receipt, enter, new_ticket, number_taken, person_of
from tickets.services.reports import Report, as_complaint, cleaned
from tickets.states import OPEN_STATES
from tickets.triage import Decision
from tickets.triage_in_force import triage_in_force

MOST_AT_ONCE = 1_000


@dataclass(frozen=True)
class NotReceived:
    """This one was refused; the others are kept."""

    refusal: Refusal


@dataclass(frozen=True)
class _Case:
    """A report that can be received, and its place in the list."""

    place: int
    report: Report
    masked: tuple[str, ...]
    person: NewCustomer
    even_if_open: bool


@dataclass(frozen=True)
class _Open:
    """An open ticket of a customer: one on record, by its id, or one of this very list."""

    ticket: Ticket | int
    order_number: str
    category: str


def receive_tickets(
    *, actor: Actor, reports: Sequence[Report], even_if_open: Sequence[bool]
) -> list[Receipt | NotReceived]:
    """Receive up to MOST_AT_ONCE complaints; the answer to each at its place.

    For connected systems and the desk. A refused one takes nothing from the others. Raises
    NotAllowed, InvalidInput (`too_many`).
    """
    if not actor.at_desk:
        actor.require("receive_for_others")
    if len(reports) > MOST_AT_ONCE:
        message = _("At most %(number)s at once.") % {"number": MOST_AT_ONCE}
        raise InvalidInput(message, code="too_many", fields={"tickets": message})
    answers: dict[int, Receipt | NotReceived] = {}
    cases = []
    for place, (report, anyway) in enumerate(zip(reports, even_if_open, strict=True)):
        try:
            tidy, masked = cleaned(report)
            cases.append(_Case(place, tidy, masked, person_of(actor, tidy), anyway))
        except Refusal as refusal:
            answers[place] = NotReceived(refusal)
    while True:
        try:
            with transaction.atomic():
                answers |= _receive(actor, cases, clock.now())
        except IntegrityError as error:
            # A number that somebody else drew in this very moment.
            if not number_taken(error):
                raise
        else:
            return [answers[place] for place in range(len(reports))]


def _receive(actor: Actor, cases: Sequence[_Case], at: datetime) -> dict[int, Receipt]:
    customers = know_customers([case.person for case in cases])
    # Before anything is locked: it takes the longest.
    decisions = [
        triage_in_force(as_complaint(case.report, tier=customer.tier))
        for case, customer in zip(cases, customers, strict=True)
    ]
    asking = [c for c, case in zip(customers, cases, strict=True) if not case.even_if_open]
    known = _open_tickets(asking, at)
    new: list[tuple[Ticket, Decision, _Case]] = []
    same: dict[int, Ticket | int] = {}
    with reads.shared(()):
        for case, customer, decision in zip(cases, customers, decisions, strict=True):
            other = None if case.even_if_open else _same(known[customer.pk], case, decision)
            if other is not None:
                same[case.place] = other
                continue
            ticket = new_ticket(actor, case.report, customer, at=at)
            new.append((ticket, decision, case))
            known[customer.pk].insert(0, _Open(ticket, ticket.order_number, decision.category))
    _give_numbers([ticket for ticket, _decision, _case in new])
    _write(actor, new)
    receipts = {
        case.place: Receipt(ticket=ticket, created=True, masked=case.masked)
        for ticket, _decision, case in new
    }
    earlier = with_people(Ticket.objects.all()).in_bulk(
        [other for other in same.values() if isinstance(other, int)]
    )
    masked = {case.place: case.masked for case in cases}
    for place, other in same.items():
        ticket = earlier[other] if isinstance(other, int) else other
        receipts[place] = Receipt(ticket=ticket, created=False, masked=masked[place])
    return receipts


def _write(actor: Actor, new: Sequence[tuple[Ticket, Decision, _Case]]) -> None:
    with writes.gathered(rows=len(new)):
        for ticket, _decision, _case in new:
            writes.insert(ticket)
        with reads.shared([ticket for ticket, _decision, _case in new]):
            for ticket, decision, case in new:
                enter(ticket, decision, actor=actor, masked=case.masked)


def _open_tickets(customers: Iterable[Customer], at: datetime) -> dict[int, list[_Open]]:
    """What may be about the same problem, the latest first; its customers are locked, so that of two
    who report at once the second sees the first one's ticket."""
    ids = sorted({customer.pk for customer in customers})
    found: dict[int, list[_Open]] = defaultdict(list)
    list(Customer.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))
    since = at - timedelta(days=organisation()["duplicate_window_days"])
    rows = Ticket.objects.filter(customer__in=ids, state__in=OPEN_STATES, received_at__gt=since)
    for pk, owner, *about in rows.order_by("-received_at").values_list(
        "pk", "customer_id", "order_number", "category"
    ):
        found[owner].append(_Open(pk, *about))
    return found


def _same(known: Iterable[_Open], case: _Case, decision: Decision) -> Ticket | int | None:
    """As `open_ticket_about_same_problem` judges."""
    order = case.report.order_number.upper()
    for one in known:
        orders_differ = order and one.order_number and order != one.order_number.upper()
        same_order = order and order == one.order_number.upper()
        if same_order or (one.category == decision.category and not orders_differ):
            return one.ticket
    return None


def _give_numbers(tickets: Sequence[Ticket]) -> None:
    """Numbers that are free: of a thousand draws one may well be taken."""
    taken: set[str] = set()
    doubtful = list(tickets)
    while doubtful:
        in_use = numbers_in_use([ticket.number for ticket in doubtful])
        again = []
        for ticket in doubtful:
            if ticket.number in in_use or ticket.number in taken:
                ticket.number = new_number()
                again.append(ticket)
            else:
                taken.add(ticket.number)
        doubtful = again
