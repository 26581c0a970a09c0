"""Timers of kinds that only tests know, and what fires when they are swept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest

from helpdesk.common import clock
from people.models import Team
from sla import timers
from sla.models import Timer

Fired = list[int]


def subject(pk: int) -> Team:
    """A row that is never saved."""
    return Team(pk=pk, code=str(pk))


@pytest.fixture(params=["in bulk", "one by one"])
def fired(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Fired:
    """Timers of kind 'test.ok' about subject 'test'; their subjects' ids as they fire.

    Subject 0 is always busy. What a failing group had done in memory shows, as nothing else would.
    """
    seen: Fired = []
    kinds = {"test.ok", "test.poison", "test.killer"}
    monkeypatch.setattr(timers, "_in_bulk", kinds if request.param == "in bulk" else set())
    monkeypatch.setitem(timers._lockers, "test", lock_all_but_zero)
    monkeypatch.setitem(timers._handlers, "test.ok", lambda timer, row, now: seen.append(row.pk))
    return seen


def lock_all_but_zero(ids: Iterable[int]) -> dict[int, Team]:
    return {pk: subject(pk) for pk in ids if pk}


def arm(pk: int, kind: str = "test.ok", *, overdue: float = 1, **fields: Any) -> Timer:
    now = clock.now()
    return Timer.objects.create(
        kind=kind,
        subject_type="test",
        subject_id=pk,
        due_at=now - timedelta(seconds=overdue),
        armed_at=now,
        **fields,
    )


def all_fired(*subjects: int) -> bool:
    states = Timer.objects.filter(subject_id__in=subjects).values_list("state", flat=True)
    return list(states) == ["fired"] * len(subjects)
