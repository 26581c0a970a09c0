"""The search box taken apart, and queries put together."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tickets.search.labels import BLOCK_BITS, SECTION_BITS
from tickets.search.tsquery import all_of, any_of, lexeme, none_of, phrase, quoted
from tickets.search.typed import MOST_PARTS, take_apart, with_words_replaced
from tickets.search.windows import MOST_LABELS, NARROWEST, first_width, windows


def told(text: str) -> list[tuple[str, str, bool, bool]]:
    return [(p.filter, p.text, p.quoted, p.excluded) for p in take_apart(text).parts]


def test_words_phrases_exclusions_and_filters_in_both_languages() -> None:
    assert told('refund "dana belum masuk" -penipuan') == [
        ("", "refund", False, False),
        ("", "dana belum masuk", True, False),
        ("", "penipuan", False, True),
    ]
    assert told('status:dieskalasi tim:"Regu Akun" -from:budi') == [
        ("state", "dieskalasi", False, False),
        ("team", "Regu Akun", True, False),
        ("from", "budi", False, True),
    ]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []), ("   ", []), ('""', []), ("-", [("", "-", False, False)]),
        ("foo:bar", [("", "foo:bar", False, False)]), ("status:", [("", "status:", False, False)]),
        ('"open end', [("", "open end", True, False)]),
        ("“typographic signs”", [("", "typographic signs", True, False)]),
    ],
)  # fmt: skip
def test_everything_is_legible(text: str, parts: list[tuple[str, str, bool, bool]]) -> None:
    assert told(text) == parts


def test_the_last_word_may_be_a_beginning_until_a_space_follows() -> None:
    assert take_apart("dana pengemb").unfinished
    assert not take_apart("dana pengembalian ").unfinished
    assert not take_apart('"dana"').unfinished
    assert not take_apart("dana -kembali").unfinished


def test_no_more_parts_than_can_be_asked_at_once() -> None:
    assert len(take_apart("a " * 500).parts) == MOST_PARTS


def test_a_slip_is_replaced_in_words_alone() -> None:
    typed = take_apart('Refnd "refnd" -refnd dari:refnd')
    assert with_words_replaced(typed, {"refnd": "refund"}) == 'refund "refnd" -refnd dari:refnd'


def test_a_word_is_quoted_whatever_it_holds() -> None:
    assert quoted("it's \\ a") == "'it''s \\\\ a'"
    assert lexeme("dana", "AC", beginning=True) == "'dana':*AC"


def test_queries_are_put_together() -> None:
    a, b = lexeme("a"), lexeme("b")
    assert all_of([a, b, a]) == "('a' & 'b')"
    assert none_of(any_of([a, b])) == "!(('a' | 'b'))"
    assert phrase(["a", "b"], [2], loose=False) == "('a' <2> 'b')"
    assert phrase(["a", "b"], [1], loose=True) == "(('a' <1> 'b' | 'a' <2> 'b'))"


@pytest.mark.parametrize("newest", [1, 999, 50_000, 1_000_000, 40_000_000])
@pytest.mark.parametrize("about", [None, 0, 3, 40_000])
def test_windows_cover_every_ticket_once(newest: int, about: int | None) -> None:
    cut = list(windows(newest, first_width(newest, about)))
    assert cut[0].high == newest + 1
    assert cut[-1].low == 0
    assert all(after.high == before.low for before, after in pairwise(cut))
    assert len(cut) < 30
    for window in cut:
        for name, bits in (("block", BLOCK_BITS), ("section", SECTION_BITS)):
            if name in window.labels:
                labels = {
                    f"'{name}:{n}'"
                    for n in range(window.low >> bits, (window.high - 1 >> bits) + 1)
                }
                assert len(labels) <= MOST_LABELS
                assert all(label in window.labels for label in labels)


def test_a_rare_word_is_looked_for_everywhere_at_once_and_a_common_one_among_the_newest() -> None:
    assert len(list(windows(1_000_000, first_width(1_000_000, 5)))) == 1
    assert first_width(1_000_000, 1_000_000) == NARROWEST
