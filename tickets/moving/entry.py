"""What is brought in from elsewhere, checked and in our words; and what is wrong with a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tickets.states import Channel, Reporter, WantedSolution

Shape = Mapping[str, Any]
ERROR, WARNING = "error", "warning"


@dataclass(frozen=True)
class Person:
    name: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Said:
    """One message after the complaint itself. `kind` as in `Message.Kind`."""

    kind: str
    body: str
    at: datetime
    author: Person = Person()
    masked: tuple[str, ...] = ()


@dataclass(frozen=True)
class Closing:
    at: datetime
    root_cause: str
    solution: str
    confirmation: str


@dataclass(frozen=True)
class Entry:
    """One ticket of another system. Instants are aware; empty words mean: triage decides.

    `state` is 'classified', 'handled' or 'closed'; `closing` is there for closed ones. `assignee` is an
    address or a name.
    """

    row: int
    external_id: str
    state: str
    customer: Person
    subject: str
    description: str
    received_at: datetime
    waiting: bool = False
    masked: tuple[str, ...] = ()
    number: str = ""
    priority: str = ""
    category: str = ""
    queue: str = ""
    assignee: str = ""
    channel: str = Channel.API
    language: str = "id"
    reporter: str = Reporter.BUYER
    tier: str = ""
    order_number: str = ""
    wanted_solution: str = WantedSolution.OTHER
    amount_idr: int | None = None
    first_response_at: datetime | None = None
    closing: Closing | None = None
    tags: tuple[str, ...] = ()
    said: tuple[Said, ...] = ()


@dataclass(frozen=True)
class Trouble:
    """One thing that is wrong with a row. An error leaves the row out, a warning does not."""

    row: int
    external_id: str
    field: str
    code: str
    message: Any
    severity: str = ERROR


@dataclass
class Troubles:
    """Gathers what is wrong with one row."""

    row: int
    external_id: str = ""
    found: list[Trouble] = field(default_factory=list)

    def error(self, name: str, code: str, message: Any) -> None:
        self._add(name, code, message, ERROR)

    def warn(self, name: str, code: str, message: Any) -> None:
        self._add(name, code, message, WARNING)

    def fatal(self) -> bool:
        """Whether the row is left out."""
        return any(trouble.severity == ERROR for trouble in self.found)

    def _add(self, name: str, code: str, message: Any, severity: str) -> None:
        self.found.append(Trouble(self.row, self.external_id, name, code, message, severity))
