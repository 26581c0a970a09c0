from __future__ import annotations

from bahasa.meanings import meanings_of
from bahasa.normalise import tokenise


def test_one_meaning_in_many_words():
    for word in ("dibajak", "hijacked", "digondol", "kebobolan", "terbajak"):
        assert "bajak" in meanings_of(word), word


def test_a_root_brings_its_meaning_to_words_the_table_does_not_hold():
    assert "sengketa" in meanings_of("perselisihan")
    assert meanings_of("zzz") == ()


def test_words_as_they_are_typed_have_the_meaning_of_their_standard_spelling():
    (token,) = tokenise("sellernya")
    assert "penjual" in meanings_of(token.word)
