from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from tests.tickets import corpus
from tickets.triage.batch import parse_case

FIELDS = {
    "id", "channel", "reporter", "tier", "register", "amount_idr", "days_open", "subject", "body",
    "expected", "why",
}  # fmt: skip
EVERY = [*corpus.SHOWN, corpus.HOLDOUT, corpus.PROBE]
OTHERS = [
    corpus.ROOT / "fixtures" / "triage_dev.jsonl",
    Path(__file__).parent / "data" / "triage_fresh.jsonl",
]
CASES = [case for path in EVERY for case in corpus.read(path)]
# What else an agent writes about (policy §3).
FROM_AGENTS = {"service_complaint", "feedback", "general_question", "feature_request"}
LEAST = 25
ALIKE = 0.6


@pytest.mark.parametrize("path", EVERY, ids=lambda path: path.stem)
def test_every_line_is_a_case_with_known_values(path):
    for line in path.read_text("utf-8").splitlines():
        parse_case(line)
    for case in corpus.read(path):
        name = case["id"]
        assert set(case) == FIELDS, name
        assert case["channel"] in corpus.CHANNELS, name
        assert case["reporter"] in corpus.REPORTERS, name
        assert case["tier"] in corpus.TIERS, name
        assert case["register"] in corpus.REGISTERS, name
        assert case["body"].strip(), name
        assert case["why"].startswith("RULES "), name


def test_ids_are_unique():
    assert [
        name for name, count in Counter(case["id"] for case in CASES).items() if count > 1
    ] == []


@pytest.mark.parametrize("path", EVERY, ids=lambda path: path.stem)
def test_labels_are_those_of_the_policy(path):
    for case in corpus.read(path):
        expected = case["expected"]
        label = f"{expected['priority']} {expected['queue']}"
        assert label in corpus.labels_by_numbers(case), (case["id"], label)
        of_agents = expected["category"].startswith("agent_")
        if of_agents:
            assert case["reporter"] == "agent", case["id"]
        if case["reporter"] == "agent":
            assert of_agents or expected["category"] in FROM_AGENTS, case["id"]


def test_every_category_is_there_often_enough():
    shown = (case for path in corpus.SHOWN for case in corpus.read(path))
    counts = Counter(case["expected"]["category"] for case in shown)
    assert {name: counts[name] for name in corpus.LABELS if counts[name] < LEAST} == {}


def test_every_category_is_held_out_too():
    held_out = {case["expected"]["category"] for case in corpus.read(corpus.HOLDOUT)}
    assert held_out == set(corpus.LABELS)


def test_no_two_bodies_are_nearly_the_same():
    texts = {case["id"]: case["body"] for case in CASES}
    for path in OTHERS:
        texts |= {f"{path.stem} {case['id']}": case["body"] for case in corpus.read(path)}
    own = {case["id"] for case in CASES}
    assert [pair for pair in alike(texts) if own & set(pair)] == []


def alike(texts: dict[str, str]) -> list[tuple[str, str]]:
    """Pairs whose letters agree by more than `ALIKE` (Jaccard of 5-grams).

    Two sets that alike share one of the rarest 5-grams of each, so only those are looked up.
    """
    grams = {name: five_grams(text) for name, text in texts.items()}
    often = Counter(gram for found in grams.values() for gram in found)
    seen: dict[str, list[str]] = {}
    pairs = []
    for name, found in grams.items():
        rare = sorted(found, key=lambda gram: (often[gram], gram))
        rare = rare[: len(rare) - int(ALIKE * len(rare)) + 1]
        near = {other for gram in rare for other in seen.get(gram, ())}
        pairs += [(other, name) for other in sorted(near) if overlap(found, grams[other]) > ALIKE]
        for gram in rare:
            seen.setdefault(gram, []).append(name)
    return pairs


def five_grams(text: str) -> set[str]:
    plain = " ".join(re.findall(r"\w+", text.lower()))
    return {plain[at : at + 5] for at in range(max(1, len(plain) - 4))}


def overlap(one: set[str], other: set[str]) -> float:
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared)


def test_a_near_copy_would_be_found():
    texts = {
        "a": "paket saya hilang di gudang sortir Cakung",
        "b": "Paket saya hilang di gudang sortir, Cakung!",
        "c": "token listrik belum masuk",
    }
    assert alike(texts) == [("a", "b")]
