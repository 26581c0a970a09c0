"""Where in a ticket's texts the words stand, cut short and marked; plain parts, no HTML."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models.functions import Left

from bahasa.search_words import Word, words_of
from bahasa.synonyms import Phrase
from tickets.models import Message, Ticket
from tickets.search.question import Wanted

READ = 6000
AROUND = 60
LENGTH = 170
MOST_TEXTS = 400


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    hit: bool


@dataclass(frozen=True, slots=True)
class Excerpt:
    """`kind` is that of the message it was cut from."""

    kind: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A found ticket as a row shows it; `excerpt` is None where no message holds the words."""

    ticket: Ticket
    subject: tuple[Piece, ...]
    customer: tuple[Piece, ...]
    order_number: tuple[Piece, ...]
    excerpt: Excerpt | None


def shown(tickets: Sequence[Ticket], wanted: Wanted, *, internal: bool) -> list[Shown]:
    """One statement for the texts of all. Internal notes only for the desk (`internal`)."""
    texts = _texts_of([ticket.pk for ticket in tickets], internal=internal)
    return [
        Shown(
            ticket,
            marked(ticket.subject, wanted),
            marked(ticket.customer.name, wanted),
            _only_if_hit(marked(ticket.order_number, wanted)),
            _excerpt(texts[ticket.pk], wanted),
        )
        for ticket in tickets
    ]


def marked(text: str, wanted: Wanted) -> tuple[Piece, ...]:
    """The whole text in pieces, those that were asked for as hits."""
    return _pieces(text, hits_in(text, wanted), 0, len(text))


def hits_in(text: str, wanted: Wanted) -> list[tuple[int, int]]:
    """Start and end of each hit, in order, without overlaps."""
    words = words_of(text)
    spans = [(word.start, word.end) for word in words if not wanted.words.isdisjoint(word.lexemes)]
    present = {lexeme for word in words for lexeme in word.lexemes}
    for phrase in wanted.phrases:
        if present.issuperset(phrase):
            spans += _spans_of(phrase, words)
    found: list[tuple[int, int]] = []
    for start, end in sorted(set(spans)):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _spans_of(phrase: Phrase, words: Sequence[Word]) -> Iterable[tuple[int, int]]:
    for at in range(len(words) - len(phrase) + 1):
        run = words[at : at + len(phrase)]
        if all(wanted in word.lexemes for word, wanted in zip(run, phrase, strict=True)):
            yield run[0].start, run[-1].end


def _texts_of(ids: list[int], *, internal: bool) -> defaultdict[int, list[tuple[str, str]]]:
    messages = Message.objects.filter(ticket_id__in=ids)
    if not internal:
        messages = messages.exclude(kind=Message.Kind.NOTE)
    rows = messages.order_by("-id").values_list("ticket_id", "kind", Left("body", READ))
    texts: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    for ticket_id, kind, body in rows[:MOST_TEXTS]:
        texts[ticket_id].append((kind, body))
    return texts


def _excerpt(texts: Iterable[tuple[str, str]], wanted: Wanted) -> Excerpt | None:
    """From the text that holds most of the words; of equals, the latest."""
    best: tuple[int, str, str, list[tuple[int, int]]] | None = None
    for kind, body in texts:
        hits = hits_in(body, wanted)
        different = len({body[start:end].lower() for start, end in hits})
        if hits and (best is None or different > best[0]):
            best = (different, kind, body, hits)
    if best is None:
        return None
    _different, kind, body, hits = best
    start, end = _cut(body, hits)
    pieces = list(_pieces(body, hits, start, end))
    if start > 0:
        pieces.insert(0, Piece("… ", hit=False))
    if end < len(body):
        pieces.append(Piece(" …", hit=False))
    return Excerpt(kind, tuple(pieces))


def _cut(body: str, hits: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The stretch with the most hits, begun a little before its first, between words."""
    first = max(hits, key=lambda hit: sum(hit[0] <= start < hit[0] + LENGTH for start, _e in hits))
    start = max(0, first[0] - AROUND)
    if start > 0:
        start = body.find(" ", start, first[0]) + 1 or first[0]
    end = min(len(body), start + LENGTH)
    if end < len(body):
        space = body.rfind(" ", first[1], end)
        end = space if space > 0 else max(end, first[1])
    return start, end


def _pieces(text: str, hits: Iterable[tuple[int, int]], start: int, end: int) -> tuple[Piece, ...]:
    found: list[Piece] = []
    at = start
    for first, last in hits:
        if first < at or last > end:
            continue
        if first > at:
            found.append(Piece(text[at:first], hit=False))
        found.append(Piece(text[first:last], hit=True))
        at = last
    if at < end:
        found.append(Piece(text[at:end], hit=False))
    return tuple(found)


def _only_if_hit(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    return pieces if any(piece.hit for piece in pieces) else ()
