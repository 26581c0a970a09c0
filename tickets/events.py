"""News that the tickets publish, inside the transaction of the change."""

from __future__ import annotations

from dataclasses import dataclass

from tickets.models import Ticket, TicketEvent


@dataclass(frozen=True)
class TicketNews:
    """`ticket` is locked and already saved; `event` is its row in the append-only table."""

    ticket: Ticket
    event: TicketEvent


@dataclass(frozen=True)
class ReplyMustLeave:
    """The locked ticket is about to change while a reply waits on it: that one is sent first."""

    ticket: Ticket


class ReplyWaits(TicketNews):
    """A reply leaves at ticket.reply_leaves_at, unless its author takes it back."""


class ReplySettled(TicketNews):
    """The reply that waited has been sent, was taken back or could not be sent."""


class TicketClassified(TicketNews):
    """First classification: category, priority, queue and team are set."""


class TicketReclassified(TicketNews):
    """Classification changed; event.data holds 'from' and 'to'."""


class TicketHandled(TicketNews):
    """An officer took it."""


class TicketAssigned(TicketNews):
    """Another name stands on it: ticket.assignee."""


class TeamReplied(TicketNews):
    """A person of ours wrote to the customer; event.data['waiting']: the ball is now with them."""


class CustomerWrote(TicketNews):
    """The customer wrote; the ball is with us."""


class WaitingEnded(TicketNews):
    """The customer owes us nothing any more, although they did not write: a team must act now."""


class ReplyNotNeeded(TicketNews):
    """An officer says that the customer's last words want no answer."""


class ReplyNeeded(TicketNews):
    """It wants one after all: the officer or the customer says so."""


class TicketCorrected(TicketNews):
    """Facts were put right; event.data['changed'] names the fields."""


class TicketHeld(TicketNews):
    """A supervisor paused it, with a reason and until a moment (ticket.held_until)."""


class TicketReleased(TicketNews):
    """The hold ended: by hand, by its moment or because the ticket moved on."""


class ConfirmationAsked(TicketNews):
    """The customer was asked whether the solution holds."""


class ConfirmationAnswered(TicketNews):
    """event.kind tells: confirmed or disputed."""


class EscalationRequested(TicketNews):
    """An officer asked; a supervisor must decide. Not told when the asker may verify."""


class EscalationDecided(TicketNews):
    """The request no longer waits: verified, sent elsewhere, declined or overtaken."""


class TicketEscalated(TicketNews):
    """Passed on to another team (also: passed on again)."""


class EscalationAccepted(TicketNews):
    """The receiving team took it."""


class MediationDecided(TicketNews):
    """The mediators' decision, with reasons to both parties, is on record."""


class EscalationReturned(TicketNews):
    """The receiving team gave it back."""


class TicketClosed(TicketNews):
    """Closed with a closing form."""


class TicketMerged(TicketNews):
    """Closed as a duplicate: it goes on in another ticket."""


class MergeUndone(TicketNews):
    """Open again as before the merge, whose event's id is event.data['merge']."""


class TicketReopened(TicketNews):
    """Open again."""
