"""What people write, as a search meets it: few words everywhere, many words almost nowhere.

Words follow Zipf's law over a vocabulary of the field's words and of Indonesian roots with their
affixes; the same on every run.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from functools import cache
from itertools import accumulate
from pathlib import Path

from Sastrawi.Stemmer.StemmerFactory import StemmerFactory

SYNONYMS = Path(__file__).resolve().parents[1] / "fixtures" / "search_synonyms.json"
TEXTS = 50_000
WORDS = (10, 26)
AFFIXES = ("{}", "{}", "{}", "{}nya", "di{}", "di{}kan", "ber{}", "{}an", "ter{}", "ke{}an", "se{}")


def texts() -> Iterator[str]:
    """About TEXTS bodies; each word's rank in `vocabulary` tells how common it is."""
    chance = random.Random(20261122)
    words = vocabulary()
    weights = list(accumulate(1 / (rank + 3) for rank in range(len(words))))
    for _number in range(TEXTS):
        size = chance.randint(*WORDS)
        yield " ".join(chance.choices(words, cum_weights=weights, k=size)).capitalize() + "."


@cache
def vocabulary() -> list[str]:
    """The commonest first."""
    chance = random.Random(4711)
    groups = json.loads(SYNONYMS.read_text(encoding="utf-8"))["groups"]
    ours = sorted({word for group in groups for phrase in group for word in phrase.split()})
    roots = sorted(
        word for word in StemmerFactory().get_words() if word.isalpha() and word.islower()
    )
    chance.shuffle(ours)
    chance.shuffle(roots)
    return [*ours, *(chance.choice(AFFIXES).format(root) for root in roots)]
