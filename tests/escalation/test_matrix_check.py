"""The check of a matrix before it is published: each problem at its place."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from escalation.matrix_check import Known, check_matrix
from people.services.reference import read_fixture

KNOWN = Known(
    teams=["supervisors", "operations", "fraud", "mediation", "legal"],
    squads=["cs_order", "cs_account", "cs_payment", "cs_agent"],
    categories=[
        *("tracking", "return_refund", "dispute", "warranty_rejected", "account_takeover"),
        *("fraud_in_progress", "data_leak", "safety_threat", "agent_scam", "seller_fraud"),
        *("suspicious_transaction", "account_data_update", "order_lost", "seller_unresponsive"),
        *("document_forgery", "ip_violation", "legal_action", "law_enforcement_request"),
    ],
    words={
        "priority": ["URGENT", "HIGH", "MEDIUM", "LOW"],
        "channel": ["web"],
        "tier": ["gold"],
        "reporter": ["buyer"],
    },
    signals=[
        "failed_login", "sensitive_data_changed", "account_hijacked", "suspicious_transaction",
    ],
)  # fmt: skip


def shipped() -> dict[str, Any]:
    return deepcopy(read_fixture("escalation_matrix.json"))


def paths(body: dict[str, Any]) -> list[str]:
    return [problem.path for problem in check_matrix(body, KNOWN)]


def with_trigger(**changes: Any) -> dict[str, Any]:
    row = {
        "code": "mine", "name_id": "a", "name_en": "a", "when": {"category": ["dispute"]},
        "team": "mediation", "level": 3,
    }  # fmt: skip
    row = {name: value for name, value in {**row, **changes}.items() if value is not ...}
    return {**shipped(), "triggers": [row]}


def test_what_is_shipped_is_sound() -> None:
    assert paths(shipped()) == []
    assert paths(with_trigger()) == []


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"code": "Mine"}, "triggers.Mine.code"),
        ({"code": "x" * 35}, f"triggers.{'x' * 35}.code"),
        ({"name_id": " "}, "triggers.mine.name_id"),
        ({"name_en": "x" * 81}, "triggers.mine.name_en"),
        ({"when": {}}, "triggers.mine.when"),
        ({"when": {"category": []}}, "triggers.mine.when"),
        ({"when": {"category": ["rain"]}}, "triggers.mine.when.category"),
        ({"when": {"except_category": ["rain"]}}, "triggers.mine.when.except_category"),
        ({"when": {"queue": ["cs_order"]}}, "triggers.mine.when.queue"),
        ({"when": {"tier": ["tin"]}}, "triggers.mine.when.tier"),
        ({"when": {"weather": ["rain"]}}, "triggers.mine.when.weather"),
        ({"when": {"amount_more_than": -1}}, "triggers.mine.when.amount_more_than"),
        ({"when": {"amount_more_than": "5"}}, "triggers.mine.when.amount_more_than"),
        ({"when": {"amount_more_than": True}}, "triggers.mine.when.amount_more_than"),
        ({"when": {"age_more_than_days": 0}}, "triggers.mine.when.age_more_than_days"),
        ({"when": {"age_more_than_days": 366}}, "triggers.mine.when.age_more_than_days"),
        (
            {"when": {"signal": {"kind": [], "at_least": 1, "within_hours": 1}}},
            "triggers.mine.when.signal.kind",
        ),
        (
            {"when": {"signal": {"kind": ["failed_login"], "within_hours": 1}}},
            "triggers.mine.when.signal.at_least",
        ),
        ({"team": ...}, "triggers.mine.team"),
        ({"team": "cs_order"}, "triggers.mine.team"),
        ({"alert": "fraud"}, "triggers.mine.alert"),
        ({"priority": "SOON"}, "triggers.mine.priority"),
        ({"level": 9}, "triggers.mine.level"),
        ({"form": "none"}, "triggers.mine.form"),
        ({"opens": "rain"}, "triggers.mine.opens"),
        ({"opens": "dispute"}, "triggers.mine.opens"),
    ],
)
def test_a_trigger(changes: dict[str, Any], path: str) -> None:
    assert path in paths(with_trigger(**changes))


def test_a_code_stands_once() -> None:
    body = shipped()
    body["triggers"].append(dict(body["triggers"][0]))
    assert paths(body) == ["triggers.suspicious_amount.code"]


@pytest.mark.parametrize(
    ("category", "row", "path"),
    [
        ("rain", {"levels": ["-", "-", "-"]}, "rows.rain"),
        ("tracking", {"levels": ["-", "-"]}, "rows.tracking.levels"),
        ("tracking", {"levels": ["-", "moon", "-"]}, "rows.tracking.level_2"),
        ("tracking", {"levels": ["-", "-", "-"], "team": "cs_order"}, "rows.tracking.team"),
    ],
)
def test_a_row(category: str, row: dict[str, Any], path: str) -> None:
    body = shipped()
    body["rows"][category] = row
    assert paths(body) == [path]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"summary": ""}, "forms.fraud.summary"),
        ({"evidence": "{password}"}, "forms.fraud.evidence"),
        ({"evidence": "{ticket.customer.email}"}, "forms.fraud.evidence"),
        ({"wanted_outcome": "Cepat."}, "forms.fraud.wanted_outcome"),
        ({"summary": "x" * 2001}, "forms.fraud.summary"),
    ],
)
def test_a_form(changes: dict[str, str], path: str) -> None:
    body = shipped()
    body["forms"]["fraud"] |= changes
    assert paths(body) == [path]


def test_the_general_form_and_known_teams_are_needed() -> None:
    body = shipped()
    del body["forms"]["general"]
    body["top_team"] = "moon"
    assert paths(body) == ["top_team", "forms.general"]
