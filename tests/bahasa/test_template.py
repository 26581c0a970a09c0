from __future__ import annotations

import time

import pytest

from bahasa.template import TemplateFields, read_template

FULL = TemplateFields(
    name="Budi",
    problem="barang rusak",
    order_number="INV/20261117/8841",
    chronology="kemarin sampai dalam keadaan pecah",
    evidence="terlampir",
    wanted_solution="refund",
)


@pytest.mark.parametrize("separator", [" ", "\n", "\r\n", "\n\n"])
def test_the_template_is_read_on_one_line_or_several(separator):
    parts = [
        "Halo CS, saya Budi mengalami barang rusak.",
        "Order ID: INV/20261117/8841",
        "Kronologi: kemarin sampai dalam keadaan pecah",
        "Bukti: terlampir",
        "Harapan solusi: refund",
    ]
    assert read_template(separator.join(parts)) == FULL
    assert read_template(separator.join(parts).upper()) is not None


def test_missing_and_unfilled_parts_are_none():
    text = (
        "halo cs, saya [Siti] mengalami [paket hilang].\nOrder ID: [XXXX]\nHarapan solusi: refund"
    )
    assert read_template(text) == TemplateFields(
        name="Siti", problem="paket hilang", wanted_solution="refund"
    )


@pytest.mark.parametrize("text", ["", "paket saya hilang", "bukti ada", "kronologi: kemarin"])
def test_other_text_is_not_the_template(text):
    assert read_template(text) is None


def test_a_megabyte_of_labels_stays_cheap():
    started = time.process_time()
    read_template("order id: " * 100_000)
    assert time.process_time() - started < 2
