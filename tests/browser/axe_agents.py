"""Pages about reseller agents for axe: who looks, and what the address needs of the two agents' tickets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import reverse

from agents_ops.models import ApprovalRequest
from agents_ops.services import ask_approval, skip_step, start_playbook
from people.actors import of_user
from people.models import User
from tickets.models import Ticket


def _asked_on(number: str) -> int:
    return ApprovalRequest.objects.get(ticket__number=number).pk


def ask_for_credit(people: dict[str, User], number: str) -> None:
    """A playbook up to the step that a second person opens, which a request waits for."""
    rizal = of_user(people["rizal"])
    call: dict[str, Any] = {"actor": rizal, "ticket_id": Ticket.objects.get(number=number).pk}
    start_playbook(**call, playbook="deposit_no_ticket")
    skip_step(**call, step="educate", to="data", reason="Sudah tahu")
    skip_step(**call, step="data", to="approval", reason="Lewat telepon")
    ask_approval(**call, reason="Transfer sudah terlihat", amount_idr=500_000)


# By name: the person, and the address from the numbers of `agent_tickets`.
AGENT_PAGES: dict[str, tuple[str, Callable[[list[str]], str]]] = {
    "desk:verify_agent": ("rizal", lambda numbers: reverse("desk:verify_agent", args=numbers[:1])),
    "desk:ask_approval": ("rizal", lambda numbers: reverse("desk:ask_approval", args=numbers[3:4])),
    "desk:approvals": ("teguh", lambda numbers: reverse("desk:approvals")),
    "desk:approval": (
        "teguh",
        lambda numbers: reverse("desk:approval", args=[_asked_on(numbers[3])]),
    ),
}
