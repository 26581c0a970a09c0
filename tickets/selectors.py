"""Reads, and the funnel through which everyone reaches a ticket."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple, cast

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from helpdesk.common.together import Shelf, read_together
from people.actors import Actor, of_user
from people.models import Customer, User, organisation
from people.roles import DESK
from tickets.models import (
    Attachment,
    Classification,
    Draft,
    IncidentTicket,
    KeptFile,
    Message,
    Presence,
    Ticket,
    TicketEvent,
    TicketLink,
    Watch,
)
from tickets.states import OPEN_STATES
from tickets.story import INTERNAL

# Pages say every eight seconds that they are still open.
PRESENT = timedelta(seconds=18)


def visible_tickets(actor: Actor) -> QuerySet[Ticket]:
    """What the actor may see: their teams' and own tickets, a customer's own, a system's filed ones."""
    tickets = Ticket.objects.all()
    if actor.is_system:
        return tickets
    if actor.customer is not None:
        return tickets.filter(customer=actor.customer)
    user = actor.user
    if user is None or not user.is_active:
        return tickets.none()
    if user.may("see_all_tickets"):
        return tickets
    mine = Q(customer__user=user) | Q(created_by=user)
    if user.may("work_ticket"):
        teams = list(user.team_ids)
        involved = Ticket.involved_teams.through.objects.filter(
            ticket_id=OuterRef("pk"), team_id__in=teams
        )
        mine |= (
            Q(team_id__in=teams)
            | Q(home_team_id__in=teams)
            | Q(assignee=user)
            | Q(Exists(involved))
        )
    return tickets.filter(mine)


def ticket_for_actor_or_404(actor: Actor, number: str) -> Ticket:
    """The ticket with this number if the actor may see it; otherwise exactly as if there were none."""
    (found,) = read_together(_NUMBERED.parts(actor.sight, partial(_numbered, actor), number)[""])
    if not found:
        raise Http404("ticket")
    return cast("Ticket", found[0])


_NUMBERED = Shelf()


def _numbered(actor: Actor, number: str) -> dict[str, QuerySet[Ticket]]:
    return {"": with_people(visible_tickets(actor)).filter(number=number).order_by()}


def ticket_id_for_actor_or_404(actor: Actor, number: str) -> int:
    """As `ticket_for_actor_or_404`, for those who need no more than its id."""
    found = visible_tickets(actor).filter(number=number).values_list("pk", flat=True).first()
    if found is None:
        raise Http404("ticket")
    return int(found)


def numbers_in_use(numbers: Iterable[str]) -> set[str]:
    """Those of them that are tickets' numbers already."""
    return set(Ticket.objects.filter(number__in=list(numbers)).values_list("number", flat=True))


def present_at(ticket_id: int, now: datetime) -> QuerySet[Presence]:
    """Who looks at the ticket or writes on it, by name."""
    found = Presence.objects.filter(ticket_id=ticket_id, seen_at__gt=now - PRESENT)
    return found.select_related("user").order_by("user__full_name", "user_id")


def ticket_by_proof(number: str, kind: str, contact: str) -> Ticket | None:
    """The ticket of a visitor who knows both its number and its customer's contact."""
    ticket = Ticket.objects.filter(number=number).select_related("customer").first()
    return ticket if ticket is not None and ticket.customer.has_contact(kind, contact) else None


def ticket_just_received(pk: int | None) -> Ticket | None:
    """The ticket that this visitor's own session remembers having filed."""
    return Ticket.objects.filter(pk=pk).select_related("customer").first() if pk else None


def ticket_after_change(ticket: Ticket) -> Ticket:
    """The ticket anew, for the answer to the actor's own change, which may have passed it on."""
    return with_people(Ticket.objects.all()).get(pk=ticket.pk)


