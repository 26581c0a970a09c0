"""Conditions in words: they read back as what they were, and say where they cannot be read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from tickets.rulebook import NotationError, read_condition, write_condition
from tickets.triage import RuleSet, triage
from tickets.triage.batch import parse_case
from tickets.triage.profile import with_profile

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
RULES: dict[str, Any] = json.loads((FIXTURES / "triage_rules.json").read_text())
PROFILE: dict[str, Any] = json.loads((FIXTURES / "organisation.json").read_text())


def rows(body: dict[str, Any]) -> list[dict[str, Any]]:
    tables = [
        row
        for category in body["categories"].values()
        for table in ("priority", "queue")
        for row in category[table]
    ]
    return [row for row in (*body["rules"], *body["fallbacks"], *tables) if "when" in row]


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_shipped_condition_reads_back_in_the_same_words(language: str) -> None:
    for row in rows(RULES):
        words = write_condition(row["when"], language)
        assert write_condition(read_condition(words), language) == words


def test_rules_written_and_read_back_decide_the_same() -> None:
    again = json.loads(json.dumps(RULES))
    for row in rows(again):
        row["when"] = read_condition(write_condition(row["when"]))
    before, after = (RuleSet.from_dict(with_profile(body, PROFILE)) for body in (RULES, again))
    lines = (FIXTURES / "triage_dev.jsonl").read_text("utf-8").splitlines()
    for line in lines:
        complaint = parse_case(line)[1]
        one, two = triage(complaint, before), triage(complaint, after)
        assert (one.category, one.priority, one.queue) == (two.category, two.priority, two.queue)


@pytest.mark.parametrize(
    ("words", "condition"),
    [
        ("", None),
        ("hack", "hack"),
        ("hack!", "hack!"),
        ("a atau b", ["a", "b"]),
        ("a or b", ["a", "b"]),
        ("a\nb", {"all": ["a", "b"]}),
        ("a dan b atau c", [{"all": ["a", "b"]}, "c"]),
        ("a dan (b atau c)", {"all": ["a", ["b", "c"]]}),
        ("(a atau\nb)", ["a", "b"]),
        ("bukan (a atau b)", {"none": ["a", "b"]}),
        ("a\nbukan b\nbukan c", {"all": ["a"], "none": ["b", "c"]}),
        ("dekat(a, b, 4)", {"near": ["a", "b"], "within": 4}),
        ("pelapor: agent, seller\na", {"reporter": ["agent", "seller"], "all": ["a"]}),
        ("nilai > mediation", {"amount_over": "mediation"}),
        ('{"future": 3}', {"future": 3}),
    ],
)
def test_words_mean_this(words: str, condition: Any) -> None:
    assert read_condition(words) == condition


@pytest.mark.parametrize(
    ("words", "line", "why"),
    [
        ("a\nb atau", 2, "nama kata belum ada"),
        ("(a", 1, "kurung penutup"),
        ("a\n\nb ; c", 3, "';' tidak dapat dibaca"),
        ("dekat(a)", 1, "perlu dua nama"),
        ("a b", 1, "'b' tidak pada tempatnya"),
        ("{oops", 1, "bukan JSON"),
        ("(" * 30 + "a", 1, "kurung bersarang"),
        ("bukan " * 30 + "a", 1, "kurung bersarang"),
    ],
)
def test_what_cannot_be_read_says_where(words: str, line: int, why: str) -> None:
    with translation.override("id"), pytest.raises(NotationError) as refused:
        read_condition(words)
    assert refused.value.line == line
    assert why in str(refused.value.message)
