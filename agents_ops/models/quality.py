"""Reviews of closed tickets by a score sheet, and what is said to officers about their work."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from agents_ops.quality.sheet import Sheet, read_sheet
from agents_ops.quality.states import Picked, ReviewState
from helpdesk.common.versioned import VersionedData
from people.models import Team
from tickets.models import Message, Ticket, TicketEvent

ABOUT: dict[str, Any] = {"on_delete": models.PROTECT, "related_name": "+", "db_index": False}


class QualityRules(VersionedData):
    """What counts as resolved at first contact, the score sheet, the sample (fixtures/quality.json).
    A review keeps the version that it was begun with."""

    @cached_property
    def sheet(self) -> Sheet:
        return read_sheet(self.body)

    @property
    def first_contact(self) -> dict[str, Any]:
        part: dict[str, Any] = self.body["first_contact"]
        return part

    @property
    def late_escalation(self) -> dict[str, Any]:
        part: dict[str, Any] = self.body["late_escalation"]
        return part

    def read_all(self) -> None:
        _read = (self.sheet, self.first_contact["goal_percent"], self.late_escalation["mark"])


class QaSample(models.Model):
    """A draw of closed tickets: whoever has the seed and the span can check what was drawn."""

    seed = models.BigIntegerField()
    since = models.DateTimeField()
    until = models.DateTimeField()
    per_officer = models.PositiveSmallIntegerField()
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    drawn_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.since:%Y-%m-%d} {self.seed}"


class QaReview(models.Model):
    """`officer`: whose work it is, who prepared the ticket's closing; `team` the squad it lay with.

    `score` (0 to 100) and `failed` follow from the marks of the latest round.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="qa_reviews")
    closing = models.ForeignKey(
        TicketEvent, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="qa_reviews"
    )
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+", db_index=False)
    rules = models.ForeignKey(
        QualityRules, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    sample = models.ForeignKey(
        QaSample, null=True, blank=True, on_delete=models.PROTECT, related_name="reviews"
    )
    picked = models.CharField(max_length=8, choices=Picked.choices)
    picked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    picked_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=ReviewState.choices, default=ReviewState.OPEN)
    revision = models.PositiveIntegerField(default=1)

    score = models.PositiveSmallIntegerField(null=True, blank=True)
    failed = models.BooleanField(default=False)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    told_at = models.DateTimeField(null=True, blank=True)
    words = models.TextField(blank=True)
    answer_until = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    # Nobody, where the time to answer went by.
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    settlement = models.TextField(blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(fields=["closing"], name="qa_closing_reviewed_once"),
            models.CheckConstraint(
                condition=Q(state__in=ReviewState.values), name="qa_review_state_known"
            ),
            models.CheckConstraint(
                condition=(Q(reviewer=None) | ~Q(reviewer=F("officer")))
                & (Q(settled_by=None) | ~Q(settled_by=F("officer"))),
                name="qa_review_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state="open", reviewer=None, told_at=None, score=None)
                | (
                    ~Q(state="open")
                    & Q(reviewer__isnull=False, told_at__isnull=False, answer_until__isnull=False)
                ),
                name="qa_review_told_whole",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "told"], answered_at=None, answer="")
                | (Q(state="answered", answered_at__isnull=False) & ~Q(answer=""))
                | Q(state="settled"),
                name="qa_review_answered_whole",
            ),
            models.CheckConstraint(
                condition=Q(state="settled", settled_at__isnull=False)
                | (~Q(state="settled") & Q(settled_at=None, settled_by=None, settlement="")),
                name="qa_review_settled_whole",
            ),
            models.CheckConstraint(
                condition=Q(score=None) | Q(score__lte=100), name="qa_review_score_percent"
            ),
        ]
        indexes = [
            models.Index(fields=["officer", "-told_at"], name="qa_review_of_officer"),
            models.Index(
                fields=["picked_at"], name="qa_review_waiting", condition=~Q(state="settled")
            ),
            models.Index(fields=["team", "told_at"], name="qa_review_of_team"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.state}"


class QaMark(models.Model):
    """The mark of one criterion, with where it is seen. Round 2 is that of the settlement.

    `percent`: what the mark is worth by the review's rules; None where it does not apply. `proposed`:
    the mark and its place were read from the record, not chosen.
    """

    review = models.ForeignKey(
        QaReview, on_delete=models.CASCADE, related_name="marks", db_index=False
    )
    round = models.PositiveSmallIntegerField()
    criterion = models.SlugField(max_length=40, db_index=False)
    mark = models.SlugField(max_length=40, db_index=False)
    percent = models.PositiveSmallIntegerField(null=True, blank=True)
    message = models.ForeignKey(Message, null=True, blank=True, **ABOUT)
    event = models.ForeignKey(TicketEvent, null=True, blank=True, **ABOUT)
    words = models.TextField(blank=True)
    proposed = models.BooleanField(default=False)

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(
                fields=["review", "round", "criterion"], name="qa_criterion_marked_once"
            ),
            models.CheckConstraint(
                condition=Q(message=None) | Q(event=None), name="qa_mark_seen_in_one_place"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.mark}"


class CoachingNote(models.Model):
    """Words of a lead to an officer about their work, for these two and management alone."""

    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="coaching_notes"
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, **ABOUT)
    review = models.ForeignKey(
        QaReview, null=True, blank=True, on_delete=models.PROTECT, related_name="coaching"
    )
    text = models.TextField()
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=~Q(author=F("officer")), name="coaching_note_for_another"
            )
        ]

    def __str__(self) -> str:
        return f"{self.officer_id} {self.at:%Y-%m-%d}"
