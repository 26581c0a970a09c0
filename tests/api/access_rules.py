"""The rows of the matrix of access about rules: the escalation matrix, the SLA policy, why a deadline."""

from __future__ import annotations

from typing import Any

from tests.api.access_roles import everybody, row

_READERS = everybody(owner=403, seller=403)

RULES: dict[tuple[str, str], tuple[dict[str, Any] | None, dict[str, int]]] = {
    ("GET", "escalation/matrix"): (None, _READERS),
    ("POST", "escalation/matrix/preview"): (
        {"remove_trigger": "dispute_age"},
        everybody(rest=403, supervisor=200, admin=200),
    ),
    ("POST", "escalation/matrix/versions"): (
        {"remove_trigger": "dispute_age", "note": "n", "base_version": 1, "seen": "x"},
        everybody(rest=403, supervisor=400, admin=400),
    ),
    ("GET", "tickets/{number}/clocks/explanation"): (None, row(owner=403, admin=403)),
    ("GET", "sla/policy"): (None, _READERS),
    ("GET", "sla/policies"): (None, _READERS),
    ("GET", "playbooks"): (None, everybody(owner=403, seller=403, integrator=403)),
    ("GET", "playbooks/{slug}"): (
        None,
        everybody(rest=404, owner=403, seller=403, integrator=403),
    ),
    ("GET", "tickets/{number}/playbook"): (None, row(owner=403, admin=403)),
    # Ratna is no reseller agent.
    ("POST", "tickets/{number}/playbook"): (
        {"playbook": "deposit_bank"},
        row(rest=403, officer=409, supervisor=409),
    ),
    ("POST", "tickets/{number}/playbook/step"): (
        {"step": "proof"},
        row(rest=403, officer=409, supervisor=409),
    ),
    ("POST", "tickets/{number}/playbook/skip"): (
        {"step": "proof", "to": "match", "reason": "r"},
        row(rest=403, officer=409, supervisor=409),
    ),
    ("POST", "tickets/{number}/playbook/leave"): (
        {"reason": "r"},
        row(rest=403, officer=409, supervisor=409),
    ),
    ("POST", "tickets/{number}/playbook/lookup"): (
        {},
        row(rest=403, officer=409, supervisor=409),
    ),
    ("POST", "tickets/{number}/playbook/lookup/by-hand"): (
        {"result": "pending", "words": "w"},
        row(rest=403, officer=409, supervisor=409),
    ),
}
