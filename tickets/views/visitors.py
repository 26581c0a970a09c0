"""Who is on a public page: a signed-in person or a visitor, and which tickets the browser has proven."""

from __future__ import annotations

from django.http import HttpRequest

from people.actors import VISITOR, Actor, of_user
from people.models import Customer, User
from people.roles import REPORTERS, Role
from tickets.models import Ticket
from tickets.selectors import ticket_just_received
from tickets.states import Reporter

_PROVEN = "proven_tickets"
_RECEIVED = "received_ticket"
MOST_PROVEN = 50
_REPORTER_OF_ROLE = {Role.SELLER: Reporter.SELLER, Role.AGENT: Reporter.AGENT}


def person_of(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def actor_of(request: HttpRequest) -> Actor:
    user = person_of(request)
    return of_user(user) if user else VISITOR


def reports_for_self(user: User | None) -> bool:
    """A customer, seller or agent; officers on this page report for somebody else."""
    return user is not None and any(role in user.roles for role in REPORTERS)


def known_contact(user: User) -> dict[str, str]:
    """Name and contact on record of somebody signed in: 'name', 'contact'."""
    customer = Customer.objects.filter(user=user).first()
    if customer is None:
        return {"name": user.full_name, "contact": user.email}
    return {"name": customer.name, "contact": customer.email or customer.phone or ""}


def reporter_of(user: User | None) -> str:
    roles = user.roles if user else frozenset()
    return next((kind for role, kind in _REPORTER_OF_ROLE.items() if role in roles), Reporter.BUYER)


def remember_proof(request: HttpRequest, ticket: Ticket) -> None:
    """This browser filed the ticket, or opened it with number and contact."""
    proven = [pk for pk in request.session.get(_PROVEN, []) if pk != ticket.pk]
    request.session[_PROVEN] = [*proven, ticket.pk][-MOST_PROVEN:]


def has_proof(request: HttpRequest, ticket: Ticket) -> bool:
    user = person_of(request)
    if user is not None and user.pk in (ticket.customer.user_id, ticket.created_by_id):
        return True
    return ticket.pk in request.session.get(_PROVEN, [])


def remember_received(request: HttpRequest, ticket: Ticket) -> None:
    request.session[_RECEIVED] = ticket.pk
    remember_proof(request, ticket)


def received_ticket(request: HttpRequest) -> Ticket | None:
    return ticket_just_received(request.session.get(_RECEIVED))
