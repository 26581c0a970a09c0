"""Policies to try things on: the one that is delivered, with changes."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from people.services.reference import read_fixture
from sla.policy_check import Known

KNOWN = Known(
    metrics=frozenset(
        {
            "first_response",
            "next_update",
            "resolution",
            "verification",
            "acceptance",
            "fraud_response",
            "mediator_assigned",
            "mediation_decision",
        }
    ),
    categories=frozenset(
        {
            "account_hacked",
            "refund",
            "account_takeover",
            "fraud_in_progress",
            "data_leak",
            "safety_threat",
            "agent_scam",
            "seller_fraud",
            "suspicious_transaction",
        }
    ),
    priorities=("URGENT", "HIGH", "MEDIUM", "LOW"),
    tiers=frozenset({"regular", "silver", "gold", "platinum", "diamond"}),
    channels=frozenset({"web", "email", "social", "live_chat"}),
    reporters=frozenset({"buyer", "seller", "agent"}),
    teams=frozenset({"fraud", "mediation", "operations", "cs_account"}),
)


def delivered() -> dict[str, Any]:
    body: dict[str, Any] = deepcopy(read_fixture("sla_policy.json"))
    return body


def with_target(body: dict[str, Any], code: str, /, **changes: Any) -> dict[str, Any]:
    """The same policy with one promise changed."""
    body = deepcopy(body)
    row = next(row for row in body["targets"] if row["code"] == code)
    row.update(changes)
    return body
