"""Front door of the verbs of quality."""

from agents_ops.quality.services.coaching import read_coaching_notes, write_coaching_note
from agents_ops.quality.services.picking import draw_sample, pick_ticket
from agents_ops.quality.services.reviewing import (
    GivenMark,
    answer_review,
    fill_review,
    settle_review,
    settle_unanswered,
)

__all__ = [
    "GivenMark",
    "answer_review",
    "draw_sample",
    "fill_review",
    "pick_ticket",
    "read_coaching_notes",
    "settle_review",
    "settle_unanswered",
    "write_coaching_note",
]
