"""The rows of the matrix about complaints to suppliers. Ratna is no reseller agent, and has none."""

from __future__ import annotations

from typing import Any

from tests.api.access_roles import everybody, row

STRANGERS = {"owner": 403, "seller": 403, "integrator": 403}

SUPPLIERS: dict[tuple[str, str], tuple[dict[str, Any] | None, dict[str, int]]] = {
    ("GET", "supplier-complaints"): (None, everybody(**STRANGERS)),
    ("GET", "supplier-complaints/{key}"): (None, everybody(rest=404, **STRANGERS)),
    ("POST", "supplier-complaints/{key}/press"): (
        {"hard": True},
        everybody(rest=404, **STRANGERS),
    ),
    ("POST", "supplier-complaints/{key}/answers"): (
        {"result": "success"},
        everybody(rest=404, owner=403, seller=403),
    ),
    ("POST", "tickets/{number}/playbook/block"): ({}, row(rest=403, officer=409, supervisor=409)),
    ("POST", "tickets/{number}/playbook/block/by-hand"): (
        {"words": "w"},
        row(rest=403, officer=409, supervisor=409),
    ),
    ("GET", "tickets/{number}/playbook/logins"): (None, row(rest=404, owner=403)),
    ("GET", "tickets/{number}/transaction-logs"): (None, row(owner=403)),
    ("POST", "tickets/{number}/transaction-logs"): (
        {"days": 7},
        row(rest=403, officer=409, supervisor=409),
    ),
    ("POST", "tickets/{number}/transaction-logs/by-hand"): (
        {"words": "w"},
        row(rest=403, officer=409, supervisor=409),
    ),
    ("GET", "transaction-logs/{key}"): (None, everybody(rest=404)),
    ("POST", "tickets/{number}/supplier-complaint"): (
        {},
        row(rest=403, officer=409, supervisor=409),
    ),
}
