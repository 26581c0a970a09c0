"""The escalation matrix (domain section 5): which team is next, and what acts at once."""

from __future__ import annotations

from typing import Any

import pytest

from escalation.matrix import allowed_teams, facts_about, matrix, next_team
from escalation.models import EscalationMatrix
from escalation.services.firing import newly_true
from people.models import Team
from tests.support.stages import Stage
from tickets.catalogue import categories
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


def ticket(team: str = "cs_order", **fields: Any) -> Ticket:
    values = {"category": "tracking", "queue": "general", **fields}
    return Ticket(team=Team.objects.get(code=team), **values)


@pytest.mark.parametrize(
    ("category", "queue", "team"),
    [
        ("account_takeover", "general", "fraud"),
        ("account_takeover", "fraud", "fraud"),
        ("seller_fraud", "general", "fraud"),
        ("return_refund", "general", "supervisors"),
        ("return_refund", "mediation", "mediation"),
        ("dispute", "general", "mediation"),
        ("warranty_rejected", "general", "mediation"),
        ("tracking", "general", "supervisors"),
        ("agent_deposit", "finance", "finance"),
    ],
)
def test_the_row_or_else_the_supervisor_is_next(category: str, queue: str, team: str) -> None:
    assert (
        next_team(ticket(category=category, queue=queue), EscalationMatrix.in_force()).code == team
    )


@pytest.mark.parametrize("team", ["fraud", "mediation", "legal", "supervisors", "operations"])
def test_above_those_is_the_operations_manager(team: str) -> None:
    assert (
        next_team(ticket(team, category="account_takeover"), EscalationMatrix.in_force()).code
        == "operations"
    )


def test_no_level_is_skipped_by_hand() -> None:
    rules = EscalationMatrix.in_force()
    teams = [team.code for team in allowed_teams(ticket(category="account_takeover"), rules)]
    assert teams == ["fraud", "supervisors"]


@pytest.mark.parametrize(
    ("queue", "category", "team"),
    [
        ("mediation", "dispute", "mediation"),
        ("legal", "ip_violation", "legal"),
        ("fraud", "suspicious_transaction", "fraud"),
        ("finance", "agent_deposit", None),
        ("general", "tracking", None),
        # The squad answers first: the row says so although its queue acts at once.
        ("fraud", "account_takeover", None),
    ],
)
def test_some_queues_act_at_once(queue: str, category: str, team: str | None) -> None:
    facts = facts_about(ticket(queue=queue, category=category))
    rows = newly_true(EscalationMatrix.in_force(), facts)
    assert next((row.team for row in rows if row.team), None) == team


def test_urgent_cases_alert_the_specialists() -> None:
    def told(one: Ticket) -> list[str]:
        rows = newly_true(EscalationMatrix.in_force(), facts_about(one))
        return [row.alert for row in rows if row.alert]

    assert told(ticket(category="account_takeover")) == ["fraud"]
    assert told(ticket()) == []


def test_every_word_of_the_matrix_is_known() -> None:
    """A typing error in the data would escalate nothing."""
    codes, body = set(Team.objects.values_list("code", flat=True)), matrix()
    assert set(body["rows"]) <= set(categories())
    assert {body["default_team"], body["top_team"]} <= codes
    for row in body["rows"].values():
        assert {row.get("team")} - {None} <= codes
    for trigger in EscalationMatrix.in_force().triggers:
        asked = {*trigger.when.get("category", ()), *trigger.when.get("except_category", ())}
        assert asked <= set(categories())
        assert {trigger.team, trigger.alert} - {""} <= codes
        assert trigger.form in {"", *body["forms"]}


def test_a_case_for_mediation_is_there_as_soon_as_it_comes_in(stage: Stage) -> None:
    made = stage.classified(
        subject="klaim garansi ditolak",
        description="Klaim garansi saya ditolak penjual padahal masih berlaku.",
    )
    assert made.queue == "mediation"
    assert (made.state, made.team.code) == ("escalated", "mediation")
    escalation = made.escalations.get()
    assert (escalation.trigger, escalation.state) == (f"rule.{made.category}", "sent")
    assert [e.kind for e in made.events.all()] == ["received", "classified", "escalated"]
    running = set(made.clocks.filter(state="running").values_list("metric", flat=True))
    assert running == {"first_response", "resolution", "mediator_assigned"}
