"""Floors of accuracy: raise them when the rules get better, never lower them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tickets.triage import RuleSet, triage
from tickets.triage.batch import Score, parse_case

ROOT = Path(__file__).parents[2]
RULES = RuleSet.from_file(ROOT / "fixtures" / "triage_rules.json")
FLOORS = {
    ROOT / "fixtures" / "triage_dev.jsonl": {
        "category": 1.0, "priority": 1.0, "queue": 1.0, "urgent found": 1.0,
    },
    Path(__file__).parent / "data" / "triage_fresh.jsonl": {
        "category": 1.0, "priority": 1.0, "queue": 1.0, "urgent found": 1.0,
    },
}  # fmt: skip


@pytest.mark.parametrize("path", FLOORS, ids=lambda path: path.stem)
def test_accuracy_does_not_fall(path):
    score, wrong = Score(), []
    for line in path.read_text("utf-8").splitlines():
        case_id, complaint, expected = parse_case(line)
        decision = triage(complaint, RULES)
        score.add(decision, expected)
        if decision.category != expected["category"]:
            wrong.append((case_id, expected["category"], decision.category))
    for name, floor in FLOORS[path].items():
        assert score.share(name) >= floor, (str(score), wrong)
