"""What a verb of the desk is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from desk.forms import TicketForm
from people.actors import Actor
from tickets.models import Ticket

Data = dict[str, Any]


@dataclass(frozen=True)
class Verb:
    """`icon`, `label` and `key` are what its button shows; `done` is said afterwards."""

    name: str
    form: type[TicketForm]
    run: Callable[[Actor, Ticket, Data], Any]
    label: Any
    done: Any
    icon: str = "edit"
    key: str = ""
    asks: bool = True  # opens a dialog; else one press does it

    def make_form(self, ticket: Ticket, actor: Actor, *data: Any, **options: Any) -> TicketForm:
        return self.form(*data, ticket=ticket, actor=actor, prefix_id=self.name, **options)


def on(actor: Actor, ticket: Ticket, data: Data) -> Data:
    """The keywords that every service takes."""
    return {"actor": actor, "ticket_id": ticket.pk, "expected_version": data.get("version")}
