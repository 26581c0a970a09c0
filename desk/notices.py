"""The reader's notices: what happened one by one, and bursts of one kind as one line.

Looks back over the latest WINDOW notices only, however many there are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from django.urls import reverse

from desk.access import person_of
from desk.sentences import ICONS, Names, sentence
from desk.timeline import QUALITY
from helpdesk.common import clock
from people.actors import Actor
from people.models import User
from tickets.models import EventKind, Notice
from tickets.selectors import visible_tickets

WINDOW = 2000
LINES = 60
# Fewer than this of a burst are told one by one.
BURST_FROM = 6
# Notices of one kind belong to one burst while no pause between them is longer.
PAUSE = timedelta(minutes=1)
PREVIEW = 8
# Where the reader finds the tickets of a burst, when a view of the queue holds just these.
VIEWS = {
    EventKind.BREACHED: "late",
    EventKind.WARNED: "risk",
    EventKind.ESCALATION_REQUESTED: "verify",
    EventKind.ESCALATED: "today",
}


@dataclass(frozen=True)
class NoticeLine:
    """One notice in words."""

    notice: Notice
    text: str
    icon: str

    @property
    def url(self) -> str:
        """The ticket, or the review that the notice is about."""
        event = self.notice.event
        if event.kind in QUALITY:
            return reverse("desk:quality_review", args=[event.data["review"]])
        return reverse("desk:ticket", args=[self.notice.ticket.number])


@dataclass(frozen=True)
class Burst:
    """Many notices of one kind at once; `lines` are its latest few, `more` the rest.

    `open_ended`: it reaches back beyond what was read, so the count is 'at least'.
    """

    label: str
    icon: str
    kind: str
    newest: int
    oldest: int
    count: int
    unread: int
    at: datetime
    view: str
    lines: list[NoticeLine]
    open_ended: bool

    @property
    def more(self) -> int:
        return self.count - len(self.lines)


@dataclass(frozen=True)
class _Brief:
    pk: int
    kind: str
    at: datetime
    read_at: datetime | None


def notices_of(actor: Actor, views: frozenset[str] = frozenset()) -> list[NoticeLine | Burst]:
    """The latest notices of tickets that the reader may still see, newest first. Three queries.

    `views`: the codes of the views of the queue that the reader has.
    """
    mine = Notice.objects.filter(recipient=person_of(actor))
    if not actor.may("see_all_tickets"):
        mine = mine.filter(ticket__in=visible_tickets(actor))
    latest = mine.order_by("-id").values_list("pk", "event__kind", "created_at", "read_at")
    briefs = [_Brief(*row) for row in latest[:WINDOW]]
    parts = list(_parts(briefs))[:LINES]
    lines = _lines(list(chain.from_iterable(part[:PREVIEW] for part in parts)))
    full = len(briefs) == WINDOW
    return [
        lines[part[0].pk]
        if len(part) == 1
        else _burst(part, lines, views, open_ended=full and part[-1] is briefs[-1])
        for part in parts
    ]


def _parts(briefs: list[_Brief]) -> Iterator[list[_Brief]]:
    """Bursts whole, everything else by itself; each stands where its newest notice does."""
    runs: list[list[_Brief]] = []
    latest: dict[str, list[_Brief]] = {}
    for brief in briefs:
        run = latest.get(brief.kind)
        if run is None or run[-1].at - brief.at > PAUSE:
            run = latest[brief.kind] = []
            runs.append(run)
        run.append(brief)
    split = (run if len(run) >= BURST_FROM else None for run in runs)
    parts = chain.from_iterable(
        [whole] if whole else [[brief] for brief in run]
        for whole, run in zip(split, runs, strict=True)
    )
    return iter(sorted(parts, key=lambda part: -part[0].pk))


def _lines(briefs: list[_Brief]) -> dict[int, NoticeLine]:
    rows = (
        Notice.objects.filter(pk__in=[brief.pk for brief in briefs])
        .select_related("event__actor", "ticket")
        .defer("ticket__description")
    )
    names = Names(row.event for row in rows)
    return {
        row.pk: NoticeLine(
            notice=row, text=sentence(row.event, names), icon=ICONS.get(row.event.kind, "bell")
        )
        for row in rows
    }


def _burst(
    part: list[_Brief], lines: dict[int, NoticeLine], views: frozenset[str], *, open_ended: bool
) -> Burst:
    kind = part[0].kind
    wanted = VIEWS.get(EventKind(kind), "")
    return Burst(
        label=str(EventKind(kind).label),
        icon=ICONS.get(kind, "bell"),
        kind=kind,
        newest=part[0].pk,
        oldest=0 if open_ended else part[-1].pk,
        count=len(part),
        unread=sum(brief.read_at is None for brief in part),
        at=part[0].at,
        view=wanted if wanted in views else "",
        lines=[lines[brief.pk] for brief in part[:PREVIEW]],
        open_ended=open_ended,
    )


def mark_read(
    user: User,
    *,
    ticket_number: str = "",
    until: datetime | None = None,
    kind: str = "",
    newest: int | None = None,
    oldest: int = 0,
) -> int:
    """How many were unread (until then). Another person's notices are never touched."""
    wanted: dict[str, Any] = {}
    if ticket_number:
        wanted["ticket__number"] = ticket_number
    if until is not None:
        wanted["created_at__lte"] = until
    if newest is not None:
        wanted |= {"event__kind": kind, "pk__range": (oldest, newest)}
    unread = Notice.objects.filter(recipient=user, read_at__isnull=True, **wanted)
    # Found first, then written by key: joined in the UPDATE itself, a fresh burst that the planner
    # has no statistics of yet took half a minute.
    found = list(unread.values_list("pk", flat=True))
    return Notice.objects.filter(pk__in=found, read_at__isnull=True).update(read_at=clock.now())
