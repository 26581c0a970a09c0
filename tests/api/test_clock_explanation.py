"""Why a deadline is what it is, by API."""

from __future__ import annotations

import pytest

from tests.api.conftest import Caller
from tests.support.stages import Stage

pytestmark = pytest.mark.django_db


def test_it_tells_competitors_pauses_and_the_timed_log(as_officer: Caller, stage: Stage) -> None:
    ticket = stage.handled(channel="email")
    results = as_officer.get(f"tickets/{ticket.number}/clocks/explanation").json()["results"]
    found = {row["clock"]["metric"]: row for row in results}
    first, rest = found["first_response"]["competitors"][0], found["first_response"]
    assert (first["target"], first["decides"]) == ("first-urgent", True)
    assert (first["when"], first["within"]) == ({"priority": ["URGENT"]}, {"hours": 2})
    assert first["due_at"] == rest["clock"]["due_at"]
    assert [each["target"] for each in rest["competitors"]] == [
        "first-urgent",
        "first-tier",
        "first-email",
    ]
    line = rest["log"][0]
    assert (line["kind"], line["used_seconds"], line["left_seconds"]) == ("started", 0.0, 7200.0)
    assert found["resolution"]["pauses"] == ["customer", "hold"]
