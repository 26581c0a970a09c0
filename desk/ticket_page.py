"""Everything that the ticket page shows, gathered with a fixed number of queries."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from desk.actions import Action, actions_for, facts_of
from desk.forms import TicketForm
from desk.promises import promises_of
from desk.reasons import marked_spans, reasons_of
from desk.receiving_panel import panel_of
from desk.timeline import entries_of, events_of, stages_of
from desk.verb import Verb
from desk.verbs import VERBS
from people.actors import Actor
from sla.kinds import CONFIRMATION
from sla.models import Timer
from tickets.models import EventKind, Ticket
from tickets.selectors import visible_tickets

IN_COMPOSER = ("reply", "note")
ON_OWN_PAGE = ("escalate",)
# A receiving team works on its document; here stand only the verbs that concern the squad as well.
ON_DOCUMENT = ("follow_up", "follow_up_done", "follow_up_move", "hearing", "decide", "relay")
# What moves the case on stands first; the first of these is also the heading's button.
LEADING = ("verify", "accept", "handle", "take", "escalate", "close", "reopen")
EARLIER_TICKETS = 5


@dataclass(frozen=True)
class Offer:
    """A verb as the page offers it: open (`form`), one press, own page, or locked (`missing`)."""

    action: Action
    verb: Verb | None
    form: TicketForm | None
    url: str
    opened: bool

    @property
    def name(self) -> str:
        return self.action.verb


def ticket_context(
    actor: Actor,
    ticket: Ticket,
    *,
    bound: dict[str, TicketForm] | None = None,
    opened: str = "",
) -> dict[str, Any]:
    """The context of `desk/ticket/pane.html`. `bound` holds forms that came back with errors."""
    bound = bound or {}
    found = actions_for(actor, ticket, facts_of(ticket))
    actions = [action for action in found if action.verb not in ON_DOCUMENT]
    offers = [_offer(action, actor, ticket, bound, opened) for action in _sorted(actions)]
    events = events_of(ticket)
    reasons = reasons_of(ticket)
    escalations = list(
        ticket.escalations.select_related(
            "to_team", "requested_by", "decided_by", "accepted_by", "assignee"
        )
    )
    return {
        "ticket": ticket,
        "offers": [offer for offer in offers if offer.name not in IN_COMPOSER],
        "lead": next((o for o in offers if o.name in LEADING and o.action.allowed), None),
        "composer": _composer(offers, bound),
        "refused": _refused(bound, offers),
        "entries": entries_of(ticket, events),
        "marks": marked_spans(ticket, reasons),
        "stages": stages_of(ticket, events),
        "first_message_id": _first_message(events),
        "promises": promises_of(ticket),
        "reasons": reasons,
        "escalations": escalations,
        "teamwork": panel_of(ticket, escalations),
        "requested": next((e for e in escalations if e.state == "requested"), None),
        "confirmation_ends": _confirmation_ends(ticket),
        "earlier": _earlier(actor, ticket),
        "closing": ticket.closing_forms.select_related("survey").order_by("-id").first(),
        "standing": _("paused, on hold") if ticket.held_until else "",
        "pulled_forward": _pulled_forward(events),
        "unread": ticket.notices.filter(recipient=actor.user, read_at__isnull=True).exists(),
        "page_title": ticket.subject,
    }


def _offer(
    action: Action, actor: Actor, ticket: Ticket, bound: dict[str, TicketForm], opened: str
) -> Offer:
    if action.verb in ON_OWN_PAGE:
        url = reverse("desk:escalate", args=[ticket.number])
        return Offer(action=action, verb=None, form=None, url=url, opened=False)
    verb = VERBS[action.verb]
    form = bound.get(action.verb)
    if form is None and action.allowed:
        form = verb.make_form(ticket, actor)
    return Offer(
        action=action,
        verb=verb,
        form=form,
        url=reverse("desk:verb", args=[ticket.number, action.verb]),
        opened=action.verb in bound or action.verb == opened,
    )


def _sorted(actions: list[Action]) -> list[Action]:
    order = {verb: place for place, verb in enumerate(LEADING)}
    return sorted(actions, key=lambda action: order.get(action.verb, len(order)))


def _composer(offers: list[Offer], bound: dict[str, TicketForm]) -> dict[str, Any]:
    """Reply and note share one box; a fresh key makes a double submit one message."""
    talk = {offer.name: offer for offer in offers if offer.name in IN_COMPOSER}
    reply, note = talk.get("reply"), talk.get("note")
    failed = next((name for name in IN_COMPOSER if name in bound), "")
    may_reply = reply is not None and reply.action.allowed
    return {
        "reply": reply,
        "note": note,
        "may_reply": may_reply,
        "mode": failed or ("reply" if may_reply else "note"),
        "form": bound.get(failed),
        "key": uuid.uuid4().hex,
    }


def _refused(bound: dict[str, TicketForm], offers: list[Offer]) -> list[str]:
    """What is wrong with a form whose verb is not offered (any more): shown above the ticket."""
    offered = {offer.name for offer in offers if offer.action.allowed}
    return [
        str(message)
        for name, form in bound.items()
        if name not in offered
        for messages in form.errors.values()
        for message in messages
    ]


def _first_message(events: list[Any]) -> int | None:
    received = next((event for event in events if event.kind == EventKind.RECEIVED), None)
    return received.data.get("message") if received else None


def _pulled_forward(events: list[Any]) -> bool:
    """By a supervisor, not by the customer's code."""
    moves = [event for event in events if event.kind == EventKind.PULLED_FORWARD]
    return bool(moves) and bool(moves[-1].data.get("on"))


def _confirmation_ends(ticket: Ticket) -> datetime | None:
    """When the ticket closes by itself unless the customer answers."""
    if not ticket.confirmation_asked_at or not ticket.is_open:
        return None
    armed = Timer.objects.filter(
        kind=CONFIRMATION, subject_type="ticket", subject_id=ticket.pk, state=Timer.State.ARMED
    )
    return armed.values_list("due_at", flat=True).first()


def _earlier(actor: Actor, ticket: Ticket) -> list[Ticket]:
    """Other tickets of the same person, as far as the reader may see them."""
    mine = visible_tickets(actor).filter(customer_id=ticket.customer_id).exclude(pk=ticket.pk)
    return list(mine.defer("description").order_by("-received_at")[:EARLIER_TICKETS])
