"""What the moderation said of a message, and what people decided about it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from seller_chat.models.conversation import ChatMessage


class ModerationDecision(models.Model):
    """The verdict of rules and model on one message, before it was delivered; never changed.

    `reasons` is a list of {label, rule, source, score, spans}: places in the message's stored body,
    no words. `version` of the rules and `model` say what judged; both empty where it failed.
    """

    class Verdict(models.TextChoices):
        CLEAN = "clean", _("clean")
        DOUBTFUL = "doubtful", _("doubtful")
        CLEAR = "clear", _("clear violation")
        FAILED = "failed", _("not judged: the check failed")

    message = models.OneToOneField(ChatMessage, on_delete=models.PROTECT, related_name="moderation")
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    labels = ArrayField(models.CharField(max_length=40), default=list)
    reasons: Any = models.JSONField(default=list)
    confidence = models.FloatField(null=True)
    rules_version = models.PositiveIntegerField(default=0)
    model_version = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.message_id} {self.verdict}"


class ReviewItem(models.Model):
    """A message that waits for an officer's eyes, or had them.

    Held ones wait undelivered; doubtful ones were delivered. `asked_at`: the sender asked for a
    second look and comes first.
    """

    class Cause(models.TextChoices):
        HELD = "held", _("held back")
        DOUBTFUL = "doubtful", _("doubtful")
        FAILED = "failed", _("not judged")

    class Outcome(models.TextChoices):
        RELEASED = "released", _("allowed")
        REFUSED = "refused", _("not delivered")
        CONFIRMED = "confirmed", _("violation confirmed")

    message = models.OneToOneField(ChatMessage, on_delete=models.PROTECT, related_name="review")
    cause = models.CharField(max_length=8, choices=Cause.choices)
    opened_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=9, choices=Outcome.choices, blank=True)
    # Labels that the officer found, whatever the machine had said.
    labels = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="decided_reviews",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", decided_at__isnull=True, decided_by__isnull=True)
                | (
                    ~Q(outcome="")
                    & ~Q(reason="")
                    & Q(decided_at__isnull=False, decided_by__isnull=False)
                ),
                name="review_decided_by_somebody_with_a_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["opened_at", "id"], name="review_open", condition=Q(decided_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.outcome or 'open'}"
