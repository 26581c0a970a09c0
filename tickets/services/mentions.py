"""@names in an internal note: each person named is told, once, if they may see the ticket."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from people.actors import Actor
from people.models import User
from tickets.models import EventKind, Message, Ticket
from tickets.selectors import people_who_see
from tickets.services.changes import record
from tickets.services.notices import notify


def tell_mentioned(ticket: Ticket, note: Message, *, actor: Actor, at: datetime) -> list[User]:
    """Record who was named in the note and tell them; who may not see the ticket is no name."""
    if "@" not in note.body:
        return []
    found = mentioned_in(note.body, people_who_see(ticket))
    people = [person for person in found if person != actor.user]
    if people:
        data = {"note": note.pk, "people": [person.pk for person in people]}
        event = record(ticket, actor=actor, kind=EventKind.MENTIONED, at=at, data=data)
        notify(ticket, event, people)
    return people


def mentioned_in(text: str, people: Iterable[User]) -> list[User]:
    """Who of `people` is named after an @, in the order of the text, each once.

    A name is the full name, the part of the e-mail address before its @, or a first name that only
    one of them has; of several that fit the longest counts.
    """
    names = _names(people)
    longest = sorted(names, key=len, reverse=True)
    folded = text.casefold()
    found: dict[int, User] = {}
    for place, sign in enumerate(folded):
        if sign != "@" or (place and folded[place - 1].isalnum()):
            continue
        rest = folded[place + 1 :]
        name = next((name for name in longest if rest.startswith(name) and _ends(rest, name)), None)
        if name is not None:
            found.setdefault(names[name].pk, names[name])
    return list(found.values())


def _ends(rest: str, name: str) -> bool:
    following = rest[len(name) : len(name) + 1]
    return not (following.isalnum() or following == "_")


def _names(people: Iterable[User]) -> dict[str, User]:
    people = list(people)
    firsts = Counter(person.get_short_name().casefold() for person in people)
    names = {
        person.get_short_name().casefold(): person
        for person in people
        if firsts[person.get_short_name().casefold()] == 1
    }
    names |= {person.email.partition("@")[0].casefold(): person for person in people}
    names |= {person.full_name.casefold(): person for person in people}
    names.pop("", None)
    return names
