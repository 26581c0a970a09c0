"""Contacts cut down: enough to tell two apart, too little to reach either."""

from __future__ import annotations

import pytest

from helpdesk.common.masking import masked_contact, masked_email, masked_name, masked_phone


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("budi@mail.id", "bu***@mail.id"),
        ("bud@mail.id", "b***@mail.id"),
        ("b@mail.id", "b***@mail.id"),
        ("budi.hartono.panjang@mail.id", "bu***@mail.id"),
        ('"a@b"@mail.id', '"a***@mail.id'),
        ("kosong", "***"),
        ("", "***"),
    ],
)
def test_an_address(address: str, masked: str) -> None:
    assert masked_email(address) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("+6281234567789", "0812-****-789"),
        ("+622112345678", "0211-****-678"),
        ("+6591234567", "+659-****-567"),
        ("112", "****"),
        ("", "****"),
    ],
)
def test_a_number(number: str, masked: str) -> None:
    assert masked_phone(number) == masked


def test_a_name() -> None:
    assert masked_name("Wahyu  Hidayat") == "W*** H***"
    assert masked_name("") == ""


def test_a_name_that_is_a_contact() -> None:
    assert masked_contact("budi@mail.id") == "bu***@mail.id"
    assert masked_contact("+6281234567789") == "0812-****-789"
    assert masked_contact("0812-3456 7789") == "0812-****-789"
    assert masked_contact("+62 (812) 3456-7789") == "0812-****-789"
    assert masked_contact("Budi @ Bandung") == "Budi @ Bandung"
    assert masked_contact("Toko 99") == "Toko 99"
