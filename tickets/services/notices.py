from __future__ import annotations

from collections.abc import Iterable

from people.models import Team, User
from tickets.models import Notice, Ticket, TicketEvent
from tickets.services.mail import owe_mail


def notify(ticket: Ticket, event: TicketEvent, people: Iterable[User]) -> None:
    """A notice of the event to each person, once; the one who caused it needs none."""
    Notice.objects.bulk_create(
        [
            Notice(recipient=person, event=event, ticket=ticket, created_at=event.at)
            for person in dict.fromkeys(people)
            if person.pk != event.actor_id and person.is_active
        ],
        ignore_conflicts=True,
    )


def notify_team(
    ticket: Ticket,
    event: TicketEvent,
    team: Team,
    *,
    leads_only: bool = False,
    also: Iterable[User] = (),
    mail: str = "",
) -> None:
    """A notice to the team's members (or its leads) and to those named in `also`.

    `mail` names the template of an e-mail to the team's own address.
    """
    memberships = team.memberships.select_related("user")
    if leads_only:
        memberships = memberships.filter(leads=True)
    notify(ticket, event, [*also, *(membership.user for membership in memberships)])
    if mail:
        owe_mail(ticket, event, template=mail, recipient=team.email, at=event.at)
