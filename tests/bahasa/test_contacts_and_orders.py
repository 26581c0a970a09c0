from __future__ import annotations

import time

import pytest

from bahasa.contacts import find_contacts
from bahasa.orders import find_references


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("wa 0812-3456-7890 ya", "phone", "+6281234567890"),
        ("hubungi +62 812 3456 7890", "phone", "+6281234567890"),
        ("０８１２３４５６７８９０", "phone", "+6281234567890"),
        ("email budi.s@gmail.com", "email", "budi.s@gmail.com"),
        ("budi [at] gmail [dot] com", "email", "budi@gmail.com"),
        ("cek https://toko.example/promo", "url", "https://toko.example/promo"),
        ("buka tokosaya.com/diskon", "url", "tokosaya.com/diskon"),
        ("ig: @toko_murah", "handle", "toko_murah"),
        ("transfer ke gopay 081234567890", "wallet", "081234567890"),
        ("rek bca 1234567890", "wallet", "1234567890"),
    ],
)
def test_a_contact_is_found(text, kind, value):
    contacts = find_contacts(text)
    assert [(contact.kind, contact.value) for contact in contacts] == [(kind, value)]
    assert text[contacts[0].start : contacts[0].end] == contacts[0].text


@pytest.mark.parametrize(
    "text",
    ["Rp 12.500.000", "INV/20261117/8841", "IMEI 356938035643809", "resi 00219938812", "jam 10.30"],
)
def test_other_numbers_are_no_contacts(text):
    assert find_contacts(text) == []


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("Order ID: INV/20261117/8841", "order", "INV/20261117/8841"),
        ("pesanan INV/20261117/MPL/3456789", "order", "INV/20261117/MPL/3456789"),
        ("nomor pesanan 88123456", "order", "88123456"),
        ("ID TP4410 min", "agent", "TP4410"),
        ("resi 00219938812 belum gerak", "tracking", "00219938812"),
        ("lacak JX8812345678", "tracking", "JX8812345678"),
    ],
)
def test_a_reference_is_found(text, kind, value):
    assert [(found.kind, found.text) for found in find_references(text)] == [(kind, value)]


@pytest.mark.parametrize("text", ["depo 5.000.211", "081234567890", "order saya hilang", "5 hari"])
def test_other_numbers_are_no_references(text):
    assert find_references(text) == []


@pytest.mark.parametrize(
    "text",
    ["a.a." * 250_000, "http://a." * 110_000, "0812 " * 200_000, "a@" * 500_000, "bca 1 2 " * 120_000,
     "resi " * 200_000, "inv/1234/" * 110_000, "a at " * 200_000],
)  # fmt: skip
def test_a_megabyte_stays_cheap(text):
    started = time.process_time()
    find_contacts(text)
    find_references(text)
    assert time.process_time() - started < 6
