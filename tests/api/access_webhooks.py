"""Rows of the matrix of access: webhooks and the feed of events."""

from __future__ import annotations

from typing import Any

from tests.api.access_roles import everybody

INSIDE = {"url": "https://127.0.0.1/", "events": ["*"]}

WEBHOOKS: dict[tuple[str, str], tuple[dict[str, Any] | None, dict[str, int]]] = {
    ("GET", "events"): (None, everybody()),
    ("GET", "webhooks"): (None, everybody(rest=403, integrator=200, admin=200)),
    ("POST", "webhooks"): (INSIDE, everybody(rest=403, integrator=400, admin=400)),
    # An administrator's.
    **{
        (method, f"webhooks/{{pk}}{place}"): (
            {} if method == "PATCH" else None,
            everybody(rest=403, integrator=404, admin=status),
        )
        for method, place, status in (
            ("GET", "", 200),
            ("PATCH", "", 200),
            ("DELETE", "", 204),
            ("POST", "/secret", 200),
            ("POST", "/test", 202),
            ("GET", "/deliveries", 200),
            ("POST", "/deliveries/{delivery}/replay", 404),
        )
    },
}
