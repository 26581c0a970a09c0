from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bahasa.amounts import find_amounts


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Rp 12.500.000", 12_500_000),
        ("Rp12.500.000,00", 12_500_000),
        ("12,5 juta", 12_500_000),
        ("12jt", 12_000_000),
        ("4,95 juta", 4_950_000),
        ("750rb", 750_000),
        ("750 ribu", 750_000),
        ("1.2jt", 1_200_000),
        ("lima juta", 5_000_000),
        ("setengah juta", 500_000),
        ("satu setengah juta", 1_500_000),
        ("dua juta lima ratus ribu", 2_500_000),
        ("2 juta 350 ribu", 2_350_000),
        ("500k", 500_000),
        ("sejuta", 1_000_000),
        ("depo 5.000.211 ke BRI", 5_000_211),
        ("1,2 miliar", 1_200_000_000),
        ("senilai 4999999", 4_999_999),
        ("bayar 52.000 kemarin", 52_000),
        ("５ juta", 5_000_000),
    ],
)
def test_an_amount_is_read(text, value):
    assert [amount.value for amount in find_amounts(text)] == [value]


@pytest.mark.parametrize(
    "text",
    [
        "ID TP4410",
        "081234567890",
        "INV/20261117/8841",
        "tanggal 17-11-2026 jam 10.30",
        "genset 2.000 watt",
        "IMEI 356938035643809",
        "resi 00219938812",
        "12 juta orang",
        "transfer 2x",
        "10GB",
        "perkara 77/Pdt",
    ],
)
def test_other_numbers_are_no_amounts(text):
    assert find_amounts(text) == []


@pytest.mark.parametrize(
    ("text", "over"),
    [
        ("5 juta", False),
        ("5.000.001", True),
        ("Rp 5.000.000", False),
        ("5 juta lebih", True),
        ("lebih dari 5 juta", True),
        ("hampir 5 juta", False),
        ("di bawah 5 juta", False),
        ("4,99 juta", False),
    ],
)
def test_over_means_strictly_more(text, over):
    assert find_amounts(text)[0].exceeds(5_000_000) is over


def test_an_amount_knows_its_place_in_the_original():
    text = "Nilainya R\u200bp 2.350.000, hilang"
    amount = find_amounts(text)[0]
    assert text[amount.start : amount.end] == amount.text


@given(st.integers(min_value=1_000, max_value=999_999_999))
def test_what_is_written_with_dots_is_read_back(value):
    written = f"Rp {value:,}".replace(",", ".")
    assert [amount.value for amount in find_amounts(f"nilai {written} ya")] == [value]


@given(st.integers(min_value=1, max_value=999), st.sampled_from(["jt", " juta", "jt-an", " jt"]))
def test_millions_are_read_back(value, unit):
    assert [amount.value for amount in find_amounts(f"harga {value}{unit}")] == [value * 10**6]


@pytest.mark.parametrize(
    "text", ["5.000." * 160_000, "1 " * 500_000, "5 juta " * 140_000, "9" * 10**6]
)
def test_a_megabyte_stays_cheap(text):
    started = time.process_time()
    find_amounts(text)
    assert time.process_time() - started < 4