def with_people(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    return tickets.select_related("team", "home_team", "assignee", "customer", "shop", "agent")


def attachment_for_actor_or_404(actor: Actor, key: str) -> Attachment:
    """The attachment with this key, also through the ticket that its own was merged into; files of
    internal notes stay at the desk."""
    visible = visible_tickets(actor)
    through = Q(ticket__links_out__kind=TicketLink.Kind.MERGED_INTO)
    through &= Q(ticket__links_out__to_ticket__in=visible)
    found = (
        Attachment.objects.filter(Q(ticket__in=visible) | through, key=key)
        .select_related("message")
        .first()
    )
    if found is None or (found.message.is_internal and not actor.at_desk):
        raise Http404("attachment")
    return found


def kept_file_of(person: User, key: str) -> KeptFile | None:
    """A file that this person keeps for a reply which is no message yet."""
    return KeptFile.objects.filter(user=person, key=key).first()


def drafts_of(person: User, ticket_id: int) -> QuerySet[Draft]:
    """What this person has begun to write on the ticket, by mode."""
    return Draft.objects.filter(user=person, ticket_id=ticket_id)


def conversation(ticket: Ticket, *, internal: bool) -> QuerySet[Message]:
    """The messages in order, with those of the tickets merged into it; internal notes only for the
    desk (`internal=True`)."""
    messages = (
        Message.objects.filter(ticket__in=with_merged(ticket))
        .select_related("author", "customer", "ticket")
        .prefetch_related("attachments")
    )
    return messages if internal else messages.exclude(kind=Message.Kind.NOTE)


def newest_message(ticket: Ticket) -> int:
    """The id of the last message, 0 for none."""
    last = ticket.messages.order_by("-id").values_list("pk", flat=True).first()
    return last or 0


def crossing_messages(ticket: Ticket, *, seen: int, actor: Actor) -> QuerySet[Message]:
    """What others wrote to or for the customer after the message `seen`, the oldest first."""
    theirs = ticket.messages.filter(pk__gt=seen).exclude(kind=Message.Kind.NOTE)
    if actor.user is not None:
        theirs = theirs.exclude(author=actor.user)
    return theirs.select_related("author", "customer").order_by("id")


def with_merged(ticket: Ticket) -> list[int]:
    """The ticket's id and those of the tickets merged into it: one customer's, one problem."""
    merged = ticket.links_in.filter(kind=TicketLink.Kind.MERGED_INTO)
    return [ticket.pk, *merged.values_list("from_ticket", flat=True)]


def merged_into(ticket: Ticket) -> Ticket | None:
    """The ticket in which this one goes on, with its customer; None unless it was merged."""
    if ticket.is_open:
        return None
    link = ticket.links_out.filter(kind=TicketLink.Kind.MERGED_INTO)
    found = link.select_related("to_ticket__customer").first()
    return found.to_ticket if found else None


def events_of(ticket: Ticket, *, internal: bool) -> QuerySet[TicketEvent]:
    """What happened; without `internal` only what its reporter may learn (tickets/story.py)."""
    if not internal:
        return ticket.events.exclude(kind__in=INTERNAL)
    return ticket.events.select_related("actor", "note")


def attachments_of(ticket: Ticket, *, internal: bool) -> QuerySet[Attachment]:
    files = Attachment.objects.filter(ticket__in=with_merged(ticket)).order_by("id")
    return files if internal else files.exclude(message__kind=Message.Kind.NOTE)


def first_message(ticket: Ticket) -> Message:
    """The complaint itself."""
    return ticket.messages.order_by("id")[0]


def sees(actor: Actor, ticket: Ticket) -> bool:
    return visible_tickets(actor).filter(pk=ticket.pk).exists()


def seen_among(actor: Actor, tickets: Iterable[Ticket]) -> set[int]:
    """The ids of those that the actor may see."""
    ids = [ticket.pk for ticket in tickets]
    return (
        set(visible_tickets(actor).filter(pk__in=ids).values_list("pk", flat=True))
        if ids
        else set()
    )


def people_who_see(ticket: Ticket) -> QuerySet[User]:
    """Active people of the desk who may see the ticket, by name: the funnel from its other end."""
    teams = [ticket.team_id, ticket.home_team_id]
    involved = ticket.involved_teams.values("pk")
    worker = Q(groups__permissions__codename="work_ticket") & (
        Q(memberships__team__in=teams) | Q(memberships__team__in=involved)
    )
    sees_all = Q(groups__permissions__codename="see_all_tickets")
    people = User.objects.filter(is_active=True, groups__name__in=DESK)
    seers = people.filter(worker | sees_all | Q(pk=ticket.assignee_id)).values("pk")
    return User.objects.filter(pk__in=seers).order_by("full_name", "pk")


def watchers_of(ticket: Ticket) -> QuerySet[User]:
    """Who watches it, of those who may see it, by name."""
    return people_who_see(ticket).filter(watches__ticket=ticket)


def watched_by(person: User) -> QuerySet[Ticket]:
    """What somebody watches and may see, open or closed."""
    watched = Watch.objects.filter(person=person).values("ticket_id")
    return visible_tickets(of_user(person)).filter(pk__in=watched)


def membership_of(ticket: Ticket) -> IncidentTicket | None:
    """The incident that the ticket is part of, if it is."""
    return IncidentTicket.objects.select_related("incident").filter(ticket=ticket).first()


def links_of(ticket: Ticket) -> QuerySet[TicketLink]:
    """Both ways, in the order in which they came to be."""
    links = TicketLink.objects.filter(Q(from_ticket=ticket) | Q(to_ticket=ticket))
    return links.select_related("from_ticket", "to_ticket").order_by("id")


def open_ticket_about_same_problem(
    *, customer: Customer, order_number: str, category: str, since: datetime
) -> Ticket | None:
    """An open ticket of this customer on the same order, or lately in the same category where one of
    the two reports names no order."""
    after = since - timedelta(days=organisation()["duplicate_window_days"])
    known = (customer.pk, after, category, order_number)
    (found,) = read_together(_SAME.parts(bool(order_number), _about_same, *known)[""])
    return cast("Ticket", found[0]) if found else None


_SAME = Shelf()


def _about_same(
    customer: int, after: datetime, category: str, order_number: str
) -> dict[str, QuerySet[Ticket]]:
    tickets = Ticket.objects.filter(
        customer_id=customer, state__in=OPEN_STATES, received_at__gt=after
    ).select_related("team", "customer")
    same = Q(category=category)
    if order_number:
        # Whoever repeats a report in haste often leaves the number out of one of the two.
        same = Q(order_number__iexact=order_number) | Q(order_number="", category=category)
    return {"": tickets.filter(same).order_by("-received_at")[:1]}


def latest_classification(ticket: Ticket) -> Classification | None:
    (found,) = read_together(_LATEST.parts("", _classifications, ticket.pk)[""])
    return cast("Classification", found[0]) if found else None


_LATEST = Shelf()


def _classifications(ticket: int) -> dict[str, QuerySet[Classification]]:
    return {"": Classification.objects.filter(ticket_id=ticket).order_by("-id")[:1]}


class TicketCount(NamedTuple):
    """`n` open tickets whose `field` (state, priority, team_id, assignee_id) is `key`; of all where
    `field` is empty."""

    field: str
    key: str | int | None
    n: int


COUNTED_BY = ("state", "priority", "team_id", "assignee_id")
# `grouping` has a bit for each field that a row does not tell apart, the last field's lowest.
_FIELD_OF = {7: "state", 11: "priority", 13: "team_id", 14: "assignee_id", 15: ""}
_COUNT = """
SELECT grouping(state, priority, team_id, assignee_id), state, priority, team_id, assignee_id, {sum}
FROM {table} WHERE {condition}
GROUP BY GROUPING SETS ((state), (priority), (team_id), (assignee_id), ())
"""


def counts_in(
    table: str, *, sum_of: str, condition: str = "TRUE", values: Sequence[Any] = ()
) -> list[TicketCount]:
    """Counts by each of COUNTED_BY from a table that has these columns; one statement."""
    statement = _COUNT.format(sum=sum_of, table=table, condition=condition)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows = cursor.fetchall()
    named = (
        (_FIELD_OF[row[0]], dict(zip(COUNTED_BY, row[1:5], strict=True)), row[5]) for row in rows
    )
    return [TicketCount(field, keys.get(field), n) for field, keys, n in named if n and n > 0]


def open_counts() -> list[TicketCount]:
    """All open tickets, from their counters: what it costs does not grow with them."""
    return counts_in("tickets_opentally", sum_of="sum(n)")


def late_counts(now: datetime) -> list[TicketCount]:
    """Open tickets whose nearest promise is past due; reads the entries of one index."""
    states = tuple(str(state) for state in OPEN_STATES)
    return counts_in(
        "tickets_ticket",
        sum_of="count(*)",
        condition="state IN %s AND next_due_at < %s",
        values=[states, now],
    )


def tickets_by_id(ids: Iterable[int]) -> dict[int, Ticket]:
    """For those who look on all tickets (the engine's page); without their long texts."""
    return Ticket.objects.defer("description").in_bulk(list(ids))
