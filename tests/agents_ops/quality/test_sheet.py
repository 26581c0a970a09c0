"""How marks become a score."""

from __future__ import annotations

import pytest

from agents_ops.quality.sheet import Score, read_sheet
from people.services.reference import read_fixture

SHEET = read_sheet(read_fixture("quality.json"))
MET = dict.fromkeys(SHEET.criteria, "met")


def test_the_weights_are_parts_of_a_hundred() -> None:
    assert sum(each.weight for each in SHEET.criteria.values()) == 100


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, Score(100, failed=False)),
        ({"escalation": "missed"}, Score(75, failed=False)),
        ({"escalation": "partly"}, Score(88, failed=False)),
        ({"tone": "partly"}, Score(90, failed=False)),
        ({"tone": "missed"}, Score(0, failed=True)),
        ({"information": "missed", "procedure": "missed"}, Score(0, failed=True)),
        # 15 of the 75 points that are left.
        ({"escalation": "not_applicable", "procedure": "missed"}, Score(80, failed=False)),
        (dict.fromkeys(MET, "not_applicable"), Score(None, failed=False)),
    ],
)
def test_a_score(changes: dict[str, str], expected: Score) -> None:
    assert SHEET.score({**MET, **changes}) == expected


def test_a_sheet_of_another_shape_is_refused() -> None:
    body = read_fixture("quality.json")
    body["criteria"][0]["weight"] = 0
    with pytest.raises(ValueError, match="weight"):
        read_sheet(body)
