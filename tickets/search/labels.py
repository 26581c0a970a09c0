"""Words of an entry that no text holds: who may see the ticket, what filters ask for, how old it is.

They carry a colon, which no word of a text does. Kept in the index itself, they let it answer for an
officer of a small team, or for the newest tickets alone, without a look at the others.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from people.actors import Actor
from people.models import Customer
from tickets.search.tsquery import any_of, lexeme

BLOCK_BITS = 8  # some 250 tickets, received one after the other
SECTION_BITS = 15


def labels_of(ticket: Any, involved_team_ids: Iterable[int]) -> list[str]:
    seen_by = {
        "team": ticket.team_id,
        "home": ticket.home_team_id,
        "person": ticket.assignee_id,
        "by": ticket.created_by_id,
        "customer": ticket.customer_id,
    }
    facts = {
        "state": ticket.state,
        "priority": ticket.priority,
        "channel": ticket.channel,
        "order": ticket.order_number and order_key(ticket.order_number),
    }
    return [
        *(f"{name}:{value}" for name, value in {**seen_by, **facts}.items() if value),
        *(f"involved:{pk}" for pk in involved_team_ids),
        *(f"tag:{pk}" for pk in ticket.tags),
        f"block:{ticket.pk >> BLOCK_BITS}",
        f"section:{ticket.pk >> SECTION_BITS}",
    ]


def order_key(number: str) -> str:
    """An order number as it is compared: its letters and digits alone."""
    return "".join(char for char in number.lower() if char.isalnum())[:40]


def label(name: str, value: object) -> str:
    return lexeme(f"{name}:{value}")


def sight_of(actor: Actor) -> str | None:
    """The labels of what the actor may see: the same as `visible_tickets`, by which the tickets are
    fetched in the end. '' for everything, None for nothing."""
    if actor.is_system:
        return ""
    if actor.customer is not None:
        return label("customer", actor.customer.pk)
    user = actor.user
    if user is None or not user.is_active:
        return None
    if user.may("see_all_tickets"):
        return ""
    own = [label("by", user.pk)]
    own += [
        label("customer", pk)
        for pk in Customer.objects.filter(user=user).values_list("pk", flat=True)
    ]
    if user.may("work_ticket"):
        own.append(label("person", user.pk))
        for team in sorted(user.team_ids):
            own += [label(name, team) for name in ("team", "home", "involved")]
    return any_of(own)
