"""Where in a ticket's texts the words stand, cut short and marked; plain parts, no HTML."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models.functions import Left

from bahasa.contacts import find_contacts
from bahasa.search_words import Word, words_of
from bahasa.synonyms import Phrase
from helpdesk.common.masking import masked_email, masked_phone
from tickets.models import Message, Ticket
from tickets.search.question import Wanted

READ = 6000
AROUND = 60
LENGTH = 170
MOST_TEXTS = 400
_MASKS = {"email": masked_email, "phone": masked_phone}


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
            marked(_name_of(ticket, internal=internal), wanted),
            _only_if_hit(marked(ticket.order_number, wanted)),
            _excerpt(texts[ticket.pk], wanted, hide=internal),
        )
        for ticket in tickets
    ]


def _name_of(ticket: Ticket, *, internal: bool) -> str:
    """At the desk whoever gave no name is shown by a masked contact; for reporters it is their own."""
    return ticket.customer.shown_name if internal else ticket.customer.name


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


def _excerpt(texts: Iterable[tuple[str, str]], wanted: Wanted, *, hide: bool) -> Excerpt | None:
    """From the text that holds most of the words; of equals, the latest. `hide`: with its e-mail
    addresses and telephone numbers masked, since a list shows more tickets than one works on."""
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
    spans = _contacts_in(body, start, end) if hide else []
    pieces = list(_with_masks(body, hits, spans, start, end))
    if start > 0:
        pieces.insert(0, Piece("… ", hit=False))
    if end < len(body):
        pieces.append(Piece(" …", hit=False))
    return Excerpt(kind, tuple(pieces))


def _contacts_in(body: str, start: int, end: int) -> list[tuple[int, int, str]]:
    """Start, end and masked form of each contact of the stretch, also where it is cut by its ends."""
    first = max(0, start - AROUND)
    found = find_contacts(body[first : end + AROUND])
    spans = (
        (c.start + first, c.end + first, _MASKS[c.kind](c.value)) for c in found if c.kind in _MASKS
    )
    return [span for span in spans if span[0] < end and span[1] > start]


def _with_masks(
    body: str,
    hits: Sequence[tuple[int, int]],
    spans: Sequence[tuple[int, int, str]],
    start: int,
    end: int,
) -> Iterable[Piece]:
    """The stretch in pieces; a masked contact is one piece, a hit where any part of it is one."""
    at = start
    for first, last, masked in spans:
        yield from _pieces(body, hits, at, first)
        yield Piece(masked, hit=any(begin < last and stop > first for begin, stop in hits))
        at = last
    yield from _pieces(body, hits, at, end)


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
