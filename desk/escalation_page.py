"""The escalations that wait for the reader, and one of them as a handover document."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from desk.access import person_of
from desk.actions import actions_for, facts_of
from desk.forms import TicketForm
from desk.promises import promises_of
from desk.receiving_page import Opened, work_context
from desk.tray_rows import say_what_is_due
from desk.verbs import VERBS
from escalation.models import Escalation
from escalation.selectors import with_clock
from people.actors import Actor
from tickets.models import EventKind
from tickets.selectors import ticket_for_actor_or_404, visible_tickets
from tickets.states import OPEN_STATES

LIMIT = 60
DECISIONS = ("verify", "redirect", "decline", "accept", "progress", "return")
State = Escalation.State


@dataclass(frozen=True)
class Tray:
    """One list of escalations with its name and number."""

    code: str
    label: str
    rows: list[Escalation]


@dataclass(frozen=True)
class Step:
    """A stop on the approval path: what, who, when, and whether it was reached."""

    label: str
    who: str
    at: datetime | None
    reached: bool
    current: bool


def visible_escalations(actor: Actor) -> QuerySet[Escalation]:
    """Escalations of tickets that the actor may see."""
    rows = with_clock(Escalation.objects.filter(ticket__in=visible_tickets(actor)))
    return rows.select_related(
        "ticket__customer",
        "to_team",
        "from_team",
        "requested_by",
        "decided_by",
        "accepted_by",
        "assignee",
        "asked_team",
    )


def escalation_for_actor_or_404(actor: Actor, pk: int) -> Escalation:
    found = visible_escalations(actor).filter(pk=pk).first()
    if found is None:
        raise Http404("escalation")
    return found


def trays_of(actor: Actor) -> list[Tray]:
    """To verify (leads), sent to one's teams, and what one asked for: that waits, or came back."""
    user = person_of(actor)
    related = ("ticket__customer", "to_team", "from_team", "requested_by")
    rows = Escalation.objects.select_related(*related)
    mine = Q(to_team_id__in=user.team_ids)
    trays = []
    if actor.may("verify_escalation"):
        asked = rows.filter(state=State.REQUESTED).order_by("requested_at")
        trays.append(Tray("verify", _("To verify"), list(asked[:LIMIT])))
    by_due = ("ticket__next_due_at", "pk")
    sent = rows.filter(mine, state=State.SENT).order_by(*by_due)
    kept = rows.filter(mine, state=State.ACCEPTED).order_by(*by_due)
    back = rows.filter(mine, state=State.RETURNED).order_by("-ended_at")
    trays.append(Tray("waiting", _("Waiting"), list(sent[:LIMIT])))
    trays.append(Tray("monitored", _("Monitored"), list(kept[:LIMIT])))
    trays.append(Tray("returned", _("Returned"), list(back[:LIMIT])))
    if actor.may("request_escalation"):
        own = visible_escalations(actor).filter(requested_by=user, state=State.REQUESTED)
        trays.append(Tray("asked", _("Asked by me"), list(own.order_by("requested_at")[:LIMIT])))
        advised = _sent_back_to(actor).order_by("-decided_at")
        trays.append(Tray("advised", _("Sent back to me"), list(advised[:LIMIT])))
    return trays


def _sent_back_to(actor: Actor) -> QuerySet[Escalation]:
    """With advice that was not followed up yet: the ticket is open, and nothing went up since."""
    later = Escalation.objects.filter(ticket=OuterRef("ticket"), pk__gt=OuterRef("pk"))
    mine = visible_escalations(actor).filter(requested_by=person_of(actor), state=State.DECLINED)
    return mine.filter(~Exists(later), ticket__state__in=OPEN_STATES)


