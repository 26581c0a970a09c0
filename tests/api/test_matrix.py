"""A change of the escalation matrix by API: looked at, then published."""

from __future__ import annotations

from typing import Any

import pytest

from escalation.matrix import matrix
from escalation.models import EscalationMatrix
from tests.api.conftest import Caller
from tests.support.stages import Stage
from tickets.services import reclassify_ticket

pytestmark = pytest.mark.django_db

LOOK, PUBLISH = "escalation/matrix/preview", "escalation/matrix/versions"


def dispute(stage: Stage, days: float) -> str:
    ticket = stage.classified(days_open=days)
    reclassify_ticket(
        actor=stage.actor("sari"), ticket_id=ticket.pk, category="dispute", priority="MEDIUM",
        queue="general", reason="Sengketa.",
    )  # fmt: skip
    return ticket.number


def trigger(days: int) -> dict[str, Any]:
    (row,) = [row for row in matrix()["triggers"] if row["code"] == "dispute_age"]
    return {**row, "when": {**row["when"], "age_more_than_days": days}}


def test_the_look_counts_and_lists_and_then_it_is_published(
    as_supervisor: Caller, stage: Stage
) -> None:
    late, waits = dispute(stage, 5), dispute(stage, 2)
    seen = as_supervisor.post(LOOK, {"trigger": trigger(4)}).json()
    assert seen["base_version"] == 1
    assert seen["running"]["counts"]["at_once"] == seen["running"]["counts"]["earlier"] == 1
    assert [row["ticket"] for row in seen["running"]["tickets"]] == [late, waits]
    assert EscalationMatrix.objects.count() == 1
    sent = {"trigger": trigger(4), "note": "Lebih cepat", "base_version": 1}
    made = as_supervisor.post(PUBLISH, {**sent, "seen": seen["seen"]})
    assert made.status_code == 201, made.content
    assert (made.json()["version"], made.json()["note"]) == (2, "Lebih cepat")
    assert trigger(4) in matrix()["triggers"]
    assert as_supervisor.post(PUBLISH, {**sent, "seen": seen["seen"]}).status_code == 409


def test_what_was_not_looked_at_is_not_published(as_supervisor: Caller) -> None:
    seen = as_supervisor.post(LOOK, {"trigger": trigger(4)}).json()["seen"]
    sent = {"trigger": trigger(3), "note": "n", "base_version": 1, "seen": seen}
    refused = as_supervisor.post(PUBLISH, sent)
    assert (refused.status_code, refused.json()["code"]) == (400, "not_looked_at")
    assert EscalationMatrix.objects.count() == 1


def test_another_version_in_between_is_a_conflict(as_supervisor: Caller) -> None:
    first, second = trigger(4), trigger(9)
    for change, status in ((first, 201), (second, 409)):
        seen = as_supervisor.post(LOOK, {"trigger": change}).json()["seen"]
        sent = {"trigger": change, "note": "n", "base_version": 1, "seen": seen}
        assert as_supervisor.post(PUBLISH, sent).status_code == status


def test_a_row_says_where_missed_promises_lead(as_supervisor: Caller) -> None:
    row = {"category": "tracking", "levels": ["chatbot", "-", "legal"], "team": "legal"}
    (led,) = as_supervisor.post(LOOK, {"row": row}).json()["led"]
    assert (led["category"], led["before"], led["after"]) == ("tracking", "supervisors", "legal")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"trigger": 5},
        {"trigger": "abc"},
        {"trigger": []},
        {"trigger": {"code": "x"}},
        {"trigger": {"code": "x", "name_id": "x", "name_en": "x", "when": 7}},
        {"trigger": {"code": "x", "name_id": "x", "name_en": "x", "when": {"signal": 1}}},
        {"trigger": {"code": "x", "name_id": "x", "name_en": "x", "when": {"category": "a"}}},
        {"trigger": {"code": "x", "name_id": "x", "name_en": "x", "when": {"category": [[1]]}}},
        {
            "trigger": {
                "code": "x", "name_id": "x", "name_en": "x", "team": "moon", "level": 3,
                "when": {"age_more_than_days": 10**30},
            }
        },
        {"trigger": {"code": "\ud800", "name_id": "\x00", "name_en": "x", "when": {}}},
        {"remove_trigger": "none"},
        {"remove_trigger": None},
        {"row": {"category": "rain", "levels": ["-", "-", "-"]}},
        {"row": {"category": "tracking", "levels": ["-"]}},
        {"remove_trigger": "dispute_age", "row": {"category": "x", "levels": ["-", "-", "-"]}},
        {"unknown": 1},
    ],
)  # fmt: skip
def test_what_is_no_change_is_refused(as_supervisor: Caller, body: dict[str, Any]) -> None:
    answer = as_supervisor.post(LOOK, body)
    assert answer.status_code == 400, answer.content
    assert answer.json()["code"]
