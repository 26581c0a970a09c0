from __future__ import annotations

import pytest

from bahasa.folding import fold
from bahasa.negation import find_scopes
from bahasa.normalise import stems, tokenise
from bahasa.phrases import PatternError, PhraseBook

BOOK = PhraseBook(
    {
        "fraud": ["~tipu|penipuan"],
        "silent": ["<seller> ..5 tidak|belum ..2 ~balas"],
        "lost": ["paket ..3 hilang"],
        "danger": ["~setrum", "~bakar"],
    },
    {"seller": ["penjual", "toko"]},
)


def statuses(text: str) -> dict[str, set[str]]:
    tokens = tokenise(text)
    scopes = find_scopes(tokens)
    return {
        concept: {scopes.status(match) for match in matches}
        for concept, matches in BOOK.find(tokens).items()
    }


@pytest.mark.parametrize(
    ("word", "root"),
    [("dibales", "balas"), ("ngirim", "kirim"), ("menipu", "tipu"), ("nyangkut", "sangkut"),
     ("dikembaliin", "kembali"), ("terpotong", "potong"), ("memalsukan", "palsu")],
)  # fmt: skip
def test_roots_are_found_under_affixes_and_slang(word, root):
    assert root in stems(word)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("gk bs", ["tidak", "bisa"]),
        ("sellernya", ["penjual"]),
        ("lamaaaa", ["lama"]),
        ("masuk2", ["masuk"]),
        ("e-wallet", ["ewallet"]),
        ("gabisa", ["tidak", "bisa"]),
        ("ＡＫＵＮ\u200b ku", ["akun", "ku"]),
    ],
)
def test_words_come_in_standard_spelling(text, words):
    assert [token.word for token in tokenise(text)] == words


def test_a_token_knows_its_place_in_the_original():
    text = "a\u200bkun sy di\u00adbajak"
    assert [text[t.start : t.end] for t in tokenise(text)] == ["a\u200bkun", "sy", "di\u00adbajak"]


def test_folding_removes_what_cannot_be_seen():
    assert fold("A\u202eB\x00C\ufeff").text == "abc"


@pytest.mark.parametrize(
    ("text", "concept", "status"),
    [
        ("saya ditipu", "fraud", "live"),
        ("Saya BUKAN korban penipuan", "fraud", "negated"),
        ("tidak menuduh ada penipuan", "fraud", "negated"),
        ("bukan telat, paketnya hilang", "lost", "live"),
        ("Nggak nyetrum atau kebakar sih", "danger", "negated"),
        ("seller ga pernah bales", "silent", "live"),
        ("misal paket hilang gimana", "lost", "supposed"),
        ("saya dituduh penipuan", "fraud", "accused"),
        ("Dulu paket saya sempat hilang, alhamdulillah sudah diganti penuh.", "lost", "resolved"),
        ("Teman saya pernah kena penipuan", "fraud", "other"),
        ("Teman saya kena penipuan, tolong dibantu", "fraud", "live"),
    ],
)
def test_words_count_only_where_they_are_meant(text, concept, status):
    assert statuses(text)[concept] == {status}


@pytest.mark.parametrize("pattern", ["", ".. hilang", "hilang ..", "<nobody> hilang", "a||b c"])
def test_a_broken_pattern_is_refused(pattern):
    with pytest.raises(PatternError):
        PhraseBook({"x": [pattern]})
