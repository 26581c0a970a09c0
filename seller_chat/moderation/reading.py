"""One message as the rules and the model see it, in parts of a few hundred characters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bahasa.disguise import unmask
from bahasa.folding import Folded
from bahasa.negation import Scopes, find_scopes
from bahasa.normalise import Token, tokenise
from bahasa.phrases import Match, PhraseBook
from seller_chat.moderation.decision import Evidence, Message
from seller_chat.moderation.finders import find_all

# A chat message has no more; a padded one is read up to here.
LONGEST_READ = 20_000
# Longer messages are read in parts that overlap, so that padding does not thin anything out.
PART, OVERLAP = 400, 100


@dataclass(frozen=True, slots=True)
class Sighting:
    """A concept or finding: `first` to `last` in tokens, `start` to `end` in the part's text.

    `live` is false where the words are denied ("jangan transfer").
    """

    first: int
    last: int
    start: int
    end: int
    live: bool = True


@dataclass(frozen=True)
class Reading:
    """One part; `offset` is where it begins in the message."""

    message: Message
    offset: int
    plain: Folded
    tokens: Sequence[Token]
    seen: Mapping[str, list[Sighting]]

    def live(self, concept: str) -> list[Sighting]:
        return [item for item in self.seen.get(concept, ()) if item.live]

    def quote(self, start: int, end: int) -> Evidence:
        """Words of this part, with their place in the whole message."""
        start, end = start + self.offset, end + self.offset
        return Evidence(self.message.text[start:end], start, end)


def read(message: Message, book: PhraseBook) -> list[Reading]:
    """The parts of a message (one, where it is short), in time linear in its length."""
    return [
        _read_part(message, start, end, book) for start, end in _parts(message.text[:LONGEST_READ])
    ]


def _parts(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    while len(text) - start > PART + OVERLAP:
        end = text.rfind(" ", start + PART - OVERLAP, start + PART)
        end = start + PART if end < 0 else end
        yield start, end
        # The next part begins at a word inside this one's end.
        again = text.find(" ", end - OVERLAP, end)
        start = end - OVERLAP if again < 0 else again + 1
    yield start, len(text)


def _read_part(message: Message, offset: int, end: int, book: PhraseBook) -> Reading:
    plain = unmask(message.text[offset:end])
    tokens = tokenise(plain)
    scopes = find_scopes(tokens)
    seen: dict[str, list[Sighting]] = {}
    for concept, matches in book.find(tokens).items():
        seen[concept] = [
            Sighting(
                match.first,
                match.last,
                tokens[match.first].start,
                tokens[match.last - 1].end,
                not _is_denied(match, scopes, tokens),
            )
            for match in matches
        ]
    for kind, sighting in _findings(plain, tokens):
        seen.setdefault(kind, []).append(sighting)
    return Reading(message, offset, plain, tokens, seen)


def _is_denied(match: Match, scopes: Scopes, tokens: Sequence[Token]) -> bool:
    """Whether a word before the match denies it; "kalau tidak" (or else) denies nothing."""
    deniers = {scopes.negated.get(match.last - 1), scopes.adjacent.get(match.first)}
    return any(
        at is not None and at < match.first and not (at and tokens[at - 1].word == "kalau")
        for at in deniers
    )


def _findings(plain: Folded, tokens: Sequence[Token]) -> Iterator[tuple[str, Sighting]]:
    at = 0
    for found in find_all(plain):
        start, end = plain.span(found.start, found.end)
        while at + 1 < len(tokens) and tokens[at + 1].start <= start:
            at += 1
        last = at + 1
        while last < len(tokens) and tokens[last].start < end:
            last += 1
        yield found.kind, Sighting(at, last, start, end)
