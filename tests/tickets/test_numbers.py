"""Ticket numbers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tickets.numbers import ALPHABET, new_number, read_number

bodies = st.text(ALPHABET, min_size=8, max_size=8)


def test_a_new_number_reads_back_however_it_is_typed() -> None:
    for _time in range(50):
        number = new_number()
        typed = number.lower().replace("-", " ")
        assert read_number(number) == number
        assert read_number(typed) == number
        assert read_number(number.removeprefix("TUN-")) == number


@given(st.integers(0, 7), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(place: int, char: str) -> None:
    characters = new_number().removeprefix("TUN-").replace("-", "")
    wrong = characters[:place] + char + characters[place + 1 :]
    assert (read_number(wrong) is None) is (wrong != characters)


@given(st.integers(0, 6))
def test_two_swapped_characters_are_noticed(place: int) -> None:
    c = new_number().removeprefix("TUN-").replace("-", "")
    swapped = c[:place] + c[place + 1] + c[place] + c[place + 2 :]
    assert (read_number(swapped) is None) is (swapped != c)


def test_numbers_do_not_follow_each_other() -> None:
    numbers = {new_number() for _time in range(2000)}
    assert len(numbers) == 2000
    assert len({number[4:8] for number in numbers}) > 1900


@given(st.text(max_size=60))
def test_no_input_is_an_error(typed: str) -> None:
    found = read_number(typed)
    assert found is None or read_number(found) == found
