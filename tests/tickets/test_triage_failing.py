from __future__ import annotations

from typing import Any

import pytest

from tests.cast import FileTicket
from tickets import triage_in_force
from tickets.states import State


def test_a_report_that_the_rules_cannot_read_is_kept_timed_and_explained(
    file_ticket: FileTicket, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise RecursionError

    monkeypatch.setattr(triage_in_force, "triage", broken)
    ticket = file_ticket()
    assert (ticket.state, ticket.priority) == (State.CLASSIFIED, "MEDIUM")
    assert ticket.team is not None
    assert ticket.team.code == "cs_general"
    assert ticket.clocks.filter(metric="first_response").exists()
    (reason,) = ticket.classifications.get().reasons
    assert reason["rule"] == "triage_failed"
