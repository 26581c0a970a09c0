"""Folds of a cross-validation in which messages that are much alike stay together."""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Sequence

# Messages whose letter groups agree by more than this (Jaccard) are judged in the same fold.
ALIKE = 0.4
_GROUP = 5


def folds(texts: Sequence[str], count: int, seed: int) -> list[list[int]]:
    """`count` lists of indices, each text in one of them, of about the same size."""
    together: dict[int, list[int]] = defaultdict(list)
    for index, leader in enumerate(_leaders(texts)):
        together[leader].append(index)
    groups = list(together.values())
    random.Random(seed).shuffle(groups)  # noqa: S311 - folds, no secret
    parts: list[list[int]] = [[] for _ in range(count)]
    for group in sorted(groups, key=len, reverse=True):
        min(parts, key=len).extend(group)
    return parts


def _leaders(texts: Sequence[str]) -> list[int]:
    """For each text the first of those that it hangs together with.

    Two texts that alike share one of the rarest letter groups of each: only those are compared.
    """
    grams = [_letter_groups(text) for text in texts]
    often = Counter(gram for found in grams for gram in found)
    holders: dict[str, list[int]] = defaultdict(list)
    leader = list(range(len(texts)))

    def first(index: int) -> int:
        while leader[index] != index:
            index = leader[index]
        return index

    for index, found in enumerate(grams):
        rare = sorted(found, key=lambda gram: (often[gram], gram))
        rare = rare[: len(rare) - int(ALIKE * len(rare)) + 1]
        for other in {other for gram in rare for other in holders[gram]}:
            shared = len(found & grams[other])
            if shared > ALIKE * (len(found) + len(grams[other]) - shared):
                one, another = sorted((first(index), first(other)))
                leader[another] = one
        for gram in rare:
            holders[gram].append(index)
    return [first(index) for index in range(len(texts))]


def _letter_groups(text: str) -> set[str]:
    plain = " ".join(re.findall(r"\w+", text.casefold()))
    return {plain[at : at + _GROUP] for at in range(max(1, len(plain) - _GROUP + 1))}
