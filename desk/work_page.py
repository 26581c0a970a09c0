"""The list beside the ticket: the reader's views, the chosen one's rows, and what changed since."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest

from desk.access import person_of
from desk.bulk_verbs import many_verbs
from desk.dashboard.forecast import likely_missed
from desk.orders import Place
from desk.queue_counts import counts_of, quick_counts
from desk.queue_rows import first_page_of, page_of
from desk.queues import QueueView, narrowed, view_or_404, views_for
from desk.search import Results, results_for, typed_in
from desk.selectors import desk_people
from desk.view_filters import USUAL_COLUMNS
from helpdesk.common import clock
from people.actors import Actor
from people.selectors import team_of_code
from tickets.models import Ticket
from tickets.tag_reads import labels_of_ids

NARROWING = ("state", "priority", "team", "officer", "due", "miss")
CHOSEN = "chosen"


def _is_word(text: str | None) -> bool:
    return bool(text) and text is not None and text.replace("_", "").isalnum()


@dataclass(frozen=True)
class Wanted:
    """What the address asks for; everything unknown falls back to the first view."""

    view: str
    narrow: dict[str, str]
    query: str
    after: Place | None

    @classmethod
    def read(cls, request: HttpRequest) -> Wanted:
        get = request.GET
        return cls(
            view=get.get("view", "mine")[:60],
            narrow={name: get[name][:40] for name in NARROWING if _is_word(get.get(name))},
            query=typed_in(get.get("q", "")),
            after=Place.read(get.get("after", "")[:80]),
        )

    @property
    def address(self) -> str:
        """The query string that leads back to this list, without the place in it."""
        return urlencode(self.parts)

    @property
    def parts(self) -> dict[str, str]:
        parts = {"view": self.view, **self.narrow}
        return parts | {"q": self.query} if self.query else parts


@dataclass(frozen=True)
class Rows:
    tickets: list[Ticket]
    more: Place | None
    view: QueueView | None
    search: Results | None = None


def rows_for(actor: Actor, wanted: Wanted, views: list[QueueView]) -> Rows:
    """A page of the wanted view or of what the search found."""
    if wanted.query:
        results = results_for(actor, wanted.query)
        return Rows(results.tickets, None, None, results)
    view = view_or_404(views, wanted.view)
    person = person_of(actor)
    if wanted.narrow or wanted.after:
        tickets = tickets_of_view(view, wanted)
        rows, more = page_of(tickets, person, wanted.after, order=view.order)
    else:
        rows, more = first_page_of(view, person)
    if "tags" in view.columns:
        label_rows(rows)
    return Rows(rows, more, view)


def tickets_of_view(view: QueueView, wanted: Wanted) -> QuerySet[Ticket]:
    """What the view holds, narrowed as the address says."""
    tickets = narrowed(view.tickets, wanted.narrow)
    return tickets.filter(likely_missed(clock.now())) if "miss" in wanted.narrow else tickets


def work_context(actor: Actor, wanted: Wanted) -> dict[str, Any]:
    """The context of views and list on `desk/work.html`."""
    views = views_for(person_of(actor), clock.for_display())
    rows = rows_for(actor, wanted, views)
    listed = [view for view in views if view.group != "hidden"]
    return {
        "section": "queue",
        "views": listed,
        "counts": counts_of([view for view in listed if not view.saved], person_of(actor)),
        "chosen_count": _chosen_count(actor, wanted, rows.view),
        "view": rows.view,
        "bulk_verbs": many_verbs(actor),
        **_officers(actor, wanted),
        "narrow_team": team_of_code(wanted.narrow["team"]) if "team" in wanted.narrow else None,
        **rows_context(wanted, rows),
    }


def _chosen_count(actor: Actor, wanted: Wanted, view: QueueView | None) -> int | None:
    """Of a list that no count beside its view tells; None as well where counting takes too long."""
    if view is None or not (wanted.narrow or view.group == "hidden"):
        return None
    chosen = replace(
        view, code=CHOSEN, holds=lambda _now: tickets_of_view(view, wanted), key=None, tally=None
    )
    return quick_counts([chosen], person_of(actor)).get(CHOSEN)


def _officers(actor: Actor, wanted: Wanted) -> dict[str, Any]:
    """For leads: whose tickets may be looked at, and whose are."""
    if not actor.may("direct_work"):
        return {}
    people = list(desk_people())
    chosen = wanted.narrow.get("officer", "")
    return {"officers": people, "officer": next((p for p in people if str(p.pk) == chosen), None)}


def label_rows(rows: list[Ticket]) -> None:
    """What their tags are called, on each row; one query."""
    ids = {pk for row in rows for pk in row.tags}
    meant = labels_of_ids(ids)
    for row in rows:
        labels = dict.fromkeys(meant[pk] for pk in row.tags if pk in meant)
        row.tag_labels = list(labels)  # type: ignore[attr-defined]


def rows_context(wanted: Wanted, rows: Rows) -> dict[str, Any]:
    return {
        "wanted": wanted,
        "rows": rows.tickets,
        "columns": rows.view.columns if rows.view else USUAL_COLUMNS,
        "more": rows.more,
        "search": rows.search,
        "shown": shown_text(rows.tickets),
        "unread_rows": sum(1 for row in rows.tickets if getattr(row, "unread", False)),
    }


def shown_text(tickets: list[Ticket]) -> str:
    """`id:version` of each row, so that the next look knows what the reader sees."""
    return ",".join(f"{ticket.pk}:{ticket.version}" for ticket in tickets)


def read_shown(text: str) -> dict[int, int]:
    """The rows that a page shows; nonsense is left out."""
    shown: dict[int, int] = {}
    for part in text[:8000].split(","):
        pk, _colon, version = part.partition(":")
        if pk.isdecimal() and version.isdecimal() and len(pk) < 19:
            shown[int(pk)] = int(version)
    return shown


@dataclass(frozen=True)
class News:
    """What happened to the list since: rows to redraw in place, how many came, how many left."""

    columns: tuple[str, ...]
    changed: list[Ticket]
    arrived: int
    left: int
    shown: str


def news_of(actor: Actor, wanted: Wanted, shown: dict[int, int]) -> News:
    """Rows that changed are redrawn where they stand; new ones only counted, so that none jumps."""
    views = views_for(person_of(actor), clock.for_display())
    found = rows_for(actor, Wanted(wanted.view, wanted.narrow, wanted.query, None), views)
    top = found.tickets
    now = {ticket.pk: ticket for ticket in top}
    # Pages fetched further down are out of sight of `top`: they neither arrive nor leave.
    reach = min(len(shown), len(top))
    first = list(shown)[: max(reach, 1)] if shown else []
    changed = [t for pk, t in now.items() if pk in shown and shown[pk] != t.version]
    known = {**shown, **{ticket.pk: ticket.version for ticket in changed}}
    return News(
        columns=found.view.columns if found.view else USUAL_COLUMNS,
        changed=changed,
        arrived=sum(1 for pk in now if pk not in shown),
        left=sum(1 for pk in first if pk not in now),
        shown=",".join(f"{pk}:{version}" for pk, version in known.items()),
    )