def trays_context(
    actor: Actor, wanted: str = "", shown: Escalation | None = None
) -> dict[str, Any]:
    """The list beside the document: the wanted tray, or the one that holds what is shown."""
    trays = trays_of(actor)
    say_what_is_due(row for tray in trays for row in tray.rows)
    holding = [t for t in trays if shown is not None and any(r.pk == shown.pk for r in t.rows)]
    named = [tray for tray in trays if tray.code == wanted]
    filled = [tray for tray in trays if tray.rows]
    return {
        "section": "escalations",
        "trays": trays,
        "tray": (named or holding or filled or trays)[0],
    }


def document_context(
    actor: Actor,
    escalation: Escalation,
    *,
    bound: dict[str, TicketForm] | None = None,
    opened: Opened | None = None,
) -> dict[str, Any]:
    """The context of `desk/escalation/page.html`: the document, its path, what the reader decides."""
    bound = bound or {}
    ticket = ticket_for_actor_or_404(actor, escalation.ticket.number)
    current = escalation.state in (State.REQUESTED, *Escalation.ACTIVE)
    actions = actions_for(actor, ticket, facts_of(ticket))
    allowed = {action.verb for action in actions if action.allowed}
    decisions = {
        name: bound.get(name) or VERBS[name].make_form(ticket, actor)
        for name in DECISIONS
        if current and name in allowed and _concerns(name, escalation)
    }
    refused = [
        str(message)
        for name, form in bound.items()
        if name not in allowed
        for messages in form.errors.values()
        for message in messages
    ]
    promises = promises_of(ticket) if current else []
    return {
        **trays_context(actor, shown=escalation),
        **work_context(actor, ticket, escalation, allowed=allowed, bound=bound, opened=opened),
        "escalation": escalation,
        "ticket": ticket,
        "decide_missing": next((a.missing for a in actions if a.verb == "decide"), ""),
        "decisions": decisions,
        "refused": refused,
        "promises": promises,
        "path": path_of(escalation),
        "files": list(ticket.attachments.filter(message__isnull=False).order_by("id")[:40]),
        "reports": _reports(escalation),
        "page_title": escalation.reference,
    }


def _concerns(verb: str, escalation: Escalation) -> bool:
    """Deciding belongs to what is asked for, receiving to what was sent."""
    if verb in ("verify", "redirect", "decline"):
        return escalation.state == State.REQUESTED
    return escalation.state in Escalation.ACTIVE


def _reports(escalation: Escalation) -> list[Any]:
    """The progress reports of this escalation, with their words."""
    events = escalation.ticket.events.filter(
        kind=EventKind.PROGRESS, data__escalation=escalation.pk
    ).select_related("actor")
    ids = [event.data.get("message") for event in events]
    return list(
        escalation.ticket.messages.filter(pk__in=ids).select_related("author").order_by("sent_at")
    )


def path_of(escalation: Escalation) -> list[Step]:
    """Asked, verified, sent to the team, accepted, finished: who and when."""
    e = escalation
    asked = str(e.requested_by) if e.requested_by else _("automatic")
    decided = str(e.decided_by) if e.decided_by else _("automatic")
    declined = e.state == State.DECLINED
    accepted = str(e.assignee or e.accepted_by or "")
    ends = {State.RETURNED: _("Returned"), State.REPLACED: _("Passed on")}
    verified = e.decided_at is not None
    steps = [
        (_("Asked for"), asked, e.requested_at, True),
        (
            _("Sent back with advice") if declined else _("Verified"),
            decided if verified else "",
            e.decided_at,
            verified,
        ),
        (_("Sent to the team"), str(e.to_team), e.decided_at, verified and not declined),
        (_("Accepted by the team"), accepted, e.accepted_at, e.accepted_at is not None),
        (ends.get(e.state, _("Finished")), "", e.ended_at, e.ended_at is not None),  # type: ignore[call-overload]
    ]
    last = max(i for i, step in enumerate(steps) if step[3])
    return [
        Step(label=str(label), who=who, at=at if done else None, reached=done, current=i == last)
        for i, (label, who, at, done) in enumerate(steps)
    ]
