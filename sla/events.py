from __future__ import annotations

from dataclasses import dataclass

from sla.models import Clock, SweepRun
from tickets.models import Ticket, TicketEvent


@dataclass(frozen=True)
class ClockBreached:
    """A promise was missed; published once, under the ticket's lock, with its event row.

    `escalates` is False when the ticket has just moved, and missing the promise moves it no further.
    `sweep` is the run that found it; None where a verb did.
    """

    ticket: Ticket
    clock: Clock
    event: TicketEvent
    escalates: bool = True
    sweep: SweepRun | None = None
