"""The rows of the matrix about many tickets, tags, words being written, assignment and customers."""

from __future__ import annotations

from typing import Any

from tests.api.access_roles import everybody, row

NOT_AT_DESK = ("owner", "seller", "integrator", "admin")
NO_HANDLERS = (*NOT_AT_DESK, "fraud", "legal")
BY_SKILL = {"team": "cs_account", "mode": "skill"}
BY_OFFICERS = row(rest=201, owner=403, fraud=403, admin=403)
BY_ITS_AUTHOR = row(rest=403, officer=200)

READS_RULES = everybody(owner=403, seller=403, integrator=403)

MANY: dict[tuple[str, str], tuple[dict[str, Any] | None, dict[str, int]]] = {
    ("GET", "views"): (None, everybody(owner=403, seller=403, integrator=403)),
    ("POST", "views"): (
        {"name": "n", "body": {}},
        everybody(rest=201, owner=403, seller=403, integrator=403),
    ),
    **{
        (method, route): (
            {} if method == "PATCH" else None,
            everybody(rest=404, owner=403, seller=403, integrator=403, officer=status),
        )
        for method, route, status in (
            ("GET", "views/{pk}", 200),
            ("PATCH", "views/{pk}", 200),
            ("DELETE", "views/{pk}", 204),
            ("GET", "views/{pk}/tickets", 200),
        )
    },
    ("GET", "bulk-jobs"): (None, everybody(**dict.fromkeys(NOT_AT_DESK, 403))),
    ("POST", "bulk-jobs"): (
        {"verb": "assign", "numbers": ["TUN-2222-2222"], "assignee": 0},
        everybody(rest=400, **dict.fromkeys(NOT_AT_DESK, 403)),
    ),
    **{
        (method, route): (None, everybody(rest=404, officer=status, supervisor=status))
        for method, route, status in (
            ("GET", "bulk-jobs/{pk}", 200),
            ("GET", "bulk-jobs/{pk}/results", 200),
            ("POST", "bulk-jobs/{pk}/stop", 200),
            ("POST", "bulk-jobs/{pk}/again", 409),
        )
    },
    ("POST", "bulk-jobs/{pk}/confirm"): (
        None,
        everybody(rest=404, officer=409, supervisor=403),
    ),
    ("POST", "tickets/{number}/looks"): (
        {"field": "email", "reason": "call_back"},
        row(owner=403, admin=403),
    ),
    ("GET", "tickets/{number}/customer"): (None, row(owner=403, admin=403)),
    ("GET", "tickets/{number}/orders"): (None, row(owner=403, admin=403)),
    ("GET", "satisfaction"): (None, everybody(rest=403, supervisor=200, admin=200)),
    ("GET", "looks"): (None, everybody(rest=403, supervisor=200, admin=200)),
    ("GET", "tickets/{number}/draft"): (None, row(owner=403, admin=403)),
    ("PUT", "tickets/{number}/draft"): ({"body": "Halo"}, row(owner=403, admin=403)),
    ("DELETE", "tickets/{number}/draft"): (None, row(rest=204, owner=403, admin=403)),
    ("POST", "tickets/{number}/outgoing-replies"): ({"body": "Halo"}, BY_OFFICERS),
    ("POST", "tickets/{number}/outgoing-replies/{pk}/undo"): ({}, BY_ITS_AUTHOR),
    ("POST", "tickets/{number}/outgoing-replies/{pk}/send"): ({}, BY_ITS_AUTHOR),
    **{
        (method, "me/status"): (body, everybody(**dict.fromkeys(NOT_AT_DESK, 403)))
        for method, body in (("GET", None), ("PUT", {"status": "away"}))
    },
    ("GET", "people/{pk}/status"): (None, everybody(**dict.fromkeys(NOT_AT_DESK, 403))),
    ("PUT", "people/{pk}/status"): ({"status": "off"}, everybody(rest=403, supervisor=200)),
    ("GET", "assignment"): (None, everybody(rest=403, supervisor=200, admin=200)),
    ("PUT", "assignment"): (BY_SKILL, everybody(rest=403, supervisor=200)),
    ("GET", "people/{pk}/work"): (None, everybody(**dict.fromkeys(NOT_AT_DESK, 403))),
    ("PUT", "people/{pk}/work"): ({"capacity": 5}, everybody(rest=403, supervisor=200)),
    ("GET", "tickets/changes"): (None, everybody()),
    ("POST", "tickets/bulk-create"): (
        {"tickets": [{"description": "d", "email": "a@example.com"}]},
        everybody(owner=403, seller=403, admin=403),
    ),
    ("POST", "tickets/next"): ({}, everybody(rest=200, **dict.fromkeys(NO_HANDLERS, 403))),
    ("GET", "triage/rules"): (None, READS_RULES),
    ("GET", "triage/versions"): (None, READS_RULES),
    ("GET", "triage/versions/{version}"): (None, READS_RULES),
    ("GET", "triage/examples"): (None, everybody(rest=403, supervisor=200, admin=200)),
    ("POST", "triage/examples/{pk}/review"): (
        {"accepted": True},
        everybody(rest=403, supervisor=404, admin=404),
    ),
    ("GET", "tags"): (None, everybody()),
    ("PATCH", "tags/{slug}"): ({"label": ""}, everybody(rest=403, supervisor=400)),
    ("POST", "tags/{slug}/merge"): ({"into": "x"}, everybody(rest=403, supervisor=404)),
    ("PUT", "tickets/{number}/tags"): ({"tags": []}, row(owner=403, fraud=403, admin=403)),
    ("POST", "tickets/{number}/tags"): ({"add": ["vip"]}, row(owner=403, fraud=403, admin=403)),
    # Lists hold what is the caller's; a shop's things are there for its sellers and for reviewers.
    **{
        ("GET", route): (None, everybody())
        for route in (
            "evaluations",
            "violations",
            "enforcement-actions",
            "appeals",
            "buyer-reports",
        )
    },
    **{
        ("GET", route): (None, everybody(rest=404))
        for route in (
            "evaluations/{pk}/messages",
            "violations/{pk}",
            "appeals/{pk}",
            "buyer-reports/{key}",
        )
    },
    **{
        ("POST", route): (body, everybody(rest=404))
        for route, body in {
            "violations/{pk}/decision": {"confirmed": True, "reasons": "r"},
            "violations/{pk}/appeal": {"text": "t"},
            "appeals/{pk}/decision": {"granted": True, "reasons": "r"},
            "buyer-reports/{key}/decision": {"verified": True},
            "buyer-reports/{key}/look": {},
            "buyer-reports": {"conversation": "x", "reason": "spam", "messages": [1]},
        }.items()
    },
}
