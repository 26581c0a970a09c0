"""What the learned reader looks at in a complaint: letters, meanings and facts, with their places.

- letters: runs of 3 to 5 letters inside each word as written; digits count as 0.
- meanings: what each word means (`bahasa.meanings`), else its root, alone and in pairs at most
  three words apart; a meaning that is denied, supposed, over or another's is one of its own.
- facts: the concepts of the rule set that occur, the rules that fired, who writes and how.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from bahasa.folding import Folded
from bahasa.meanings import meanings_of
from bahasa.search_words import stem
from tickets.triage.reading import Reading

# Change it whenever a complaint would be seen otherwise: a model learnt before is then stale.
SIGHT = 1
SHORTEST, LONGEST = 3, 5
_APART = 3
_LONGEST_WORD = 40
Name = str | tuple[str, str]
_WORD = re.compile(r"\S+")
_NO_DIGITS = str.maketrans("123456789", "0" * 9)
_DENIALS = frozenset(["tidak", "bukan", "belum", "tanpa", "jangan"])


def written_words(text: Folded) -> Iterator[tuple[str, int, int]]:
    """Each word as it stands between spaces, folded, with its place in the folded text."""
    for match in _WORD.finditer(text.text):
        word = match[0][:_LONGEST_WORD]
        start, end = match.span()
        yield (word if word.isalpha() else word.translate(_NO_DIGITS)), start, end


def letters_of(word: str) -> list[str]:
    """Its runs of letters, with its edges marked."""
    marked = f"<{word}>"
    return [
        marked[at : at + size]
        for size in range(SHORTEST, LONGEST + 1)
        for at in range(len(marked) - size + 1)
    ]


@lru_cache(maxsize=50_000)
def _names_of(word: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The meanings of a word, and by what names it stands in pairs."""
    if word[0].isdigit():
        return (), ("#",)
    meanings = meanings_of(word)
    root = stem(word)
    if root in _DENIALS or not meanings:
        return meanings, (root,)
    return meanings, meanings[:2]


def meanings_in(reading: Reading) -> list[tuple[Name, int, int]]:
    """Meanings and pairs, each with the first and last token that it stands on."""
    scopes = reading.scopes
    known = [_names_of(token.word) for token in reading.tokens]
    found: list[tuple[Name, int, int]] = []
    sentence, began = -1, 0
    for at, token in enumerate(reading.tokens):
        meanings, here = known[at]
        if meanings:
            status = "live" if scopes.plain else scopes.status_at(at)
            for meaning in meanings:
                found.append((meaning, at, at))
                if status != "live":
                    found.append(((status, meaning), at, at))
        if token.sentence != sentence:
            sentence, began = token.sentence, at
        for back in range(max(began, at - _APART), at):
            for one in known[back][1]:
                found += [((one, two), back, at) for two in here]
    return found


def facts_of(reading: Reading, fired: Iterable[tuple[str, str]]) -> tuple[list[str], list[str]]:
    """What the rules saw (`fired` as rule and category), and who writes how."""
    seen = [
        f"{concept} {status}"
        for concept, found in reading.found.items()
        for status in {item.status for item in found}
    ]
    fired = list(fired)
    seen += [f"rule {rule}" for rule, _ in fired]
    seen += [f"for {category}" for category in {category for _, category in fired}]
    if fired:
        seen.append(f"first {fired[0][1]}")
    complaint = reading.complaint
    manner = [
        f"{len(reading.tokens) // 10} tens of words" if len(reading.tokens) < 60 else "long",
        f"{min(2, len(reading.amounts))} amounts",
        f"{min(2, len(reading.durations))} lengths of time",
    ]
    if "?" in complaint.body or "?" in complaint.subject:
        manner.append("asks")
    if complaint.body.rstrip().endswith("?"):
        manner.append("ends asking")
    if complaint.subject.rstrip().endswith("?"):
        manner.append("heading asks")
    manner += [f"{complaint.reporter} {each}" for each in manner]
    manner += [complaint.reporter, complaint.channel, f"{complaint.reporter} {complaint.channel}"]
    if complaint.amount_idr is not None:
        manner.append("amount given")
    if complaint.days_open is not None:
        manner.append("days given")
    return seen, manner
