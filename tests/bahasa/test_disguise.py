from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bahasa.disguise import unmask


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("chat w.a aja", "chat wa aja"),
        ("b1ntang t0l0l", "bintang tolol"),
        ("i n s t a g r a m kami", "instagram kami"),
        ("t titik me garis miring gudang", "t.me/gudang"),
        ("budi [at] gmail [dot] com", "budi@gmail.com"),
        ("budi at gmail titik com", "budi@gmail.com"),
        ("gооgle", "google"),  # two Cyrillic letters
        ("b\u200bintang", "bintang"),
    ],
)
def test_disguised_words_are_written_plainly(written, plain):
    assert unmask(written).text == plain


@pytest.mark.parametrize(
    "text",
    ["20rb masuk2 12v", "ukuran s m l", "titik jahit dot putih", "beli di toko", "2x5 m, a4, mp3",
     "08 lima 7 tiga tiga", "nol8satu3"],
)  # fmt: skip
def test_what_is_not_disguised_stays(text):
    assert unmask(text).text == text


def test_places_lead_back_to_what_was_written():
    text = "ikut tele: t titik me garis miring grosir ya"
    plain = unmask(text)
    start = plain.text.index("t.me/grosir")
    first, last = plain.span(start, start + len("t.me/grosir"))
    assert text[first:last] == "t titik me garis miring grosir"


@given(st.text())
def test_any_text_can_be_read(text):
    plain = unmask(text)
    assert len(plain.starts) == len(plain.text)
    assert list(plain.starts) == sorted(plain.starts)
