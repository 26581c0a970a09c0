"""Rows of the matrix of access: tickets that belong together."""

from __future__ import annotations

from typing import Any

from tests.api.access_roles import everybody, row

JOINING: dict[tuple[str, str], tuple[dict[str, Any] | None, dict[str, int]]] = {
    ("POST", "tickets/{number}/merge"): (
        {"numbers": ["TUN-2222-2222"]},
        row(owner=403, fraud=403, admin=403, officer=404, supervisor=404),
    ),
    ("POST", "tickets/{number}/merge-undo"): ({}, row(rest=403, officer=409, supervisor=409)),
    ("POST", "tickets/{number}/split"): (
        {"messages": [2**62]},
        row(rest=403, officer=400, supervisor=400),
    ),
    ("GET", "tickets/{number}/links"): (None, row(owner=403)),
    ("POST", "tickets/{number}/links"): (
        {"number": "TUN-2222-2222", "kind": "related"},
        row(rest=404, owner=403, admin=403),
    ),
    ("POST", "tickets/{number}/links/removal"): (
        {"link": 2**62},
        row(rest=409, owner=403, admin=403),
    ),
    ("GET", "tickets/{number}/duplicates"): (None, row(owner=403, admin=403)),
    ("POST", "tickets/{number}/duplicates/dismissal"): (
        {"number": "TUN-2222-2222"},
        row(rest=404, owner=403, admin=403),
    ),
    ("POST", "tickets/{number}/incident"): (
        {"incident": 2**62},
        row(rest=404, owner=403, admin=403),
    ),
    ("POST", "tickets/{number}/incident/removal"): (
        {},
        row(rest=403, officer=409, supervisor=409),
    ),
    ("POST", "tickets/{number}/incident/words"): (
        {"body": "b"},
        row(rest=403, officer=409, supervisor=409),
    ),
    ("POST", "tickets/{number}/watch"): ({}, row(owner=403, admin=403)),
    ("POST", "tickets/{number}/unwatch"): ({}, row(rest=409, owner=403, admin=403)),
    ("GET", "tickets/{number}/watchers"): (None, row(owner=403)),
    ("POST", "tickets/{number}/watchers"): (
        {"person": 2**31 - 1},
        row(rest=400, owner=403, admin=403),
    ),
    ("GET", "incidents"): (None, everybody(owner=403, seller=403, integrator=403)),
    ("POST", "incidents"): ({"title": "t", "words": "w"}, everybody(rest=403, supervisor=201)),
    **{
        (method, route): (
            body,
            everybody(owner=403, seller=403, integrator=403, rest=rest, supervisor=lead),
        )
        for method, route, body, rest, lead in (
            ("GET", "incidents/{pk}", None, 200, 200),
            ("PATCH", "incidents/{pk}", {"state": "identified"}, 403, 200),
            ("GET", "incidents/{pk}/tickets", None, 200, 200),
            ("GET", "incident-runs/{pk}", None, 403, 404),
            ("POST", "incident-runs/{pk}/stop", {}, 403, 404),
            ("POST", "incidents/{pk}/runs", {"verb": "reply", "words": "w"}, 403, 400),
        )
    },
    # Asked without a verb.
    ("GET", "incidents/{pk}/preview"): (None, everybody(rest=403, supervisor=400)),
    ("POST", "incidents/{pk}/tickets"): (
        {"numbers": ["TUN-2222-2222"]},
        everybody(owner=403, seller=403, integrator=403, admin=403),
    ),
    ("POST", "incidents/{pk}/tickets/removal"): (
        {"number": "TUN-2222-2222"},
        everybody(rest=404, owner=403, seller=403, integrator=403),
    ),
}
