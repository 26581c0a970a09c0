"""Answers against the record: forgiving how they are written, never what they say."""

from __future__ import annotations

import pytest

from agents_ops.verification.comparing import Forgiven, Result, compare


@pytest.mark.parametrize(
    ("kind", "answer", "stored", "forgiven"),
    [
        ("name", "Wahyu Hidayat", "Wahyu Hidayat", []),
        ("name", "  wahyu   hidayat ", "Wahyu Hidayat", ["spacing", "case"]),
        ("name", "WAHYU HIDAYAT, S.E.", "Wahyu Hidayat", ["case", "signs", "titles"]),
        ("name", "Bpk. H. Wahyu Hidayat", "Wahyu Hidayat", ["case", "signs", "titles"]),
        ("name", "Hidayat Wahyu", "Wahyu Hidayat", ["case", "order"]),
        ("name", "Siti Nur'aini", "Siti Nuraini", ["case", "signs"]),
        ("agent_id", "tp 44-10", "TP4410", ["spacing", "case", "signs"]),
        ("phone", "0812-5550-9012", "+6281255509012", ["phone_form"]),
        ("phone", "62 812 5550 9012", "+6281255509012", ["phone_form"]),
        ("phone", "+6281255509012", "+6281255509012", []),
        ("upline", "tp0001", "TP0001", ["case"]),
        ("downline", "siti AMINAH", "Siti Aminah", ["case"]),
    ],
)
def test_what_is_the_same_says_what_was_forgiven(
    kind: str, answer: str, stored: str, forgiven: list[str]
) -> None:
    found = compare(kind, answer, ("somebody else", stored) if kind == "downline" else (stored,))
    assert (found.result, list(found.forgiven)) == (Result.MATCHED, forgiven)
    assert set(found.forgiven) <= set(Forgiven)


@pytest.mark.parametrize(
    ("kind", "answer", "stored"),
    [
        ("name", "Wahyu", "Wahyu Hidayat"),
        ("name", "Wahyu Hidayat Putra", "Wahyu Hidayat"),
        ("name", "W\N{CYRILLIC SMALL LETTER A}hyu Hidayat", "Wahyu Hidayat"),
        ("name", "S.E.", "H."),
        ("name", "...", "Wahyu"),
        ("name", "x" * 200, "Wahyu"),
        ("agent_id", "TP4411", "TP4410"),
        ("phone", "0812-5550-9013", "+6281255509012"),
        ("phone", "tidak ingat", "+6281255509012"),
        ("upline", "-", "TP0001"),
    ],
)
def test_what_is_another_thing_differs(kind: str, answer: str, stored: str) -> None:
    assert compare(kind, answer, (stored,)).result == Result.DIFFERS


def test_nothing_on_record_cannot_be_compared() -> None:
    assert compare("upline", "TP0001", ()).result == Result.UNKNOWN
    assert compare("name", "Wahyu", ("",)).result == Result.UNKNOWN
