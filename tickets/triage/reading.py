"""What the engine sees of a complaint: words, concepts and their scope, amounts, durations."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bahasa.amounts import Amount, find_amounts
from bahasa.durations import Duration, find_durations
from bahasa.folding import Folded, fold
from bahasa.negation import Scopes, find_scopes
from bahasa.normalise import Token, tokenise
from bahasa.phrases import Match, PhraseBook
from tickets.triage.decision import Complaint, Evidence

# What lies beyond is attached matter, not the complaint; it keeps hostile input cheap.
LONGEST_READ = 20_000


class Found(NamedTuple):
    """A concept's words in the complaint, and whether they count (`status` is `live`) or why not."""

    match: Match
    status: str


@dataclass(slots=True)
class Reading:
    """One complaint, read. `tokens` are those of the subject, then (from `body_from`) the body's."""

    complaint: Complaint
    tokens: list[Token]
    body_from: int
    found: dict[str, list[Found]]
    amounts: list[tuple[int, str, Amount]]
    durations: list[tuple[int, str, Duration]]
    own_words: dict[str, str]
    folded: dict[str, Folded]
    scopes: Scopes
    _live: dict[str, list[Match]] = field(default_factory=dict)

    def live(self, concept: str) -> list[Match]:
        """The concept's matches that count."""
        if concept not in self.found:
            return []
        known = self._live.get(concept)
        if known is None:
            known = [item.match for item in self.found[concept] if item.status == "live"]
            self._live[concept] = known
        return known

    def any_status(self, concept: str) -> list[Match]:
        return [item.match for item in self.found.get(concept, ())]

    def evidence(self, match: Match) -> Evidence:
        """The words of a match as they were written."""
        name = "subject" if match.first < self.body_from else "body"
        start, end = self.tokens[match.first].start, self.tokens[match.last - 1].end
        text = self.complaint.subject if name == "subject" else self.complaint.body
        return Evidence(name, text[start:end], start, end)


def own_words(text: str) -> str:
    """The text with quoted reply lines and hidden comments blanked out, same length."""
    text = text[:LONGEST_READ]
    if ">" in text:
        text = "\n".join(
            " " * len(line) if line.lstrip().startswith(">") else line for line in text.split("\n")
        )
    at = text.find("<!--")
    while at >= 0:
        end = text.find("-->", at)
        end = len(text) if end < 0 else end + 3
        text = text[:at] + " " * (end - at) + text[end:]
        at = text.find("<!--", end)
    return text


def read(complaint: Complaint, book: PhraseBook) -> Reading:
    """Reads subject and body once, in time linear in their length."""
    own = {"subject": own_words(complaint.subject), "body": own_words(complaint.body)}
    folded = {name: fold(text) for name, text in own.items()}
    heading = tokenise(folded["subject"])
    tokens = heading + tokenise(folded["body"], after=heading[-1] if heading else None)
    scopes = find_scopes(tokens, first_of_body=len(heading))
    status = _live if scopes.plain else scopes.status
    found = {
        concept: [Found(match, status(match)) for match in matches]
        for concept, matches in book.find(tokens).items()
    }
    reading = Reading(complaint, tokens, len(heading), found, [], [], own, folded, scopes)
    for name, text in folded.items():
        _read_numbers(reading, name, text, scopes)
    return reading


def _live(_: Match) -> str:
    return "live"


def _read_numbers(reading: Reading, name: str, folded: Folded, scopes: Scopes) -> None:
    first, last = (
        (0, reading.body_from) if name == "subject" else (reading.body_from, len(reading.tokens))
    )
    starts = [token.start for token in reading.tokens[first:last]]
    for amount in find_amounts(folded):
        at = first + max(0, bisect_right(starts, amount.start) - 1)
        if scopes.status(Match("amount", at, at + 1)) in {"live", "negated", "accused"}:
            reading.amounts.append((at, name, amount))
    for duration in find_durations(folded):
        at = first + bisect_left(starts, duration.start)
        reading.durations.append((at, name, duration))


def distance(position: int, matches: Iterable[Match], tokens: Sequence[Token]) -> int:
    """Words between a position and the nearest match in its sentence; 99 when there is none."""
    best = 99
    if position >= len(tokens):
        return best
    for match in matches:
        if tokens[match.first].sentence == tokens[position].sentence:
            gap = max(match.first - position, position - (match.last - 1), 0)
            best = min(best, gap)
    return best
