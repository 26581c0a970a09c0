"""What may be done to many tickets: each verb with its check and the single-ticket service it calls.

There is no second truth here: who may what on which ticket is the service's own judgement. Apps
above this one add their verbs with `bulk_verb`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import User
from tickets.services.expediting import pull_forward, put_back
from tickets.services.handling import assign_ticket
from tickets.services.holding import check_hold, hold_ticket, release_ticket
from tickets.services.words import needed_words


@dataclass(frozen=True)
class Order:
    """What to do with each ticket. `verb` is one of `bulk_verbs()`; the rest is what it needs.

    `parts` is what the verb's form asks beside, JSON throughout. `seen` is the id of the newest
    message that there was when the tickets were chosen; None: nobody asks.
    """

    verb: str
    assignee: User | None = None
    reason: str = ""
    until: datetime | None = None
    parts: Mapping[str, Any] = field(default_factory=dict)
    seen: int | None = None

    def text(self, name: str) -> str:
        return str(self.parts.get(name) or "")


Check = Callable[[Actor, Order], object]
Run = Callable[[Actor, int, Order], object]


@dataclass(frozen=True)
class BulkVerb:
    """`permission` is the one without which its service would refuse every ticket. `check` raises
    InvalidInput or NotAllowed for what would be refused on all of them."""

    permission: str
    run: Run
    check: Check = lambda _actor, _order: None


_VERBS: dict[str, BulkVerb] = {}


def bulk_verb(name: str, verb: BulkVerb) -> None:
    _VERBS[name] = verb


def bulk_verbs() -> tuple[str, ...]:
    return tuple(_VERBS)


def bulk_permission(name: str) -> str:
    return _VERBS[name].permission


def run_order(actor: Actor, ticket_id: int, order: Order) -> None:
    """Do it to one ticket. Raises what the single-ticket service raises."""
    _VERBS[order.verb].run(actor, ticket_id, order)


def check_order(actor: Actor, order: Order) -> None:
    """What would be refused for every ticket is refused once: InvalidInput, NotAllowed."""
    if order.verb not in _VERBS:
        message = _("This value is not known.")
        raise InvalidInput(message, fields={"verb": message})
    actor.require(_VERBS[order.verb].permission)
    _VERBS[order.verb].check(actor, order)


def order_as_json(order: Order) -> dict[str, Any]:
    return {
        "assignee": order.assignee.pk if order.assignee else None,
        "reason": order.reason,
        "until": order.until.isoformat() if order.until else None,
        "parts": dict(order.parts),
    }


def order_of_json(verb: str, data: Mapping[str, Any], *, seen: int | None) -> Order:
    """Raises InvalidInput when the person to be assigned is there no more."""
    order = Order(verb, reason=data.get("reason", ""), parts=data.get("parts") or {}, seen=seen)
    if data.get("until"):
        order = replace(order, until=datetime.fromisoformat(data["until"]))
    if data.get("assignee"):
        order = replace(order, assignee=User.objects.filter(pk=data["assignee"]).first())
        _person(order)
    return order


def _person(order: Order) -> User:
    if order.assignee is None:
        message = _("There is no such person at the desk.")
        raise InvalidInput(message, code="unknown_person", fields={"assignee": message})
    return order.assignee


def _may_be_given(actor: Actor, order: Order) -> None:
    if _person(order) != actor.user:
        actor.require("assign_others")


bulk_verb(
    "assign",
    BulkVerb(
        "work_ticket",
        lambda a, pk, o: assign_ticket(actor=a, ticket_id=pk, assignee=_person(o)),
        _may_be_given,
    ),
)
bulk_verb(
    "pull_forward",
    BulkVerb(
        "direct_work",
        lambda a, pk, o: pull_forward(actor=a, ticket_id=pk, reason=o.reason),
        lambda _a, o: needed_words(o.reason, field="reason"),
    ),
)
bulk_verb(
    "put_back",
    BulkVerb("direct_work", lambda a, pk, o: put_back(actor=a, ticket_id=pk, reason=o.reason)),
)
bulk_verb(
    "hold",
    BulkVerb(
        "direct_work",
        lambda a, pk, o: hold_ticket(actor=a, ticket_id=pk, reason=o.reason, until=o.until),
        lambda _a, o: check_hold(o.reason, o.until, clock.now()),
    ),
)
bulk_verb(
    "release",
    BulkVerb("direct_work", lambda a, pk, o: release_ticket(actor=a, ticket_id=pk)),
)
