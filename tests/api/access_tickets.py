"""The rows of the matrix of access about one ticket, its escalations and what stands around it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.api.access_roles import everybody as _everybody
from tests.api.access_roles import row as _row
from tests.api.conftest import COMPLAINT

NOT_AT_DESK = ("owner", "seller", "integrator", "admin")
FORM = {"summary": "s", "tried": "t", "evidence": "e", "wanted_outcome": "w"}
IN_A_DAY = (datetime.now(UTC) + timedelta(days=1)).isoformat()
CLOSING = {"root_cause": "r", "solution": "s"}
LATELY = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
MACRO = {"name": "Sapa", "body": "Halo {customer_name}", "scope": "all"}

# On a classified ticket of Ratna's with the account squad; the fraud team was alerted.
TICKETS: dict[tuple[str, str], tuple[dict[str, Any] | None, dict[str, int]]] = {
    ("GET", "me"): (None, _everybody()),
    ("GET", "teams"): (None, _everybody()),
    ("GET", "organisation"): (None, _everybody()),
    ("GET", "categories"): (None, _everybody()),
    ("GET", "tickets"): (None, _everybody()),
    # Asked without words.
    ("GET", "tickets/search"): (None, _everybody(rest=400)),
    ("POST", "tickets"): ({**COMPLAINT}, _everybody(rest=201)),
    ("GET", "sla/lateness"): (
        None,
        _everybody(rest=403, supervisor=200, integrator=200, admin=200),
    ),
    ("GET", "signals"): (None, _everybody(owner=403, seller=403)),
    ("POST", "signals"): (
        {
            "kind": "failed_login",
            "reference": "A1",
            "occurred_at": LATELY,
            "email": "pembeli@example.com",
        },
        _everybody(rest=403, integrator=201),
    ),
    ("GET", "sla/engine"): (None, _everybody(rest=403, supervisor=200, integrator=200, admin=200)),
    ("GET", "escalation/ledger"): (
        None,
        _everybody(rest=403, supervisor=200, integrator=200, admin=200),
    ),
    ("GET", "attachments/{key}"): (None, _row()),
    ("GET", "tickets/{number}"): (None, _row()),
    ("GET", "tickets/{number}/events"): (None, _row()),
    ("GET", "tickets/{number}/messages"): (None, _row()),
    ("GET", "tickets/{number}/attachments"): (None, _row()),
    ("GET", "tickets/{number}/clocks"): (None, _row()),
    ("GET", "tickets/{number}/clocks/log"): (None, _row()),
    ("GET", "tickets/{number}/actions"): (None, _row()),
    ("GET", "tickets/{number}/escalations"): (None, _row(owner=403, admin=403)),
    ("POST", "tickets/{number}/messages"): ({"body": "Halo"}, _row(rest=201, fraud=403, admin=403)),
    ("POST", "tickets/{number}/handle"): ({}, _row(rest=403, officer=200, supervisor=200)),
    ("POST", "tickets/{number}/assign"): ({}, _row(rest=403, officer=200, supervisor=200)),
    ("POST", "tickets/{number}/classification"): (
        {"priority": "HIGH", "reason": "r"},
        _row(rest=403, officer=200, supervisor=200),
    ),
    ("POST", "tickets/{number}/correction"): (
        {"amount_idr": 5, "reason": "r"},
        _row(rest=403, officer=200, supervisor=200),
    ),
    ("POST", "tickets/{number}/escalation"): (
        {"to_team": "fraud", "reason": "r", **FORM},
        _row(rest=403, officer=200, supervisor=200),
    ),
    ("POST", "tickets/{number}/escalation/verification"): ({}, _row(rest=403, supervisor=409)),
    ("POST", "tickets/{number}/escalation/decline"): (
        {"reason": "r"},
        _row(rest=403, supervisor=409),
    ),
    ("POST", "tickets/{number}/acceptance"): ({"plan": "p"}, _row(rest=403, supervisor=409)),
    ("POST", "tickets/{number}/progress"): ({"report": "p"}, _row(rest=403, supervisor=409)),
    ("POST", "tickets/{number}/return"): ({"reason": "r"}, _row(rest=403, supervisor=409)),
    **{
        ("GET", f"tickets/{{number}}/{papers}"): (None, _row(owner=403, admin=403))
        for papers in ("follow-ups", "hearings", "decisions", "freezes", "relays")
    },
    ("GET", "freezes"): (None, _everybody(owner=403, seller=403, admin=403)),
    **{
        ("POST", f"tickets/{{number}}/{place}"): (body, _row(rest=403, supervisor=409))
        for place, body in {
            "follow-ups": {"what": "w", "due_at": "2036-11-17T09:30:00+07:00"},
            "follow-ups/done": {"follow_up": 1, "result": "r"},
            "follow-ups/move": {
                "follow_up": 1,
                "due_at": "2036-11-17T09:30:00+07:00",
                "reason": "r",
            },
            "target": {"target_at": "2036-11-17T09:30:00+07:00", "reason": "r"},
            "hearings": {"party": "buyer", "notes": "n"},
            "decisions": {"outcome": "seller", "reasons_buyer": "b", "reasons_seller": "s"},
            "relays": {"text": "t"},
        }.items()
    },
    ("POST", "tickets/{number}/freezes"): (
        {"subject": "account", "reference": "A1", "reason": "r"},
        _row(owner=403, admin=403),
    ),
    ("POST", "tickets/{number}/freezes/lift"): (
        {"freeze": 1, "reason": "r"},
        _row(owner=403, admin=403, rest=400),
    ),
    ("POST", "tickets/{number}/freezes/decision"): (
        {"freeze": 1, "approved": True},
        _row(rest=403, supervisor=400, fraud=400),
    ),
    ("POST", "tickets/{number}/confirmation-request"): (
        CLOSING,
        _row(rest=403, officer=409, supervisor=409),
    ),
    ("POST", "tickets/{number}/confirmation"): ({"holds": True}, _row(rest=403, owner=409)),
    ("POST", "tickets/{number}/closing"): (
        {**CLOSING, "confirmation": "confirmed"},
        _row(rest=403, officer=409, supervisor=409),
    ),
    ("POST", "tickets/{number}/reopening"): (
        {"reason": "r"},
        _row(rest=403, owner=409, supervisor=409),
    ),
    ("POST", "tickets/{number}/survey"): ({"score": 5}, _row(rest=403, owner=409)),
    ("POST", "tickets/{number}/hold"): (
        {"reason": "r", "until": IN_A_DAY},
        _row(rest=403, supervisor=409),
    ),
    ("POST", "tickets/{number}/release"): ({}, _row(rest=403, supervisor=409)),
    ("POST", "tickets/{number}/pull-forward"): ({"reason": "r"}, _row(rest=403, supervisor=200)),
    ("POST", "tickets/{number}/no-reply-needed"): (
        {},
        _row(rest=403, officer=409, supervisor=409),
    ),
    ("POST", "tickets/{number}/reply-needed"): (
        {},
        _row(rest=403, owner=409, officer=409, supervisor=409),
    ),
    ("GET", "me/keys"): (None, _everybody(owner=403, seller=403, integrator=403)),
    ("PUT", "me/keys"): ({"keys": {}}, _everybody(owner=403, seller=403, integrator=403)),
    ("POST", "tickets/bulk"): (
        {"verb": "put_back", "numbers": ["TUN-2222-2222"]},
        _everybody(rest=403, supervisor=200),
    ),
    ("GET", "macros"): (None, _everybody()),
    ("POST", "macros"): (MACRO, _everybody(rest=403, supervisor=201)),
    ("GET", "macros/{pk}"): (None, _everybody(**dict.fromkeys(NOT_AT_DESK, 404))),
    ("PUT", "macros/{pk}"): (MACRO, _everybody(rest=403, supervisor=200)),
    ("DELETE", "macros/{pk}"): (None, _everybody(rest=403, supervisor=204)),
    ("GET", "tickets/{number}/macros/{pk}"): (None, _row(owner=403, admin=403)),
    ("POST", "tickets/{number}/macro"): (
        {"macro": 0},
        _row(rest=400),
    ),
}
