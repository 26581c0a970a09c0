from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bahasa.folding import fold
from bahasa.secrets import PLACEHOLDERS, mask_secrets


@pytest.mark.parametrize(
    ("text", "masked", "kind"),
    [
        ("OTP saya 483920", "OTP saya [OTP disamarkan]", "otp"),
        ("kode verifikasi: 12 34 56", "kode verifikasi: [OTP disamarkan]", "otp"),
        ("OTP yang masuk 483 920", "OTP yang masuk [OTP disamarkan]", "otp"),
        ("483920 itu kode otp saya", "[OTP disamarkan] itu kode otp saya", "otp"),
        ("otp empat delapan tiga sembilan", "otp [OTP disamarkan]", "otp"),
        ("otp 4\u200b8\u200b3920", "otp [OTP disamarkan]", "otp"),
        ("kode verifikasi G-483920", "kode verifikasi G-[OTP disamarkan]", "otp"),
        ("OTP yg masuk ke hp saya 4 8 3 9 2 0", "OTP yg masuk ke hp saya [OTP disamarkan]", "otp"),
        ("OTP483920", "OTP[OTP disamarkan]", "otp"),
        ("pin 123456", "pin [PIN disamarkan]", "pin"),
        ("PIN123456", "PIN[PIN disamarkan]", "pin"),
        ("pin-nya 12-345-6", "pin-nya [PIN disamarkan]", "pin"),
        ("PIN: １２３４５６", "PIN: [PIN disamarkan]", "pin"),
        ("pw: rahasia123", "pw: [kata sandi disamarkan]", "password"),
        ("password akun saya budi2020", "password akun saya [kata sandi disamarkan]", "password"),
        (
            "kata sandinya adalah sayangmama",
            "kata sandinya adalah [kata sandi disamarkan]",
            "password",
        ),
        ('Password: "kucing oren lucu"', 'Password: "[kata sandi disamarkan]"', "password"),
        ("passwordnya Bunga@mawar", "passwordnya [kata sandi disamarkan]", "password"),
        ("pw saya mawar$ tolong", "pw saya [kata sandi disamarkan] tolong", "password"),
        ("kata kunci: budi77", "kata kunci: [kata sandi disamarkan]", "password"),
        ("kata kunci saya budi77", "kata kunci saya [kata sandi disamarkan]", "password"),
        ("otp-nya: ABC123", "otp-nya: [OTP disamarkan]", "otp"),
        ("kartu 4111 1111 1111 1111", "kartu [nomor kartu disamarkan]", "card"),
        ("4111.1111.1111.1111 ya", "[nomor kartu disamarkan] ya", "card"),
        ("kartu４１１１１１１１１１１１１１１１", "kartu[nomor kartu disamarkan]", "card"),
        ("4111\u200b1111\u200b1111\u200b1111", "[nomor kartu disamarkan]", "card"),
        ("cvv 123", "cvv [CVV disamarkan]", "cvv"),
    ],
)
def test_a_secret_is_replaced_by_a_placeholder_that_names_it(text, masked, kind):
    result = mask_secrets(text)
    assert result.text == masked
    assert result.kinds == {kind}


@pytest.mark.parametrize(
    "text",
    [
        "PIN saya berubah",
        "lupa password",
        "password salah mulu padahal yakin bener",
        "pw salah2 terus",
        "password saya tidak bisa",
        "ganti password",
        "lupa password budi.hartono@example.com",
        "lupa password budi@gmail",
        "password salah!!tolong",
        "password/username tidak cocok",
        "password #TolongTokopedia",
        "kata kunci: sepatu lari",
        "kata kunci iphone13 tidak muncul",
        "kata kunci saya tidak bisa",
        "OTP: 5menit baru masuk",
        "otp: tidak masuk",
        "OTP 5 menit lalu saya kasih ke orang",
        "OTP sudah 3 kali gagal",
        "INV/20261117/8841 belum sampai",
        "ID TP4410 depo 5.000.211 ke BRI",
        "Rp 12.500.000 dan 4.000.000 dan 5.000.211",
        "hp 0812-3456-7890 / 081298765432",
        "IMEI 356938035643809",
        "resi 00219938812",
        "OTP saya tidak masuk ke 081234567890",
    ],
)
def test_what_an_officer_needs_stays(text):
    assert mask_secrets(text).text == text


def test_several_codes_in_a_row_all_go():
    assert not any(c.isdigit() for c in mask_secrets("OTP 483920 dan 112233 lalu 5566").text)


def _luhn(digits: str) -> str:
    total = 0
    for index, digit in enumerate(reversed(digits + "0")):
        value = int(digit) * (2 if index % 2 else 1)
        total += value - 9 if value > 9 else value
    return digits + str(-total % 10)


_SEPARATORS = st.sampled_from(["", " ", "-", ".", "\u200b", "  ", " - ", "\u00a0", "\u2060"])


@given(st.from_regex(r"4[0-9]{14}", fullmatch=True), _SEPARATORS, st.sampled_from([4, 1, 2]))
def test_no_card_survives_however_it_is_spaced(stem, separator, size):
    number = _luhn(stem)
    groups = [number[i : i + size] for i in range(0, len(number), size)]
    result = mask_secrets("bayar pakai " + separator.join(groups) + " kemarin")
    assert "card" in result.kinds
    assert not any(c.isdigit() for c in result.text)


@given(
    st.sampled_from(["OTP", "kode otp saya", "PIN", "pin saya", "kode verifikasi:", "OTP nya ="]),
    st.from_regex(r"[0-9]{6}", fullmatch=True),
    st.sampled_from(["", " ", "-", "\u200b", "."]),
)
def test_no_digit_of_a_code_survives(label, code, separator):
    text = f"{label} {separator.join([code[:3], code[3:]])} tolong"
    assert not any(c.isdigit() for c in fold(mask_secrets(text).text).text)


@settings(max_examples=200)
@given(
    st.lists(
        st.one_of(
            st.text(max_size=12),
            st.sampled_from(["OTP", "pin", "password:", "kartu", "4111 1111 1111 1111", "123456"]),
            st.sampled_from(list(PLACEHOLDERS.values())),
        ),
        max_size=12,
    ).map(" ".join)
)
def test_masking_twice_changes_nothing_more(text):
    once = mask_secrets(text).text
    assert mask_secrets(once).text == once


HOSTILE = {
    "brackets": "[" * 10**6,
    "digits": "4" * 10**6,
    "spaced digits": "4 " * 500_000,
    "labels": "pin " * 250_000,
    "label and filler": "otp saya " * 110_000,
    "passwords": "pw:" * 330_000,
    "quotes": 'pw "a' * 170_000,
    "amounts": "5.000." * 160_000,
    "pairs": "12 34 " * 160_000,
    "zero width": "4\u200b" * 500_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_megabyte_of_hostile_text_stays_cheap(name):
    started = time.process_time()
    mask_secrets(HOSTILE[name])
    assert time.process_time() - started < 4  # about 1 s alone; room for a slow shared core
