from __future__ import annotations

from seller_chat.moderation.folds import folds

TEXTS = [
    "awas ya kak, alamat rumahnya sudah saya simpan",
    "warna hitam masih ada kak",
    "pesanan kakak dikirim besok pagi ya",
    "awas ya kak, alamat rumahnya udah saya simpan",
    "kirim hari ini bisa tidak?",
    "ukuran empat puluh setara berapa senti",
    "Awas ya kak! alamat rumah sudah saya simpan",
]


def test_messages_that_are_much_alike_share_a_fold():
    parts = folds(TEXTS, 3, seed=1)
    holding = [part for part in parts if {0, 3, 6} & set(part)]
    assert len(holding) == 1
    assert {0, 3, 6} <= set(holding[0])


def test_each_message_is_in_one_fold_and_the_folds_are_of_a_size():
    texts = [letter * 9 for letter in "abcdefghijklmnopqrst"]
    parts = folds(TEXTS + texts, 3, seed=1)
    assert sorted(index for part in parts for index in part) == list(range(len(TEXTS + texts)))
    assert max(map(len, parts)) - min(map(len, parts)) <= 3


def test_the_same_seed_gives_the_same_folds():
    assert folds(TEXTS, 3, seed=5) == folds(TEXTS, 3, seed=5)
