"""The tickets that hold what was asked for, the best of the newest first, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection
from django.db.models import Max

from helpdesk.common.text import clean_text
from people.actors import Actor
from tickets.models import SearchEntry, Ticket
from tickets.numbers import read_number
from tickets.search import words as known
from tickets.search.filters import Narrowed, narrow
from tickets.search.labels import sight_of
from tickets.search.question import Question, Wanted, ask
from tickets.search.tsquery import EVERYWHERE, PUBLIC, all_of
from tickets.search.typed import LONGEST, Typed, take_apart, with_words_replaced
from tickets.search.windows import Window, first_width, windows
from tickets.selectors import visible_tickets

PAGE_SIZE = 25
# So many at a time where all are wanted.
MANY = 1000
# Of one window so many are ranked; the rest of an uncommonly dense one is left to a narrower search.
MOST_RANKED = 3000
# What a word counts in a note, in a message, in a name, in a subject.
_DESK_WEIGHTS, _PUBLIC_WEIGHTS = "{0.2,0.4,0.8,1.0}", "{0,0.4,0,1.0}"

# `+ 0`: the labels lead through the index of words; the index of ids would read every entry.
_LOOK = """
WITH candidates AS MATERIALIZED (
    SELECT ticket_id, received_at, vector FROM tickets_searchentry
    WHERE (%(match)s = '' OR vector @@ %(match)s::tsquery) AND ticket_id + 0 >= %(low)s AND ticket_id + 0 < %(high)s
    AND received_at >= %(since)s AND received_at < %(until)s
    LIMIT %(most)s
)
SELECT ticket_id, count(*) OVER () FROM candidates
ORDER BY {rank} / (1 + abs(extract(epoch FROM now() - received_at)) / 7776000) DESC, ticket_id DESC
OFFSET %(offset)s LIMIT %(limit)s
"""
_BY_WORDS = _LOOK.format(rank="ts_rank(%(weights)s::real[], vector, %(words)s::tsquery, 1)")
_BY_AGE = _LOOK.format(rank="1.0")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: which tickets were the newest then, how they are cut into windows, in
    which window, after how many rows of it, and how many were counted before."""

    newest: int
    width: int
    window: int
    offset: int

    def __str__(self) -> str:
        return f"{self.newest}.{self.width}.{self.window}.{self.offset}"

    @classmethod
    def read(cls, text: str) -> Place | None:
        """None for anything that is no place."""
        parts = text.split(".")
        if len(parts) != 4 or not all(p.isascii() and p.isdigit() and len(p) < 16 for p in parts):
            return None
        made = cls(*map(int, parts))
        return made if made.width and made.window < 64 and made.offset <= MOST_RANKED else None


@dataclass(frozen=True, slots=True)
class Found:
    """`count` tickets at least; exactly so many when `exact`. `corrected`: what was searched
    instead of what was typed, since that is found nowhere."""

    ids: tuple[int, ...]
    count: int
    exact: bool
    more: Place | None
    wanted: Wanted
    corrected: str = ""


NOTHING = Found((), 0, exact=True, more=None, wanted=Wanted())


def search_tickets(
    actor: Actor, text: str, *, internal: bool, place: Place | None = None, size: int = PAGE_SIZE
) -> Found:
    """Among what the actor may see; internal notes and people's names only with `internal`, for the
    desk. Raises InvalidInput for what is no text, too long, or filters by an impossible value."""
    typed = take_apart(clean_query(text))
    sight = sight_of(actor)
    if sight is None or not typed.parts:
        return NOTHING
    look = _Look(sight, narrow(typed, actor, internal=internal), internal, size)
    found, question = look.at(typed, place)
    if found.ids or place is not None or not question.doubtful:
        return found
    return _corrected(look, typed, question) or found


def all_found(actor: Actor, text: str, *, internal: bool, most: int) -> tuple[list[int], bool]:
    """The ids of everything that the search finds, at most `most`, and whether that is all: of an
    uncommonly dense time only the first are ranked. What was searched for instead is meant here too.
    """
    ids: dict[int, None] = {}
    place, exact = None, True
    while True:
        found = search_tickets(actor, text, internal=internal, place=place, size=MANY)
        ids |= dict.fromkeys(found.ids)
        exact = exact and found.count < MOST_RANKED
        if found.more is None or len(ids) >= most:
            return list(ids)[:most], exact
        text, place = found.corrected or text, found.more


