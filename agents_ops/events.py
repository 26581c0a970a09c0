"""News of agent operations, published inside the transaction of the change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from agents_ops.models import Lookup, PlaybookRun
from tickets.models import Ticket


@dataclass(frozen=True)
class StepOpened:
    """The run stands at `run.open_step` now; the ticket is locked."""

    run: PlaybookRun
    ticket: Ticket
    at: datetime


@dataclass(frozen=True)
class RunEnded:
    """It finished, or was left."""

    run: PlaybookRun
    ticket: Ticket


@dataclass(frozen=True)
class LookedUp:
    """A result is on record, told by the system or found by hand."""

    lookup: Lookup
    run: PlaybookRun
    ticket: Ticket
