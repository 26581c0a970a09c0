"""What the learned model sees of a message: words, letter groups, findings, concepts and rules."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

from bahasa import ngrams
from bahasa.ngrams import Occurrence
from seller_chat.moderation.conditions import Outcome
from seller_chat.moderation.reading import Reading

# Against a letter group's 0.25. A rule that fired says more than one word, a concept less.
_WORDS, _RULE, _CONCEPT, _FINDING, _SENDER, _CROSSED = 0.71, 0.86, 0.34, 0.64, 0.71, 0.21


def occurrences(reading: Reading, outcomes: Mapping[str, Outcome]) -> Iterator[Occurrence]:
    """Every feature at every place of the part where it stands."""
    sender = reading.message.sender
    yield Occurrence(f"s:{sender}", _SENDER, 0, 0)
    for item in ngrams.words(reading.tokens):
        yield item._replace(value=item.value * _WORDS)
        if item.name.startswith("w:"):
            yield item._replace(name=f"{sender} {item.name}", value=_CROSSED)
    yield from ngrams.letters(reading.plain)
    for concept, sightings in reading.seen.items():
        for seen in sightings:
            value = _FINDING if concept[0] == "@" else _CONCEPT
            name = f"k:{concept}" if seen.live else f"k:{concept} denied"
            yield Occurrence(name, value, seen.start, seen.end)
            yield Occurrence(f"{sender} {name}", value, seen.start, seen.end)
    for rule, outcome in outcomes.items():
        if outcome.holds:
            for quoted in outcome.evidence:
                start, end = quoted.start - reading.offset, quoted.end - reading.offset
                yield Occurrence(f"x:{rule}", _RULE, start, end)


def features(items: Iterable[Occurrence]) -> dict[str, float]:
    """Each feature once, however often it stands there, as a vector of length one."""
    found = {item.name: item.value for item in items}
    length = math.sqrt(sum(value * value for value in found.values()))
    return {name: value / length for name, value in found.items()} if length else {}
