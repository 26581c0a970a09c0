"""One verb on many tickets: each in its own transaction, each refusal told by its ticket's number."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import OperationalError

from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput, Refusal
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import User
from tickets.models import Ticket
from tickets.numbers import read_number
from tickets.selectors import visible_tickets
from tickets.services.expediting import pull_forward, put_back
from tickets.services.handling import assign_ticket
from tickets.services.holding import check_hold, hold_ticket, release_ticket
from tickets.services.words import needed_words

MOST = 200
# A few locked tickets, each waited for, must not keep a web process from everybody else.
WITHIN_SECONDS = 15.0


@dataclass(frozen=True)
class Order:
    """What to do with each ticket. `verb` is one of BULK_VERBS; the rest is what it needs."""

    verb: str
    assignee: User | None = None
    reason: str = ""
    until: datetime | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of one ticket: done, or why not."""

    number: str
    refusal: Refusal | None = None

    @property
    def done(self) -> bool:
        return self.refusal is None

    @property
    def reached(self) -> bool:
        return not isinstance(self.refusal, NotReached)


class NothingThere(Refusal):
    """For the actor there is no such ticket."""

    status = 404
    code = "not_found"


class Busy(Refusal):
    """The database gave up waiting for a lock."""

    status = 503
    code = "busy"


class NotReached(Refusal):
    """The time was up before this ticket's turn."""

    status = 503
    code = "not_reached"


_DO: dict[str, Callable[[Actor, int, Order], Any]] = {
    "assign": lambda a, pk, o: assign_ticket(actor=a, ticket_id=pk, assignee=_person(o)),
    "pull_forward": lambda a, pk, o: pull_forward(actor=a, ticket_id=pk, reason=o.reason),
    "put_back": lambda a, pk, o: put_back(actor=a, ticket_id=pk, reason=o.reason),
    "hold": lambda a, pk, o: hold_ticket(actor=a, ticket_id=pk, reason=o.reason, until=o.until),
    "release": lambda a, pk, o: release_ticket(actor=a, ticket_id=pk),
}
BULK_VERBS = tuple(_DO)


def act_on_many(
    *, actor: Actor, numbers: Iterable[str], order: Order, within: float = WITHIN_SECONDS
) -> list[Outcome]:
    """Do the order on each ticket, in the order given; at most MOST, each once.

    No ticket after the first is begun later than `within` seconds: it is NotReached, and the same
    order for those alone goes on. Raises NotAllowed and InvalidInput for what concerns all of them;
    nothing is done then.
    """
    actor.require("direct_work")
    wanted = _wanted(numbers)
    _check(order)
    known = dict(
        visible_tickets(actor).filter(number__in=wanted.values()).values_list("number", "pk")
    )
    outcomes: list[Outcome] = []
    stop_at = time.monotonic() + within
    for typed, number in wanted.items():
        if outcomes and time.monotonic() >= stop_at:
            outcomes.append(Outcome(typed, NotReached(_("The time was up before its turn."))))
        else:
            outcomes.append(_one(actor, typed, known.get(number), order))
    return outcomes


def _one(actor: Actor, number: str, pk: int | None, order: Order) -> Outcome:
    if pk is None:
        return Outcome(number, NothingThere(_("There is nothing here that you may see.")))
    try:
        _DO[order.verb](actor, pk, order)
    except Refusal as refusal:
        return Outcome(number, refusal)
    except Ticket.DoesNotExist:
        return Outcome(number, NothingThere(_("There is nothing here that you may see.")))
    except OperationalError:
        return Outcome(number, Busy(_("Too much at once. Please try again.")))
    return Outcome(number)


def _wanted(numbers: Iterable[str]) -> dict[str, str]:
    """Number as shown -> canonical number (or what was typed, which finds nothing)."""
    wanted: dict[str, str] = {}
    for typed in numbers:
        number = read_number(typed)
        wanted.setdefault(number or typed, number or "")
    if not wanted:
        message = _("Choose at least one ticket.")
        raise InvalidInput(message, code="none_chosen", fields={"numbers": message})
    if len(wanted) > MOST:
        message = _("At most %(number)s tickets are possible at once.") % {"number": MOST}
        raise InvalidInput(message, code="too_many_chosen", fields={"numbers": message})
    return wanted


def _check(order: Order) -> None:
    """What would be refused for every ticket is refused once."""
    if order.verb not in _DO:
        message = _("This value is not known.")
        raise InvalidInput(message, fields={"verb": message})
    if order.verb == "hold":
        check_hold(order.reason, order.until, clock.now())
    elif order.verb == "pull_forward":
        needed_words(order.reason, field="reason")
    elif order.verb == "assign":
        _person(order)


def _person(order: Order) -> User:
    if order.assignee is None:
        message = _("There is no such person at the desk.")
        raise InvalidInput(message, code="unknown_person", fields={"assignee": message})
    return order.assignee
