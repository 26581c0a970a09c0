from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bahasa.dialled import find_dialled
from bahasa.disguise import unmask


def phones(text: str) -> list[str]:
    return [item.digits for item in find_dialled(unmask(text)) if item.kind == "phone"]


@pytest.mark.parametrize(
    "text",
    [
        "081234567890",
        "0812 3456 7890",
        "+62 812-3456-7890",
        "62 812 3456 7890",
        "0812.3456.7890",
        "0.8.1.2.3.4.5.6.7.8.9.0",
        "nol delapan satu dua tiga empat lima enam tujuh delapan sembilan nol",
        "kosong delapan 12 3456 tujuh 890",
        "08satu2 34lima6 7890",
        "O8I2 3456 789O",
        "0812 ... 3456 ... 7890",
        "depannya 0812 lalu tengah 3456 belakang 7890",
        "0812*3456*7890",
        "٠٨١٢ ٣٤٥٦ ٧٨٩٠",
    ],
)
def test_a_mobile_number_however_it_is_written(text):
    (digits,) = phones(text)
    assert digits.removeprefix("62").lstrip("0") == "81234567890"


@pytest.mark.parametrize(
    "text",
    [
        "081234567890123",  # a parcel number that begins like a telephone
        "20240812-0899-7766",
        "JX0857112233 44",
        "harga 1.250.000, dp 500.000",
        "12 x 08 x 15 cm",
        "beli satu dapat dua, ukuran tiga puluh delapan",
        "kode 0812-BLK-XL stok 4",
        "voltase 220v, arus 0,8 A, 1200 watt",
    ],
)
def test_other_numbers_are_no_telephones(text):
    assert phones(text) == []


def test_a_number_with_its_rest_hidden_is_told():
    assert [item.kind for item in find_dialled("wa 0812xxxx ya")] == ["phone_part"]


def test_two_numbers_are_two():
    assert phones("0812 3456 7890 atau 0857 1122 3344") == ["081234567890", "085711223344"]


@given(st.text(alphabet="0123456789 .-nolsatudx\n", max_size=300))
def test_places_are_in_the_text(text):
    for item in find_dialled(text):
        assert 0 <= item.start < item.end <= len(text)
