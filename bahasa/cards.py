"""Payment card numbers: 13 to 19 digits of a known issuer that pass the Luhn check.

However they are spaced: groups of digits with up to three signs between them. Amounts with dots
(`5.000.211`), phone numbers, order numbers and device numbers are not cards.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate

_RUN = re.compile(r"\d+(?:[^\w\[\]]{1,3}\d+|_\d+)*")
_PIECE = re.compile(r"(?P<amount>(?<!\d)\d{1,3}(?:[.,]\d{3}){1,3}(?!\d))|\d+")
_OTHER_NUMBER = re.compile(
    r"(?:imei|resi|invoice|order|pesanan|hp|telp|serial|sn|npwp|nik)\W{0,3}(?:no\W{0,2})?$"
    r"|(?:inv|mpl|ord|trx|so|po|tp)[/#-]?$"
)
_LUHN_DOUBLE = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


def _is_issuer(digits: str) -> bool:
    """Whether a number of this length may start like this (ISO/IEC 7812 issuer ranges)."""
    size, two, three, four = len(digits), int(digits[:2]), int(digits[:3]), int(digits[:4])
    if digits[0] == "4":
        return size in (13, 16, 18, 19)
    if 51 <= two <= 55 or 2221 <= four <= 2720:
        return size == 16
    if two in (34, 37):
        return size == 15
    if two in (36, 38, 39) or 300 <= three <= 305:
        return size == 14
    if 3528 <= four <= 3589:
        return size == 16
    return size in (16, 18, 19) and (two in (50, 56, 57, 58, 60, 62, 63, 64, 65, 67))


def card_spans(text: str) -> Iterator[tuple[int, int]]:
    """Spans of card numbers in folded text (see `folding.fold`), in order, not overlapping."""
    for run in _RUN.finditer(text):
        if run.end() - run.start() >= 13:
            yield from _cards_in_run(text, run.start(), run.end())


def _cards_in_run(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    if _OTHER_NUMBER.search(text, max(0, start - 20), start):
        return
    groups: list[tuple[int, int]] = []
    for piece in _PIECE.finditer(text, start, end):
        if piece["amount"]:
            yield from _cards_in_groups(text, groups)
            groups = []
        else:
            groups.append(piece.span())
    yield from _cards_in_groups(text, groups)


def _cards_in_groups(text: str, groups: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Cards that start and end on group borders; each Luhn sum from two running sums."""
    digits = "".join([text[first:last] for first, last in groups])
    if len(digits) < 13:
        return
    borders = list(accumulate([last - first for first, last in groups], initial=0))
    values = list(map(int, digits))
    doubled = [_LUHN_DOUBLE[value] for value in values]
    # Two running sums modulo ten: even places counted twice, or odd ones.
    plain, crossed = values[:], values[:]
    plain[0::2], crossed[1::2] = doubled[0::2], doubled[1::2]
    sums = [[total % 10 for total in accumulate(part, initial=0)] for part in (plain, crossed)]
    index, low = 0, 0
    while index < len(groups):
        start = borders[index]
        while low < len(borders) and borders[low] < start + 13:
            low += 1
        found = 0
        # The last digit counts plainly, every second one before it is doubled.
        for end in borders[low : low + 7]:
            running = sums[end & 1]
            if end > start + 19:
                break
            if running[end] == running[start] and _is_issuer(digits[start:end]):
                found = end
        if found:
            last = borders.index(found, low)
            yield groups[index][0], groups[last - 1][1]
            index = last
        else:
            index += 1
