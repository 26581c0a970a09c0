"""The rows of the matrix about quality."""

from __future__ import annotations

from typing import Any

from tests.api.access_roles import everybody

NOT_AT_DESK = ("owner", "seller", "integrator")
OWN = everybody(**dict.fromkeys(NOT_AT_DESK, 403))
NOT_THEIRS = everybody(rest=404)
SPAN = {"since": "2026-01-01T00:00:00+07:00", "until": "2036-01-01T00:00:00+07:00"}

QUALITY: dict[tuple[str, str], tuple[dict[str, Any] | None, dict[str, int]]] = {
    **{
        ("GET", f"quality/{name}"): (None, OWN)
        for name in (
            "first-contact",
            "first-contact/cases",
            "handling-times",
            "scores",
            "score-sheet",
            "reviews",
            "coaching-notes",
        )
    },
    # Nothing is closed: there is nothing to draw, and this ticket cannot be chosen.
    ("POST", "quality/samples"): (
        {**SPAN, "per_officer": 2, "seed": 7},
        everybody(rest=403, supervisor=409),
    ),
    ("POST", "quality/reviews"): (
        {"ticket": "TUN-2222-2222"},
        everybody(rest=403, supervisor=404),
    ),
    ("GET", "quality/reviews/{pk}"): (None, NOT_THEIRS),
    ("POST", "quality/reviews/{pk}/marks"): ({"marks": []}, NOT_THEIRS),
    ("POST", "quality/reviews/{pk}/answer"): ({"words": "w"}, NOT_THEIRS),
    ("POST", "quality/reviews/{pk}/settlement"): ({"words": "w"}, NOT_THEIRS),
    ("POST", "quality/coaching-notes"): ({"officer": 0, "text": "t"}, NOT_THEIRS),
    ("POST", "quality/coaching-notes/read"): (None, OWN),
}
