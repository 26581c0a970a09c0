"""What each promise is called: one name for the policy, the tickets, the dashboard, ledger and mails."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

PROMISES: dict[str, Any] = {
    "first_response": _("first response"),
    "next_update": _("next update"),
    "resolution": _("resolution"),
    "verification": _("verification by a supervisor"),
    "acceptance": _("acceptance by the team"),
    "fraud_response": _("response of the fraud team"),
    "mediator_assigned": _("mediator assigned"),
    "mediation_decision": _("decision of the mediators"),
}


def promise_name(kind: str) -> str:
    """As it stands alone, with a capital; what is no promise of the policy stays as it is said."""
    return _name_in(get_language(), kind) if kind in PROMISES else kind


@lru_cache(maxsize=64)
def _name_in(_language: str | None, kind: str) -> str:
    name = str(PROMISES[kind])
    return name[:1].upper() + name[1:]
