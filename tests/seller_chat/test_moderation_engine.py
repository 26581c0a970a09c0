from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seller_chat.moderation.reading import LONGEST_READ
from tests.seller_chat.moderation import judge, shipped

DIVERSION = "off_platform_diversion"


@pytest.mark.parametrize(
    "text",
    [
        "chat aja ke 0813 4455 6677 kak",
        "nol delapan satu tiga, empat empat lima lima, enam enam tujuh tujuh",
        "w.a o813 4455 6677 ya",
        "IG @kebayaku.asli cek ya",
        "tele: t titik me garis miring kebayaku",
        "tf ke rek BCA 8830 1122 33",
        "pesan di kebaya-ku.shop aja",
        "kirim ke kebayaku (at) gmail (dot) com",
    ],
)
def test_contacts_are_found_however_they_are_written(text):
    assert DIVERSION in judge(text).violations


@pytest.mark.parametrize(
    ("sender", "text"),
    [
        ("seller", "resinya 081345678901234, dikirim tadi pagi kak"),
        ("buyer", "nomor penerima 0813 4455 6677 ya kak, kurirnya suruh telepon dulu"),
        ("seller", "lihat di https://www.tokopedia.com/toko/kebaya-biru ya kak"),
        ("seller", "harga 1.250.000, ukuran 36-40, berat 1200 gram"),
    ],
)
def test_innocent_numbers_and_links_are_left_alone(sender, text):
    assert judge(text, sender).violations == ()


@pytest.mark.parametrize(
    ("sender", "text", "found"),
    [
        ("seller", "[isi disamarkan: bujukan seksual kepada murid]", {"minor_safety"}),
        ("buyer", "[isi disamarkan] kiriman gambar porno kepada admin", {"sexual_content"}),
        ("seller", "[isi disamarkan: nomor rekening pembeli]", set()),
    ],
)
def test_a_message_masked_before_it_came_here_is_judged_by_what_is_said_of_it(sender, text, found):
    judged = set(judge(text, sender).violations)
    assert judged & {"minor_safety", "sexual_content"} == found


@pytest.mark.parametrize(
    ("sender", "text", "found"),
    [
        ("seller", "dompet chanel tiruan, ga bakal ketauan", {"illegal_goods", "ip_infringement"}),
        ("buyer", "takut tiruan nih, dompet chanel ini asli kan?", set()),
    ],
)
def test_a_copied_brand_is_told_from_the_fear_of_one(sender, text, found):
    assert set(judge(text, sender).violations) == found


def test_a_host_that_only_looks_like_the_platform_is_foreign():
    assert DIVERSION in judge("login di tokopedia.com.hadiah-toko.xyz kak").violations


def test_padding_does_not_hide_a_contact():
    padding = "bahan katun adem nyaman dipakai sehari-hari dan mudah dicuci. " * 40
    decision = judge(f"{padding} wa 0813 4455 6677 ya {padding}")
    assert DIVERSION in decision.violations


def test_every_violation_is_explained_with_the_words_as_written():
    text = "Kak, Transfer ke BCA 8830 1122 33 dong"
    decision = judge(text)
    reasons = [reason for reason in decision.reasons if reason.effect == "found"]
    assert {reason.violation for reason in reasons} == set(decision.violations)
    for reason in decision.reasons:
        assert reason.text_id
        assert reason.text_en
        for evidence in reason.evidence:
            assert text[evidence.start : evidence.end] == evidence.text
    assert any("8830 1122 33" in item.text for reason in reasons for item in reason.evidence)


def test_the_nearest_rule_that_did_not_fire_is_told():
    decision = judge("kak ready warna hitam?", "buyer")
    (nearest,) = [reason for reason in decision.reasons if reason.effect == "nearest"]
    assert nearest.violation not in decision.violations
    assert nearest.rule in {rule.name for rule in shipped()[0].rules}


def test_a_more_specific_violation_absorbs_the_general_one():
    decision = judge("kasih 3 pcs gratis atau saya bintang 1 in semua produk kamu", "buyer")
    assert decision.violations == ("extortion_by_buyer",)


def test_a_decision_is_the_same_every_time():
    text = "promo gila-gilaan kak, yuk checkout, atau wa 0813 4455 6677"
    assert judge(text) == judge(text)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=600), st.sampled_from(["seller", "buyer"]))
def test_any_text_gets_a_decision(text, sender):
    decision = judge(text, sender)
    assert 0 <= decision.confidence <= 1
    for reason in decision.reasons:
        for evidence in reason.evidence:
            assert text[evidence.start : evidence.end] == evidence.text


HOSTILE = [
    "08" * 5,
    "nol satu ",
    "a.b-",
    "t titik me ",
    "@x.",
    "w a ",
    "1.",
    "(at)",
    "\u0301a",
    "((",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_text_takes_time_linear_in_its_length(piece):
    def seconds(size: int) -> float:
        """The best of three: a busy neighbour only ever adds to it."""
        text, best = (piece * size)[:size], float("inf")
        for _ in range(3):
            began = time.process_time()
            judge(text)
            best = min(best, time.process_time() - began)
        return best

    short, long = seconds(4_000), seconds(16_000)
    assert long < max(12 * short, 0.5)


def test_what_lies_beyond_the_limit_costs_nothing():
    began = time.process_time()
    judge("a" * (50 * LONGEST_READ))
    assert time.process_time() - began < 5


def test_a_violation_beside_the_likeliest_one_is_found_too():
    decision = judge("hapus ulasan jelekmu, kalau tidak akun kamu kami blokir", "seller")
    assert set(decision.violations) == {"review_manipulation", "threat"}
    decision = judge("masih ngotot retur? alamat dan ktp kamu saya sebar di grup", "seller")
    assert set(decision.violations) == {"privacy_misuse", "threat"}
