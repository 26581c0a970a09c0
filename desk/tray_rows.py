"""What a row of a tray shows first: whichever promise of the case is due next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from escalation.models import Escalation, FollowUp
from escalation.models.follow_up import OPEN

State = Escalation.State


@dataclass(frozen=True)
class Due:
    """What `{% timer %}` needs; `kind` is a metric, or the words of another promise."""

    at: datetime
    since: datetime
    kind: str


def say_what_is_due(rows: Iterable[Escalation]) -> list[Escalation]:
    """Each row with `due_first` (a `Due` or None); one query for the follow-ups of all."""
    found = list(rows)
    kept = [row.pk for row in found if row.state == State.ACCEPTED]
    steps: dict[int, FollowUp] = {}
    for step in FollowUp.objects.filter(OPEN, escalation__in=kept).order_by("due_at", "pk"):
        steps.setdefault(step.escalation_id, step)
    for row in found:
        row.due_first = _first(row, steps.get(row.pk))  # type: ignore[attr-defined]
    return found


def _first(row: Escalation, step: FollowUp | None) -> Due | None:
    if row.state == State.REQUESTED:  # what the supervisor owes, not what the case does
        return Due(row.due_at, row.requested_at, row.metric) if row.due_at else None
    if row.state not in Escalation.ACTIVE:
        return None
    ticket, owed = row.ticket, []
    if ticket.next_due_at and ticket.next_due_from:
        owed.append(Due(ticket.next_due_at, ticket.next_due_from, ticket.next_due_kind))
    if step is not None:
        words = _("News to CS") if step.is_news else _("Follow-up")
        owed.append(Due(step.due_at, step.planned_at, words))
    if row.state == State.ACCEPTED and row.agreed_target_at and row.accepted_at:
        owed.append(Due(row.agreed_target_at, row.accepted_at, _("Target of the team")))
    return min(owed, key=lambda due: due.at, default=None)