def clean_query(text: str) -> str:
    """Raises InvalidInput. A space at the end stays: it says that the last word is whole."""
    cleaned = clean_text(text, field="q", max_length=LONGEST)
    return f"{cleaned} " if cleaned and text[-1:].isspace() else cleaned


def straight_to(actor: Actor, text: str) -> Ticket | None:
    """The ticket that this is the whole number of, or the one visible ticket of this order."""
    words = text.strip()
    if not words or len(words) > 60:
        return None
    tickets = visible_tickets(actor).defer("description")
    if number := read_number(words):
        return tickets.filter(number=number).first()
    if not any(char.isdigit() for char in words):
        return None
    same = tickets.filter(order_number__in={words, words.upper()})
    found = list(same.order_by("-id")[:2])
    return found[0] if len(found) == 1 else None


@dataclass(frozen=True, slots=True)
class _Look:
    """One actor's way of looking, for what was typed and for what was meant."""

    sight: str
    narrowed: Narrowed
    internal: bool
    size: int

    def at(self, typed: Typed, place: Place | None) -> tuple[Found, Question]:
        question = ask(typed, EVERYWHERE if self.internal else PUBLIC)
        narrowed = self.narrowed
        asked = [question.words, *question.without, *narrowed.queries]
        start = place or _start(question)
        if start is None or not (any(asked) or narrowed.since or narrowed.until):
            return NOTHING, question
        values = {
            "words": question.words,
            "weights": _DESK_WEIGHTS if self.internal else _PUBLIC_WEIGHTS,
            "since": narrowed.since or "-infinity",
            "until": narrowed.until or "infinity",
        }
        return _page(start, [*asked, self.sight], values, self.size, question.wanted), question


def _start(question: Question) -> Place | None:
    newest = SearchEntry.objects.aggregate(newest=Max("ticket_id"))["newest"]
    if newest is None:
        return None
    return Place(newest, first_width(newest, question.about), 0, 0)


def _page(
    start: Place, asked: Sequence[str], values: dict[str, Any], size: int, wanted: Wanted
) -> Found:
    """Rows of one window after the other, until there is one more than the page holds."""
    ids: list[int] = []
    count, place, capped = 0, start, False
    for number, window in enumerate(windows(start.newest, start.width)):
        if number < start.window:
            continue
        offset = start.offset if number == start.window else 0
        rows = _rows_of(window, asked, values, offset, size + 1 - len(ids))
        if rows:
            count += rows[0][1]
            capped = capped or rows[0][1] >= MOST_RANKED
        fits = size - len(ids)
        ids += [ticket_id for ticket_id, _count in rows[:fits]]
        if len(rows) > fits:
            place = replace(start, window=number, offset=offset + fits)
            complete = window.low == 0 and not capped
            return Found(tuple(ids), count, complete, place, wanted)
    return Found(tuple(ids), count, not capped, None, wanted)


def _rows_of(
    window: Window, asked: Sequence[str], values: dict[str, Any], offset: int, limit: int
) -> list[tuple[int, int]]:
    parts = [part for part in [*asked, window.labels] if part]
    with connection.cursor() as cursor:
        cursor.execute(
            _BY_WORDS if values["words"] else _BY_AGE,
            {
                **values,
                "match": all_of(parts) if parts else "",
                "low": window.low,
                "high": window.high,
                "most": MOST_RANKED,
                "offset": offset,
                "limit": limit,
            },
        )
        return cursor.fetchall()


def _corrected(look: _Look, typed: Typed, question: Question) -> Found | None:
    """What was probably meant, and only if this actor's own tickets hold it: the table of words
    knows those of all tickets."""
    meant = {word: other for word in question.doubtful if (other := known.meant_by(word))}
    if not meant:
        return None
    text = with_words_replaced(typed, meant)
    found, _question = look.at(take_apart(text), None)
    return replace(found, corrected=text) if found.ids else None
