"""What the index holds of one ticket, as the text of a tsvector.

Sections: A subject and numbers, B people, C what customer and desk wrote to each other, D internal
notes. A reporter's search names the sections A, B and C.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from bahasa.folding import fold
from bahasa.search_words import places_in
from tickets.models import Message
from tickets.numbers import PREFIX
from tickets.search.labels import labels_of
from tickets.search.tsquery import quoted

# PostgreSQL's own limits are 16,383 places and a megabyte.
MOST_PLACES = 16_000
MOST_CHARACTERS = 500_000
MOST_OF_ONE_WORD = 60
BETWEEN_TEXTS = 10  # so that no phrase reaches from one text into the next
_LOCAL = re.compile(r"^\+62")


class _Places:
    def __init__(self) -> None:
        self._words: dict[str, list[str]] = {}
        self._next = 0
        self._size = 0

    def add(self, text: str, section: str) -> None:
        """The words of one text; of what no longer fits, nothing."""
        offset, words = self._next, self._words
        for within, lexemes, _start, _end in places_in(fold(text).text):
            place = offset + within
            if place > MOST_PLACES or self._size > MOST_CHARACTERS:
                break
            self._next = place
            for lexeme in lexemes:
                places = words.get(lexeme)
                if places is None:
                    places = words[lexeme] = []
                    self._size += len(lexeme)
                if len(places) < MOST_OF_ONE_WORD:
                    places.append(f"{place}{section}")
                    self._size += 4
        self._next += BETWEEN_TEXTS

    def text(self, labels: Iterable[str]) -> str:
        words = (f"{quoted(word)}:{','.join(places)}" for word, places in self._words.items())
        return " ".join([*words, *map(quoted, labels)])


def entry_of(ticket: Any, messages: Iterable[tuple[str, str]], involved: Iterable[int]) -> str:
    """`messages`: kind and body, in the order in which they are to be kept when there are too many."""
    places = _Places()
    places.add(ticket.number, "A")
    places.add(ticket.number.removeprefix(f"{PREFIX}-"), "A")
    places.add(ticket.order_number, "A")
    places.add(ticket.subject, "A")
    for text in _people(ticket):
        places.add(text, "B")
    for kind, body in messages:
        places.add(body, "D" if kind == Message.Kind.NOTE else "C")
    return places.text(labels_of(ticket, involved))


def _people(ticket: Any) -> Iterable[str]:
    customer, shop, agent = ticket.customer, ticket.shop, ticket.agent
    yield customer.name
    yield customer.email or ""
    yield from _as_dialled(customer.phone or "")
    if shop is not None:
        yield shop.name
    if agent is not None:
        yield agent.name
        yield agent.code
        yield from _as_dialled(agent.phone)


def _as_dialled(phone: str) -> Iterable[str]:
    """Also with the 0 that people in the country dial."""
    yield phone
    if phone.startswith("+62"):
        yield _LOCAL.sub("0", phone)
