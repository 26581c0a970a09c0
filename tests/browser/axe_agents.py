"""Pages about reseller agents for axe: who looks, and what the address needs of the two agents' tickets."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse

# By name: the person, and the address from the numbers of `agent_tickets`.
AGENT_PAGES: dict[str, tuple[str, Callable[[list[str]], str]]] = {
    "desk:verify_agent": ("rizal", lambda numbers: reverse("desk:verify_agent", args=numbers[:1])),
}
