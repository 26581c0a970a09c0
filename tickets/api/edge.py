"""The three things that every view about one ticket does: find it, read the request, answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from helpdesk.common.errors import Conflict, InvalidInput
from helpdesk.common.inputs import InputSerializer, QuerySerializer, read_body, read_query
from helpdesk.common.preconditions import etag, expected_version
from helpdesk.common.wording import gettext as _
from people.actors import Actor, of_user
from people.models import User
from people.selectors import desk_person
from tickets.api.shapes import TicketDetailSerializer
from tickets.models import Ticket
from tickets.numbers import read_number
from tickets.personal_data import sees_openly
from tickets.selectors import ticket_after_change, ticket_for_actor_or_404
from tickets.services import CROSSED, let_reply_leave


@dataclass(frozen=True)
class Call:
    """A request about one ticket that the actor may see."""

    actor: Actor
    ticket: Ticket
    values: dict[str, Any]
    version: int | None

    @property
    def change(self) -> dict[str, Any]:
        """The keywords that every service takes."""
        return {
            "actor": self.actor,
            "ticket_id": self.ticket.pk,
            "expected_version": self.version,
        }


def actor_of(request: Request) -> Actor:
    return of_user(cast("User", request.user))


def sees_desk(actor: Actor) -> bool:
    """Whether the actor sees the desk's side of a ticket: who, why, and the internal notes."""
    return actor.at_desk


def is_form(request: Request) -> bool:
    return str(request.content_type).startswith("multipart/")


def find_ticket(actor: Actor, number: str) -> Ticket:
    """The ticket, by its number as people type it. Raises Http404."""
    canonical = read_number(number)
    if canonical is None:
        raise Http404("ticket")
    return ticket_for_actor_or_404(actor, canonical)


def read_call(request: Request, number: str, kind: type[InputSerializer]) -> Call:
    """The ticket first: to somebody who may not see it, nothing else is told."""
    actor = actor_of(request)
    ticket = find_ticket(actor, number)
    return Call(actor, ticket, read_body(request, kind), expected_version(request))


def read_look(request: Request, number: str, kind: type[QuerySerializer]) -> Call:
    actor = actor_of(request)
    ticket = find_ticket(actor, number)
    return Call(actor, ticket, read_query(request, kind), None)


def ticket_answer(actor: Actor, ticket: Ticket, *, status: int = 200) -> Response:
    context = {"at_desk": sees_desk(actor), "openly": sees_openly(actor)}
    response = Response(TicketDetailSerializer(ticket, context=context).data, status=status)
    response["ETag"] = etag(ticket.version)
    return response


def changed(call: Call) -> Response:
    """The ticket as it is after the change."""
    return ticket_answer(call.actor, ticket_after_change(call.ticket))


@contextmanager
def letting_crossed_leave(call: Call) -> Iterator[None]:
    """A reply that would cross another's which has not left yet lets that one leave, to be read."""
    try:
        yield
    except Conflict as conflict:
        if conflict.code == CROSSED:
            let_reply_leave(ticket_id=call.ticket.pk)
        raise


def person_of_id(pk: int | None, field: str) -> User | None:
    """The person at the desk with this id. Raises InvalidInput for an unknown one."""
    if pk is None:
        return None
    person = desk_person(pk)
    if person is None:
        message = _("There is no such person at the desk.")
        raise InvalidInput(message, code="unknown_person", fields={field: message})
    return person
