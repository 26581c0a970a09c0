"""The rows of the matrix of access about reseller agents: verification, approvals."""

from __future__ import annotations

from typing import Any

from tests.api.access_roles import everybody, row

# Ratna is no reseller agent.
AGENTS: dict[tuple[str, str], tuple[dict[str, Any] | None, dict[str, int]]] = {
    ("GET", "approvals"): (None, everybody(owner=403, seller=403, integrator=403, admin=403)),
    ("GET", "approvals/{pk}"): (None, everybody(rest=404)),
    ("POST", "approvals/{pk}/decision"): ({"approved": True}, everybody(rest=404)),
    ("POST", "approvals/{pk}/withdrawal"): ({}, everybody(rest=404)),
    ("GET", "tickets/{number}/approvals"): (None, row(owner=403, admin=403)),
    ("POST", "tickets/{number}/approvals"): (
        {"reason": "r"},
        row(rest=403, officer=409, supervisor=409),
    ),
    ("GET", "tickets/{number}/verifications"): (None, row(owner=403, admin=403)),
    ("POST", "tickets/{number}/verifications"): (
        {"answers": {"name": "n"}},
        row(rest=403, officer=409, supervisor=409),
    ),
    ("POST", "tickets/{number}/verifications/failure"): (
        {"reason": "r"},
        row(rest=403, officer=409, supervisor=409),
    ),
    # No agent of this ticket is locked.
    ("POST", "tickets/{number}/verifications/unlock"): (
        {"reason": "r"},
        row(rest=403, supervisor=409, operations=409, fraud=409),
    ),
}
