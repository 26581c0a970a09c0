"""Which tickets are looked through first, so that a word in a million of them costs no more than one
in a few: the newest few thousand, then ever wider stretches of older ones, until a page is full.

A stretch is named by the labels of its blocks or sections (tickets/search/labels.py), so that the
index itself passes over all the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tickets.search.labels import BLOCK_BITS, SECTION_BITS, label
from tickets.search.tsquery import any_of

NARROWEST = 2 << BLOCK_BITS
WIDER = 4
MOST_LABELS = 40
# Among so many candidates a page's worth is found even where some are not for this reader.
ENOUGH = 120


@dataclass(frozen=True, slots=True)
class Window:
    """Tickets with `low` <= id < `high`; `labels` is '' where all older ones are meant."""

    low: int
    high: int
    labels: str


def first_width(newest: int, about: int | None) -> int:
    """How many of the newest tickets probably hold enough; `about`: how many hold it at all."""
    if about is None:
        return NARROWEST
    expected = ENOUGH * (newest + 1) // max(about, 1)
    return max(NARROWEST, min(expected, newest + 1))


def windows(newest: int, width: int) -> Iterator[Window]:
    """From the newest ticket's id down to the first, each wider than the one before."""
    high = newest + 1
    while high > 0:
        low, labels = _stretch(max(0, high - width), high)
        yield Window(low, high, labels)
        high, width = low, width * WIDER


def _stretch(low: int, high: int) -> tuple[int, str]:
    """Widened to whole blocks or sections; to everything where those are too many to name."""
    for name, bits in (("block", BLOCK_BITS), ("section", SECTION_BITS)):
        first, last = low >> bits, (high - 1) >> bits
        if last - first < MOST_LABELS:
            return first << bits, any_of(label(name, n) for n in range(first, last + 1))
    return 0, ""
