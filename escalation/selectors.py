"""Reads of escalations and their papers, for tickets that the actor may see already."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery

from escalation.freezes import with_what_holds
from escalation.models import (
    Decision,
    Escalation,
    EscalationMatrix,
    FollowUp,
    FreezeRequest,
    Hearing,
    RelayNote,
    Signal,
    SignalEffect,
    TriggerFiring,
)
from escalation.models.escalation import of_acceptance
from helpdesk.common.errors import NotAllowed, WrongState
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from tickets.models import Ticket
from tickets.selectors import visible_tickets

NAMED = (
    "from_team",
    "to_team",
    "asked_team",
    "requested_by",
    "decided_by",
    "accepted_by",
    "assignee",
)


def escalations_of(ticket: Ticket, *, actor: Actor) -> QuerySet[Escalation]:
    """The forms and their ways, the latest first; papers of the desk. Raises NotAllowed."""
    _require_desk(actor)
    return with_clock(ticket.escalations).select_related(*NAMED)


def escalations_of_each(tickets: Sequence[Ticket], actor: Actor) -> dict[int, list[Escalation]]:
    """As `escalations_of`, for many tickets at once."""
    _require_desk(actor)
    found: dict[int, list[Escalation]] = {ticket.pk: [] for ticket in tickets}
    rows = with_clock(Escalation.objects.filter(ticket__in=tickets))
    for escalation in rows.select_related(*NAMED):
        found[escalation.ticket_id].append(escalation)
    return found


def with_clock(rows: QuerySet[Escalation] | Any) -> QuerySet[Escalation]:
    """Each row knows the deadline of the clock that its acceptance began, without asking again."""
    begun = of_acceptance(OuterRef("ticket"), OuterRef("accepted_at"))
    known = {"clock_due_at": Subquery(begun.values("due_at")[:1])}
    found: QuerySet[Escalation] = rows.annotate(**known)
    return found


def waiting_request(ticket: Ticket, *, actor: Actor) -> Escalation:
    """The request that waits for a supervisor. Raises NotAllowed, WrongState."""
    actor.require("verify_escalation")
    found = ticket.escalations.filter(state=Escalation.State.REQUESTED).first()
    if found is None:
        raise WrongState(_("No escalation of this ticket is waiting for a decision."))
    return found


def follow_ups_of(ticket: Ticket, *, actor: Actor) -> QuerySet[FollowUp]:
    """Every step of every team's plan on this ticket, by its moment. Raises NotAllowed."""
    _require_desk(actor)
    rows = FollowUp.objects.filter(escalation__ticket=ticket)
    return rows.select_related("owner", "done_by", "planned_by")


def hearings_of(ticket: Ticket, *, actor: Actor) -> QuerySet[Hearing]:
    """What both sides said to the mediators. Raises NotAllowed."""
    _require_desk(actor)
    return Hearing.objects.filter(escalation__ticket=ticket).select_related("by")


def decisions_of(ticket: Ticket, *, actor: Actor) -> QuerySet[Decision]:
    """The mediators' decisions, the latest first. Raises NotAllowed."""
    _require_desk(actor)
    rows = Decision.objects.filter(escalation__ticket=ticket)
    return rows.select_related("decided_by").order_by("-id")


def freezes_of(ticket: Ticket, *, actor: Actor) -> QuerySet[FreezeRequest]:
    """What was asked to be frozen or freed on this ticket, the latest first. Raises NotAllowed."""
    _require_desk(actor)
    rows = ticket.freeze_requests.select_related("ticket", "asked_by", "decided_by")
    return with_what_holds(rows)


def freezes_for(actor: Actor) -> QuerySet[FreezeRequest]:
    """Across tickets: the desk's own, or all approved ones for a system that executes them.

    Raises NotAllowed.
    """
    rows = with_what_holds(FreezeRequest.objects.select_related("ticket", "asked_by", "decided_by"))
    if actor.at_desk:
        return rows.filter(ticket__in=visible_tickets(actor))
    actor.require("read_freezes")
    return rows.filter(approved=True)


def relays_of(ticket: Ticket, *, actor: Actor) -> QuerySet[RelayNote]:
    """What legal allows to tell, the latest first. Raises NotAllowed."""
    _require_desk(actor)
    return ticket.relay_notes.select_related("by")


def escalation_path(ticket: Ticket) -> QuerySet[Escalation]:
    """Every team that the ticket went to, and every request, in order."""
    rows = ticket.escalations.filter(~Q(state=Escalation.State.REQUESTED))
    related = ("from_team", "to_team", "requested_by", "decided_by", "accepted_by", "assignee")
    return rows.select_related(*related).order_by("id")


def _require_desk(actor: Actor) -> None:
    if not actor.at_desk:
        raise NotAllowed(_("Your role does not permit this."))


def visible_signals(actor: Actor) -> QuerySet[Signal]:
    """Who sees all tickets sees all signals, an integrator its own, the desk those on its tickets.

    Each with the effects on tickets that the actor may see. Raises NotAllowed.
    """
    signals = Signal.objects.select_related("customer", "integrator")
    seen = SignalEffect.objects.select_related("ticket").filter(ticket__in=visible_tickets(actor))
    signals = signals.prefetch_related(
        Prefetch("effects", queryset=seen, to_attr="seen_effects"),
        Prefetch("trigger_firings", queryset=TriggerFiring.objects.only("signal_id", "trigger")),
    )
    if actor.may("see_all_tickets"):
        return signals
    own = Q(integrator=actor.user) if actor.may("receive_for_others") else Q(pk__in=[])
    if actor.at_desk:
        return signals.filter(own | Q(pk__in=seen.values("signal_id")))
    actor.require("receive_for_others")
    return signals.filter(own)


def matrix_in_force(actor: Actor) -> EscalationMatrix:
    """For the desk and those who look on. Raises NotAllowed."""
    if not actor.at_desk:
        actor.require_any("see_all_tickets", "read_engine")
    return EscalationMatrix.in_force()
