"""Which tickets are chosen for one order: the ticked ones, or all of a list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from desk.access import person_of
from desk.queues import view_or_404, views_for
from desk.work_page import Wanted, tickets_of_view
from helpdesk.common import clock
from people.actors import Actor
from tickets.models import Ticket
from tickets.numbers import read_number
from tickets.search.finding import all_found
from tickets.selectors import visible_tickets, with_people
from tickets.services import BULK_MOST, JOB_MOST


@dataclass(frozen=True)
class Chosen:
    """The tickets of an order. `everything`: all that match a list, as it was at this moment;
    `exact`: none was left out for there being too many to look through."""

    ids: list[int]
    everything: bool
    source: dict[str, Any]
    exact: bool = True

    @property
    def number(self) -> int:
        return min(len(self.ids), JOB_MOST)

    @property
    def too_many(self) -> bool:
        return len(self.ids) > JOB_MOST

    @property
    def bounded(self) -> bool:
        """There are at least so many."""
        return self.too_many or not self.exact


def chosen_of(actor: Actor, wanted: Wanted, asked: QueryDict) -> Chosen:
    """All of the list that the address tells, or the ticked tickets, at most BULK_MOST + 1."""
    if asked.get("all"):
        return matching(actor, wanted)
    numbers = [read_number(text[:40]) or "" for text in asked.getlist("numbers")[: BULK_MOST + 1]]
    found = dict(visible_tickets(actor).filter(number__in=numbers).values_list("number", "pk"))
    ids = [found[number] for number in dict.fromkeys(numbers) if number in found]
    return Chosen(ids, everything=False, source={})


def matching(actor: Actor, wanted: Wanted) -> Chosen:
    """What the view or search holds now, in its order; one more than a job takes tells of too many.

    Raises Http404 for a view that the actor has not, InvalidInput for an impossible search.
    """
    if wanted.query:
        ids, exact = all_found(actor, wanted.query, internal=True, most=JOB_MOST + 1)
        return Chosen(ids, everything=True, source={"search": wanted.query}, exact=exact)
    views = views_for(person_of(actor), clock.for_display())
    view = view_or_404(views, wanted.view)
    tickets = tickets_of_view(view, wanted)
    ids = []
    for part in view.order.parts:
        rows = view.order.sorted(tickets.filter(part)).values_list("pk", flat=True)
        ids += list(rows[: JOB_MOST + 1 - len(ids)])
        if len(ids) > JOB_MOST:
            break
    source = {"view": view.code, "label": str(view.label), "narrow": wanted.narrow}
    return Chosen(ids, everything=True, source=source)


def first_of(actor: Actor, chosen: Chosen, most: int) -> list[Ticket]:
    """The first of the chosen with what a line shows."""
    ids = chosen.ids[:most]
    seen = with_people(visible_tickets(actor)).defer("description").in_bulk(ids)
    return [seen[pk] for pk in ids if pk in seen]
