"""One verb on many tickets: each in its own transaction, each refusal told by its ticket's number."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import OperationalError
from django.http import Http404

from helpdesk.common.errors import InvalidInput, Refusal
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from tickets.models import Ticket
from tickets.numbers import read_number
from tickets.selectors import visible_tickets
from tickets.services.bulk_orders import Order, check_order, run_order

MOST = 200
# A few locked tickets, each waited for, must not keep a web process from everybody else.
WITHIN_SECONDS = 15.0


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


def act_on_many(
    *, actor: Actor, numbers: Iterable[str], order: Order, within: float = WITHIN_SECONDS
) -> list[Outcome]:
    """Do the order on each ticket, in the order given; at most MOST, each once.

    No ticket after the first is begun later than `within` seconds: it is NotReached, and the same
    order for those alone goes on. Raises NotAllowed and InvalidInput for what concerns all of them;
    nothing is done then. Longer ones are jobs: `start_bulk_job`.
    """
    check_order(actor, order)
    wanted = wanted_numbers(numbers, most=MOST)
    known = dict(
        visible_tickets(actor).filter(number__in=wanted.values()).values_list("number", "pk")
    )
    outcomes: list[Outcome] = []
    stop_at = time.monotonic() + within
    for typed, number in wanted.items():
        if outcomes and time.monotonic() >= stop_at:
            outcomes.append(Outcome(typed, NotReached(_("The time was up before its turn."))))
        else:
            outcomes.append(Outcome(typed, refusal_of(actor, known.get(number), order)))
    return outcomes


def refusal_of(actor: Actor, pk: int | None, order: Order) -> Refusal | None:
    """Do it to one ticket; None when it was done, else why not."""
    if pk is None:
        return nothing_there()
    try:
        run_order(actor, pk, order)
    except Refusal as refusal:
        return refusal
    except (Ticket.DoesNotExist, Http404):
        return nothing_there()
    except OperationalError:
        return Busy(_("Too much at once. Please try again."))
    return None


def nothing_there() -> NothingThere:
    return NothingThere(_("There is nothing here that you may see."))


def wanted_numbers(numbers: Iterable[str], *, most: int) -> dict[str, str]:
    """Number as shown -> canonical number (or what was typed, which finds nothing).

    Raises InvalidInput: none_chosen, too_many_chosen.
    """
    wanted: dict[str, str] = {}
    for typed in numbers:
        number = read_number(typed)
        wanted.setdefault(number or typed, number or "")
    if not wanted:
        message = _("Choose at least one ticket.")
        raise InvalidInput(message, code="none_chosen", fields={"numbers": message})
    if len(wanted) > most:
        raise too_many(most)
    return wanted


def too_many(most: int) -> InvalidInput:
    message = _("At most %(number)s tickets are possible at once.") % {"number": most}
    return InvalidInput(message, code="too_many_chosen", fields={"numbers": message})
