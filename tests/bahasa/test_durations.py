from __future__ import annotations

import pytest

from bahasa.durations import DAY, HOUR, MINUTE, find_durations


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("5 hari", 5 * DAY),
        ("lima hari lebih", 5 * DAY),
        ("seminggu", 7 * DAY),
        ("dua minggu", 14 * DAY),
        ("sebulan", 30 * DAY),
        ("30 jam", 30 * HOUR),
        ("15 menit", 15 * MINUTE),
        ("setengah jam", 30 * MINUTE),
        ("sejak 3 hari lalu", 3 * DAY),
        ("2x24 jam", 2 * DAY),
        ("masuk hari ke-8", 8 * DAY),
        ("tanggal 2, hari ini tanggal 9", 7 * DAY),
        ("dari jam 1 siang, skrg jam 4", 3 * HOUR),
        ("dari senin sampai sabtu ini", 5 * DAY),
        ("5hr", 5 * DAY),
        ("sejak 2 Juni hingga hari ini, 12 Juni", 10 * DAY),
        ("tgl 28 mei chat, skrg 4 juni", 6 * DAY),
        ("dari 10.02 skrg 10.18", 16 * MINUTE),
        ("diisi jam 7.05, ini jam 7.40 masih pending", 35 * MINUTE),
        ("nine days of silence", 9 * DAY),
        ("tos dalapan dinten", 8 * DAY),
        ("half an hour", 30 * MINUTE),
        ("udah setengah jem", 30 * MINUTE),
        ("dr kmrn jam 9 pagi, skrg jam 11 blm masuk", 26 * HOUR),
        ("sejak kemarin pagi jam 8, sekarang sudah siang", 28 * HOUR),
        ("dari kemarin siang sampai siang ini", 24 * HOUR),
        ("kemarin jam 9 malam, sekarang jam 7 pagi", 10 * HOUR),
        ("kmrn sore, skrg masih pagi", 16 * HOUR),
        ("kemarin jam 1, skrg jam 2 siang", 25 * HOUR),
        ("pending sejak subuh", 3 * HOUR),
        ("diam berminggu-minggu", 14 * DAY),
    ],
)
def test_a_length_of_time_is_read(text, seconds):
    assert [duration.seconds for duration in find_durations(text)] == [seconds]


@pytest.mark.parametrize(
    ("text", "over"),
    [
        ("5 hari", False),
        ("6 hari", True),
        ("5 hari lebih", True),
        ("lebih dari 5 hari", True),
        ("lewat dari 5 hari", True),
        ("belum 6 hari", False),
        ("hampir seminggu", True),
        ("kurang dari 5 hari", False),
    ],
)
def test_over_five_days_means_strictly_more(text, over):
    assert find_durations(text)[0].exceeds(5 * DAY) is over


@pytest.mark.parametrize(
    "text",
    ["Rp 5.000.000", "ID TP4410", "gudang", "hari ini", "12 sepatu, 14 marmer", "10.50 lalu 12.40"],
)
def test_other_words_are_no_durations(text):
    assert find_durations(text) == []
