"""Contact data and an agent's identity as a reader of the desk may see them."""

from __future__ import annotations

from dataclasses import dataclass

from helpdesk.common.masking import masked_email, masked_name, masked_phone
from people.actors import Actor
from tickets.models import DataLook, Ticket

Field = DataLook.Field
_OPEN = "see_contacts"
# What a look at a ticket may show; a login log has a place of its own.
CONTACTS = (Field.EMAIL, Field.PHONE, Field.AGENT)


@dataclass(frozen=True)
class Shown:
    """One field; `masked` where a look would show more."""

    field: str
    text: str
    masked: bool


def sees_openly(actor: Actor) -> bool:
    return actor.may(_OPEN)


def value_of(ticket: Ticket, field: str) -> str:
    """The field itself; empty where nothing is on record."""
    if field == Field.EMAIL:
        return ticket.customer.email or ""
    if field == Field.PHONE:
        return ticket.customer.phone or ""
    agent = ticket.agent
    return f"{agent.name}, {agent.phone}" if agent else ""


def masked_value(ticket: Ticket, field: str) -> str:
    """The field as everybody at the desk sees it."""
    if field == Field.AGENT:
        agent = ticket.agent
        return f"{masked_name(agent.name)}, {masked_phone(agent.phone)}" if agent else ""
    value = value_of(ticket, field)
    if not value:
        return ""
    return masked_email(value) if field == Field.EMAIL else masked_phone(value)


def shown_to(actor: Actor, ticket: Ticket) -> list[Shown]:
    """The fields that are on record, each openly or masked."""
    openly = sees_openly(actor)
    fields = [field for field in CONTACTS if value_of(ticket, field)]
    show = value_of if openly else masked_value
    return [Shown(field, show(ticket, field), masked=not openly) for field in fields]
