"""Words of the index: roots, slang, numbers; slips; what means the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bahasa.search_words import stem, words_of
from bahasa.synonyms import Synonyms, phrase_of
from bahasa.typos import closest, distance, slips_allowed

GROUPS = json.loads(
    (Path(__file__).parents[2] / "fixtures" / "search_synonyms.json").read_text("utf-8")
)["groups"]


@pytest.mark.parametrize(
    ("word", "root"),
    [
        ("pengembalian", "kembali"), ("dikembalikan", "kembali"), ("penipuan", "tipu"),
        ("membatalkan", "batal"), ("dibalikin", "balik"), ("tracking", "tracking"), ("admin", "admin"),
        ("ke", "ke"), ("4g", "4g"),
    ],
)  # fmt: skip
def test_a_word_has_its_root(word: str, root: str) -> None:
    assert stem(word) == root


def test_each_word_keeps_its_place_in_the_text() -> None:
    text = "Uang saya BLM kembali: INV/2026/42, budi.s@example.com 😀 Rp 2.300.000"
    words = words_of(text)
    assert [(text[w.start : w.end], w.place) for w in words] == [
        ("Uang", 1), ("BLM", 3), ("kembali", 4), ("INV/2026/42", 5), ("INV", 5), ("2026", 6), ("42", 7),
        ("budi.s@example.com", 8), ("budi", 8), ("example", 10), ("com", 11), ("Rp", 12),
        ("2.300.000", 13), ("2", 13), ("300", 14), ("000", 15),
    ]  # fmt: skip
    assert {w.written: w.lexemes for w in words}["blm"] == ("blm", "belum")
    assert "inv202642" in {w.written for w in words}
    assert "2300000" in {w.written for w in words}


def test_slips_are_letters_swapped_missing_or_wrong() -> None:
    assert distance("pengmebalian", "pengembalian", 3) == 1
    assert distance("refnd", "refund", 2) == 1
    assert distance("abc", "xyz", 2) == 3
    assert [slips_allowed(word) for word in ("dna", "dana", "refund", "refunds", "pengembalian")] == [
        0, 1, 1, 2, 3,
    ]  # fmt: skip


def test_the_nearest_word_is_meant_and_of_equals_the_commonest() -> None:
    assert closest("resti", [("resi", 5), ("rest", 90)]) == "rest"
    assert closest("resti", [("resi", 500), ("rest", 90), ("retak", 9000)]) == "resi"
    assert closest("resi", [("resi", 5)]) is None
    assert closest("gajah", [("resi", 5)]) is None


def test_the_shipped_groups_are_many_and_each_says_something() -> None:
    assert len(GROUPS) >= 60
    for group in GROUPS:
        phrases = {phrase_of(text) for text in group}
        assert () not in phrases, group
        assert len(phrases) > 1, group


@pytest.mark.parametrize(
    ("asked", "means"),
    [
        ("refund", "pengembalian dana"), ("uang saya kembali", "refund"), ("awb", "nomor lacak"),
        ("pecah", "retak"), ("akun dihack", "diretas"), ("scam", "penipuan"), ("wd", "tarik saldo"),
        ("dobel bayar", "tertagih dua kali"), ("somasi", "lapor polisi"), ("ss", "tangkapan layar"),
    ],
)  # fmt: skip
def test_words_of_the_field_mean_the_same(asked: str, means: str) -> None:
    [group] = Synonyms(GROUPS).find(phrase_of(asked))
    assert phrase_of(means) in group.phrases


def test_the_longest_phrase_is_meant() -> None:
    book = Synonyms([["kembali", "balik"], ["pengembalian dana", "refund"]])
    found = book.find(phrase_of("pengembalian dana kembali"))
    assert [(a.first, a.last) for a in found] == [(0, 2), (2, 3)]
