"""What the marketplace's systems know of a ticket's customer, for those who work on the ticket."""

from __future__ import annotations

from dataclasses import dataclass

from people.actors import Actor
from people.commerce import CommerceUnavailable, Order, Records, Trouble, Who, look_up
from tickets.models import Ticket


@dataclass(frozen=True)
class Told:
    """`records`, or why there are none (`trouble`)."""

    records: Records
    own_number: str
    trouble: Trouble | None = None

    @property
    def own(self) -> Order | None:
        """The order that the ticket is about, where it is this customer's."""
        mine = self.own_number.casefold()
        found = (each for each in self.records.orders if each.number.casefold() == mine)
        return next(found, None) if mine else None

    @property
    def others(self) -> list[Order]:
        return [each for each in self.records.orders if each is not self.own]


def records_for(*, actor: Actor, ticket: Ticket) -> Told:
    """Asks the connector; never raises for a system that is away. Raises NotAllowed.

    `ticket` comes from the funnel. Takes as long as the connector may: nothing that somebody waits
    for may wait for it.
    """
    actor.require("work_ticket")
    try:
        return Told(look_up(who_of(ticket)), ticket.order_number)
    except CommerceUnavailable as error:
        return Told(Records(), ticket.order_number, error.trouble)


def who_of(ticket: Ticket) -> Who:
    """The least that finds the customer there: no name, no words of the complaint."""
    customer, agent = ticket.customer, ticket.agent
    return Who(
        email=customer.email or "",
        phone=customer.phone or "",
        order_number=ticket.order_number,
        agent_code=agent.code if agent else "",
    )
