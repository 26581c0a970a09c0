"""From what was typed to what the index is asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from bahasa.search_words import Word, stems_of, words_of
from bahasa.synonyms import Phrase
from tickets.search import words as known
from tickets.search.synonyms import synonyms_in_force
from tickets.search.tsquery import all_of, any_of, lexeme, none_of, phrase
from tickets.search.typed import Part, Typed

# A number may be cut off where it still names one order, not a whole month's.
SHORTEST_NUMBER_BEGINNING = 6


@dataclass(slots=True)
class Wanted:
    """What a text must hold to be what was asked for; it is marked in the excerpts."""

    words: set[str] = field(default_factory=set)
    phrases: set[Phrase] = field(default_factory=set)


@dataclass(slots=True)
class Question:
    """`words`: the query that ranks ('' when only filters were given); `without`: what must not
    stand in it. `about`: in how many tickets its rarest part stands, None when unknown.
    `doubtful`: words as typed that hardly any ticket holds."""

    words: str
    without: tuple[str, ...]
    wanted: Wanted
    about: int | None
    doubtful: tuple[str, ...]


@dataclass(slots=True)
class _Element:
    """One thing asked for: any of its queries. `seen` counts the tickets, None for numbers."""

    queries: list[str]
    seen: int | None
    written: str = ""


def ask(typed: Typed, sections: str) -> Question:
    """`sections`: which parts of an entry may be searched, '' for all."""
    wanted = Wanted()
    elements = [
        *_plain(typed, sections, wanted),
        *(e for part in typed.words if part.quoted for e in _literal(part, sections, wanted)),
    ]
    counts = [element.seen for element in elements]
    return Question(
        words=all_of(any_of(element.queries) for element in elements) if elements else "",
        without=tuple(_excluded(typed, sections)),
        wanted=wanted,
        about=min((0 if n is None else n for n in counts), default=None),
        doubtful=_doubtful(elements),
    )


def _doubtful(elements: Sequence[_Element]) -> tuple[str, ...]:
    """Words that no ticket holds; where there is none, those that hardly any holds."""
    counted = [(element.written, element.seen or 0) for element in elements if element.written]
    unknown = tuple(word for word, n in counted if n == 0)
    return unknown or tuple(word for word, n in counted if n < known.RARE)


def _plain(typed: Typed, sections: str, wanted: Wanted) -> Iterator[_Element]:
    """The words without quotes: each in all its forms, with what means the same."""
    parts = [part for part in typed.words if not part.quoted]
    words: list[Word] = []
    last: Word | None = None
    for part in parts:
        found = words_of(part.text)
        unfinished = typed.unfinished and part is parts[-1]
        if _is_number(found):
            yield _number(found, sections, wanted, open_end=unfinished)
            continue
        words += found
        if unfinished and found:
            last = found[-1]
    endings = known.endings_of(last.written) if last else {}
    stems = [stem for word in words for stem in stems_of(word.written)]
    owners = [word for word in words for _stem in stems_of(word.written)]
    alternatives = synonyms_in_force().find(stems)
    seen = known.seen(
        {
            *stems,
            *(w.written for w in words),
            *(s for a in alternatives for p in a.phrases for s in p),
        }
    )
    covered: set[int] = set()
    for group in alternatives:
        covered.update(range(group.first, group.last))
        element = _Element([], 0)
        for each in group.phrases:
            _add_phrase(element, each, sections, wanted, seen)
        if last and owners[group.last - 1] is last:
            _add_words(element, endings, sections, wanted)
        yield element
    for at, stem in enumerate(stems):
        if at in covered:
            continue
        word = owners[at]
        element = _Element([], 0, word.written)
        forms = {form: seen.get(form, 0) for form in dict.fromkeys([stem, word.written])}
        _add_words(element, forms | (endings if word is last else {}), sections, wanted)
        yield element


def _is_number(found: Sequence[Word]) -> bool:
    return any(char.isdigit() or char == "@" for word in found[:1] for char in word.written)


def _number(found: Sequence[Word], sections: str, wanted: Wanted, *, open_end: bool) -> _Element:
    """As one word, or its pieces: both ways of writing it are found by either."""
    whole, pieces = found[0].written, found[1:]
    beginning = open_end and len(whole) >= SHORTEST_NUMBER_BEGINNING
    queries = [lexeme(whole, sections, beginning=beginning)]
    wanted.words.add(whole)
    if pieces:
        queries.append(all_of(lexeme(word.written, sections) for word in pieces))
        wanted.words.update(word.written for word in pieces)
    return _Element(queries, None)


def _literal(part: Part, sections: str, wanted: Wanted) -> Iterator[_Element]:
    """In quotes: the words as written, one after the other."""
    found = [word for word in words_of(part.text) if "@" not in word.written]
    found = [w for n, w in enumerate(found) if not n or w.place > found[n - 1].place]
    if not found:
        return
    written = [word.written for word in found]
    gaps = [after.place - word.place for word, after in pairwise(found)]
    seen = known.seen(written)
    counts = [seen.get(word, 0) for word in written]
    if len(written) == 1:
        wanted.words.add(written[0])
        yield _Element([lexeme(written[0], sections)], counts[0])
        return
    wanted.phrases.add(tuple(written))
    yield _Element([phrase(written, gaps, sections, loose=False)], min(counts))


def _add_phrase(
    element: _Element, words: Phrase, sections: str, wanted: Wanted, seen: dict[str, int]
) -> None:
    if len(words) == 1:
        _add_words(element, {words[0]: seen.get(words[0], 0)}, sections, wanted)
        return
    element.queries.append(phrase(list(words), [1] * (len(words) - 1), sections, loose=True))
    element.seen = (element.seen or 0) + min(seen.get(word, 0) for word in words)
    wanted.phrases.add(words)


def _add_words(element: _Element, words: dict[str, int], sections: str, wanted: Wanted) -> None:
    for word, count in words.items():
        element.queries.append(lexeme(word, sections))
        element.seen = (element.seen or 0) + count
        wanted.words.add(word)


def _excluded(typed: Typed, sections: str) -> Iterator[str]:
    for part in typed.excluded:
        found = words_of(part.text)
        if part.quoted and len(found) > 1:
            gaps = [b.place - a.place for a, b in pairwise(found)]
            if all(gaps):
                written = [word.written for word in found]
                yield none_of(phrase(written, gaps, sections, loose=False))
                continue
        for word in found:
            yield none_of(lexeme((stems_of(word.written) or (word.written,))[-1], sections))
