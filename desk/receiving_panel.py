"""What the ticket page tells of a team that has the case: who, until when, what may be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from escalation.climbs import Climb, climb_of
from escalation.freezes import Elsewhere, frozen_elsewhere, still_frozen
from escalation.models import Decision, Escalation, FreezeRequest, RelayNote
from helpdesk.common import clock
from people.actors import Actor
from tickets.models import Message, Ticket


@dataclass(frozen=True)
class Relay:
    """Words that legal released; `told` when a reply has passed them on."""

    note: RelayNote
    told: bool


@dataclass(frozen=True)
class Panel:
    active: Escalation | None
    target_late: bool
    climb: Climb | None
    climb_nears: bool
    decision: Decision | None
    freezes: list[FreezeRequest]
    frozen: list[FreezeRequest]
    elsewhere: list[Elsewhere]
    relays: list[Relay]

    @property
    def has_something(self) -> bool:
        return bool(self.active or self.freezes or self.decision)


def panel(
    actor: Actor,
    ticket: Ticket,
    escalations: Sequence[Escalation],
    freezes: Sequence[FreezeRequest],
    decisions: Sequence[Decision],
    relays: Sequence[RelayNote],
    messages: Sequence[Message],
) -> Panel:
    """From the ticket's rows; of several decisions the latest holds."""
    active = next((row for row in escalations if row.state in Escalation.ACTIVE), None)
    follow_up = active.follow_up_at if active else None
    now = clock.for_display()
    promised = active.promised_at if active else None
    return Panel(
        active=active,
        target_late=promised is not None and promised < now,
        climb=climb_of(active, follow_up) if active and follow_up else None,
        climb_nears=follow_up is not None and follow_up < now,
        decision=max(decisions, key=lambda row: row.pk, default=None),
        freezes=list(freezes),
        frozen=still_frozen(freezes),
        elsewhere=frozen_elsewhere(ticket, freezes, actor=actor),
        relays=_relays(relays, messages),
    )


def _relays(notes: Sequence[RelayNote], messages: Sequence[Message]) -> list[Relay]:
    if not notes:
        return []
    since = min(note.at for note in notes)
    said = [
        " ".join(message.body.split())
        for message in messages
        if message.kind == Message.Kind.REPLY and message.sent_at >= since
    ]
    return [
        Relay(note, told=any(" ".join(note.text.split()) in body for body in said))
        for note in notes
    ]
