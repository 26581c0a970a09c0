"""Who reads live: a signed-in session or the holder of a token, and which events they may learn of."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest

from desk.live.feed import Event
from people.actors import Actor, of_user
from people.models import User
from people.services import token_of_key
from tickets.models import EventKind, Notice
from tickets.selectors import visible_tickets

MAX_KEY = 200


@dataclass(frozen=True)
class Credentials:
    """A session's key or an API token, as the request brought it."""

    session: str = ""
    token: str = ""


@dataclass(frozen=True)
class Reader:
    """A person at the desk, with roles and teams as they were when this was made."""

    user: User

    @property
    def pk(self) -> int:
        return int(self.user.pk)

    @property
    def actor(self) -> Actor:
        return of_user(self.user)


def reader_of(credentials: Credentials) -> Reader | None:
    """The reader, or None when the session has ended, the token is void or the desk is not theirs."""
    user = _user_of(credentials)
    return Reader(user) if isinstance(user, User) and works_here(user) else None


def reader_of_id(pk: int) -> Reader | None:
    user = User.objects.filter(pk=pk, is_active=True).first()
    return Reader(user) if user is not None and works_here(user) else None


def works_here(user: User) -> bool:
    """Events of every kind are told, internal ones too: to the desk alone."""
    return user.is_active and (user.may("see_all_tickets") or user.works_at_desk)


def _user_of(credentials: Credentials) -> Any:
    if credentials.token:
        fits = credentials.token.isascii() and len(credentials.token) <= MAX_KEY
        token = token_of_key(credentials.token) if fits else None
        return token.user if token and token.allows("events:read") else None
    if not credentials.session or len(credentials.session) > MAX_KEY:
        return None
    engine: Any = import_module(settings.SESSION_ENGINE)
    request = HttpRequest()
    request.session = engine.SessionStore(credentials.session)
    return get_user(request)


def visible_ids(reader: Reader, tickets: Collection[int]) -> set[int]:
    """Those of these tickets that the reader may see, by the funnel that every page uses."""
    if reader.user.may("see_all_tickets"):
        return set(tickets)
    found = visible_tickets(reader.actor).filter(pk__in=tickets)
    return set(found.order_by().values_list("pk", flat=True))


def told(reader: Reader, events: Iterable[Event]) -> dict[str, Any]:
    """What this reader may learn of these events, as it is sent: ids and codes, never a word.

    `moved`: a ticket changed its team out of the reader's sight, perhaps from theirs.
    """
    events = list(events)
    visible = visible_ids(reader, {event.ticket_id for event in events})
    shown = [list(event) for event in events if event.ticket_id in visible]
    news: dict[str, Any] = {"events": shown} if shown else {}
    moved = EventKind.RECLASSIFIED.value
    if any(event.kind == moved and event.ticket_id not in visible for event in events):
        news["moved"] = True
    return news


def noticed(events: Iterable[Event], readers: Collection[int]) -> set[int]:
    """Which of these people got a notice by one of the events."""
    ids = [event.id for event in events]
    found = Notice.objects.filter(event_id__in=ids, recipient_id__in=readers)
    return set(found.order_by().values_list("recipient_id", flat=True))
