"""A closing 'terima kasih': never a wrong yes, and hardly ever a wrong no."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bahasa.thanks import LONGEST, asks_something, is_closing_thanks

LINES = [
    line.split(": ", 1)
    for line in (Path(__file__).parent / "data" / "closing_thanks.txt")
    .read_text("utf-8")
    .splitlines()
    if line and not line.startswith("#")
]
YES = [text.replace("\\n", "\n") for label, text in LINES if label == "yes"]
NO = [text for label, text in LINES if label == "no"]
NAMES = ("Dimas Saputra", "Tokopedia")


def test_there_are_enough_lines() -> None:
    assert len(YES) >= 60
    assert len(NO) >= 100
    assert {label for label, _text in LINES} == {"yes", "no"}


def test_no_message_that_wants_an_answer_is_taken_for_thanks() -> None:
    assert [text for text in NO if is_closing_thanks(text, names=NAMES)] == []


def test_thanks_are_recognised() -> None:
    missed = [text for text in YES if not is_closing_thanks(text, names=NAMES)]
    assert len(missed) <= len(YES) // 20, missed


@pytest.mark.parametrize("added", ["tapi belum", "?", "123", "http://a.b", "rusak", "😡", "kapan"])
@pytest.mark.parametrize("text", ["terima kasih", "ok", "makasih kak"])
def test_anything_new_beside_the_thanks_is_an_ordinary_message(text: str, added: str) -> None:
    assert not is_closing_thanks(f"{text} {added}")
    assert not is_closing_thanks(f"{added} {text}")


def test_a_name_counts_only_when_it_is_one_of_ours() -> None:
    assert not is_closing_thanks("makasih kak dimas")
    assert is_closing_thanks("makasih kak dimas", names=["Dimas"])
    assert not is_closing_thanks("dimas", names=["Dimas"])


def test_long_text_is_never_thanks() -> None:
    assert not is_closing_thanks("terima kasih " * 20)
    assert not is_closing_thanks("ok " * 30)
    assert not is_closing_thanks("")


def test_letters_in_disguise_count_as_what_they_show() -> None:
    assert is_closing_thanks("ｔｅｒｉｍａ ｋａｓｉｈ")
    assert is_closing_thanks("teri\u200bma kasih")
    assert not is_closing_thanks("terima kasih ١٢٣")


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=LONGEST + 20))
def test_any_text_is_answered(text: str) -> None:
    assert is_closing_thanks(text) in (True, False)
    assert asks_something(text) in (True, False)


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("Boleh kami batalkan pesanannya?", True),
        ("Mohon kirim foto barangnya.", False),
        ("Sudah kami proses. Ada lagi yang bisa kami bantu?", False),
        ("Ada yang bisa kami bantu lagi?", False),
        ("Apakah ada hal lain yang dapat kami bantu, Kak?", False),
        ("Is there anything else we can help you with?", False),
        ("Setuju kami kirim ulang? Ada lagi yang bisa kami bantu?", True),
        ("", False),
    ],
)  # fmt: skip
def test_a_question_of_ours_is_told_from_courtesy(text: str, asks: bool) -> None:
    assert asks_something(text) is asks
