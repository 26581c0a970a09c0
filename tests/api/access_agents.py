"""The rows of the matrix of access about reseller agents: verification."""

from __future__ import annotations

from typing import Any

from tests.api.access_roles import row

# Ratna is no reseller agent.
AGENTS: dict[tuple[str, str], tuple[dict[str, Any] | None, dict[str, int]]] = {
    ("GET", "tickets/{number}/verifications"): (None, row(owner=403, admin=403)),
    ("POST", "tickets/{number}/verifications"): (
        {"answers": {"name": "n"}},
        row(rest=403, officer=409, supervisor=409),
    ),
    ("POST", "tickets/{number}/verifications/failure"): (
        {"reason": "r"},
        row(rest=403, officer=409, supervisor=409),
    ),
}
