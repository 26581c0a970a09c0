from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings

from helpdesk.common import reads, writes
from people.models import Team, TeamMembership, User
from tickets.models import EventKind, Notice, Ticket, TicketEvent
from tickets.services.mail import owe_mail


def notify(ticket: Ticket, event: TicketEvent, people: Iterable[User]) -> None:
    """A notice of the event to each person, once; the one who caused it needs none."""
    _write(ticket, event, [person.pk for person in people if person.is_active])


def notify_team(
    ticket: Ticket,
    event: TicketEvent,
    team: Team,
    *,
    leads_only: bool = False,
    also: Iterable[User] = (),
    but: Team | None = None,
    mail: str = "",
) -> None:
    """A notice to the team's members (or its leads) and to those named in `also`.

    Not to the members of `but`, who hear of the same by another notice.

    `mail` names the template of an e-mail to the team's own address, in the language of the house,
    or to the same people, each in theirs, where the team has none.
    """
    others = [person.pk for person in also if person.is_active]
    people = reads.once(_members, team.pk, leads_only)
    otherwise = reads.once(_members, but.pk, False) if but else {}
    _write(ticket, event, [pk for pk in (*others, *people) if pk not in otherwise])
    if mail:
        house = [(team.email, settings.LANGUAGE_CODE)]
        for address, language in house if team.email else people.values():
            owe_mail(
                ticket, event, template=mail, recipient=address, at=event.at, language=language
            )


def _members(team_id: int, leads_only: bool) -> dict[int, tuple[str, str]]:  # noqa: FBT001 - a key of reads
    """Address and language of the team's active members, by their ids."""
    members = TeamMembership.objects.filter(team_id=team_id, user__is_active=True)
    if leads_only:
        members = members.filter(leads=True)
    rows = members.values_list("user_id", "user__email", "user__language")
    return {pk: (address, language) for pk, address, language in rows}


def _write(ticket: Ticket, event: TicketEvent, user_ids: Iterable[int]) -> None:
    writes.insert_unless_there(
        *[
            Notice(
                recipient_id=pk,
                event=event,
                ticket=ticket,
                created_at=event.at,
                mention=event.kind == EventKind.MENTIONED,
            )
            for pk in dict.fromkeys(user_ids)
            if pk != event.actor_id
        ]
    )
