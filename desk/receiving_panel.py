"""What the ticket page tells of a team that has the case: who, until when, what may be told."""

from __future__ import annotations

from dataclasses import dataclass

from escalation.models import Decision, Escalation, FreezeRequest, RelayNote
from escalation.services import still_frozen
from tickets.models import Message, Ticket


@dataclass(frozen=True)
class Relay:
    """Words that legal released; `told` when a reply has passed them on."""

    note: RelayNote
    told: bool


@dataclass(frozen=True)
class Panel:
    active: Escalation | None
    decision: Decision | None
    freezes: list[FreezeRequest]
    frozen: list[FreezeRequest]
    relays: list[Relay]

    @property
    def has_something(self) -> bool:
        return bool(self.active or self.freezes or self.decision)


def panel_of(ticket: Ticket, escalations: list[Escalation]) -> Panel:
    """Two queries; more only where there is a decision or a relay."""
    active = next((row for row in escalations if row.state in Escalation.ACTIVE), None)
    freezes = list(ticket.freeze_requests.select_related("asked_by", "decided_by"))
    return Panel(
        active=active,
        decision=_decision(escalations),
        freezes=freezes,
        frozen=still_frozen(freezes),
        relays=_relays(ticket),
    )


def _decision(escalations: list[Escalation]) -> Decision | None:
    mediated = [row.pk for row in escalations if row.to_team.code == "mediation"]
    if not mediated:
        return None
    found = Decision.objects.filter(escalation__in=mediated).select_related("decided_by")
    return found.order_by("-id").first()


def _relays(ticket: Ticket) -> list[Relay]:
    notes = list(ticket.relay_notes.select_related("by"))
    if not notes:
        return []
    since = min(note.at for note in notes)
    replies = ticket.messages.filter(kind=Message.Kind.REPLY, sent_at__gte=since)
    said = [" ".join(body.split()) for body in replies.values_list("body", flat=True)]
    return [
        Relay(note, told=any(" ".join(note.text.split()) in body for body in said))
        for note in notes
    ]
