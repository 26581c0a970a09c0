"""News of Buyer Messages that other parts of the house hear (helpdesk/common/events.py)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ReplyMissed:
    """A shop did not answer in time; published once for a clock, under its conversation's lock."""

    clock_id: int
    shop_id: int
    conversation_id: int
    message_id: int
    due_at: datetime


@dataclass(frozen=True)
class MessageJudged:
    """An officer decided about a message; published once for a review, in its transaction.

    `outcome` is a ReviewItem.Outcome: 'released', 'refused' or 'confirmed'. `labels` are the
    violations that were found; empty for 'released'.
    """

    review_id: int
    message_id: int
    shop_id: int
    sender: str
    outcome: str
    labels: tuple[str, ...]
    decided_by: int
    at: datetime


@dataclass(frozen=True)
class ReplyWarned:
    """`hours` of the time for a reply have passed; published once for each level of a clock."""

    clock_id: int
    shop_id: int
    conversation_id: int
    hours: int
    due_at: datetime | None
