"""Which known word somebody meant who hit a wrong key."""

from __future__ import annotations

from collections.abc import Iterable

SHORTEST = 4


def slips_allowed(word: str) -> int:
    """How many wrong keys a word of this length may hold; none where it could be any word."""
    if len(word) < SHORTEST:
        return 0
    return 1 if len(word) < 7 else 2 if len(word) < 11 else 3


def closest(word: str, known: Iterable[tuple[str, int]]) -> str | None:
    """The nearest of `known` words (each with how often it is seen); of equals the commonest."""
    allowed = slips_allowed(word)
    near = [
        (slips, -seen, other)
        for other, seen in known
        if other != word and (slips := distance(word, other, allowed)) <= allowed
    ]
    return min(near)[2] if near else None


def distance(one: str, other: str, limit: int) -> int:
    """Letters wrong, missing, too many or swapped with their neighbour; more than `limit` is
    `limit + 1`."""
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        earlier, before = before, row
        row = [i]
        for j, b in enumerate(other, start=1):
            cost = min(before[j] + 1, row[-1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return min(row[-1], limit + 1)
