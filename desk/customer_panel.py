"""What the ticket page says about the customer: contacts as the reader may see them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from people.actors import Actor
from tickets.models import DataLook, Ticket
from tickets.personal_data import Shown, shown_to
from tickets.services import look_reasons, needs_reason


@dataclass(frozen=True)
class Detail:
    """One field of personal data on the page; `seen` after a look of this very page view."""

    shown: Shown
    label: str
    icon: str
    has_key: bool = False
    seen: bool = False
    problem: str = ""

    @property
    def field(self) -> str:
        return self.shown.field

    @property
    def place(self) -> str:
        """The id of its place on the page."""
        return f"data-{self.shown.field}"


ICONS = {
    DataLook.Field.EMAIL: "mail",
    DataLook.Field.PHONE: "phone",
    DataLook.Field.AGENT: "user",
}


def details(actor: Actor, ticket: Ticket) -> list[Detail]:
    """The fields on record; the first masked one carries the key."""
    rows = shown_to(actor, ticket)
    first = next((row for row in rows if row.masked), None)
    return [_detail(row, has_key=row is first) for row in rows]


def seen_detail(field: str, value: str) -> Detail:
    """A field as its look shows it."""
    return _detail(Shown(field, value, masked=False), seen=True)


def refused_detail(actor: Actor, ticket: Ticket, field: str, problem: str) -> Detail | None:
    """The masked field with what is wrong; None where the ticket has no such field."""
    rows = details(actor, ticket)
    found = next((row for row in rows if row.field == field), None)
    return replace(found, problem=problem) if found else None


def look_context(actor: Actor, ticket: Ticket) -> dict[str, Any]:
    """What the buttons beside masked fields need."""
    may_look = actor.may("reveal_contact")
    asks = may_look and needs_reason(actor)
    return {"may_look": may_look, "look_reasons": look_reasons() if asks else []}


def _detail(shown: Shown, *, has_key: bool = False, seen: bool = False) -> Detail:
    field = DataLook.Field(shown.field)
    return Detail(shown, str(field.label), ICONS[field], has_key=has_key, seen=seen)
