"""What a shop did against the guidelines, and what follows from it (001 section 7)."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.models import Shop
from seller_chat.models.conversation import ChatMessage
from seller_chat.models.evaluation import ShopWeek
from seller_chat.models.reply_clock import ReplyClock
from seller_chat.models.rules import guideline_name, guideline_source


class Violation(models.Model):
    """One breach of one guideline, with the one thing that proves it.

    `decided_by` is the first decider; none where a rule decided by itself. Points count from the
    decision until `expires_at`. `repaired`: an appeal or a correction took it back.
    """

    class State(models.TextChoices):
        REVIEW = "review", _("under review")
        STANDING = "standing", _("confirmed")
        DISMISSED = "dismissed", _("dismissed")
        REPAIRED = "repaired", _("taken back")

    class Severity(models.TextChoices):
        NOTE = "note", _("on record, no points")
        MINOR = "minor", _("minor")
        SERIOUS = "serious", _("serious")
        SEVERE = "severe", _("severe")

    shop = models.ForeignKey(
        Shop, on_delete=models.PROTECT, related_name="violations", db_index=False
    )
    guideline = models.SlugField(max_length=40, db_index=False)
    severity = models.CharField(max_length=8, choices=Severity.choices)
    points = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=9, choices=State.choices)
    message = models.ForeignKey(
        ChatMessage, null=True, blank=True, on_delete=models.PROTECT, related_name="violations"
    )
    reply_clock = models.OneToOneField(
        ReplyClock, null=True, blank=True, on_delete=models.PROTECT, related_name="violation"
    )
    shop_week = models.OneToOneField(
        ShopWeek, null=True, blank=True, on_delete=models.PROTECT, related_name="violation"
    )
    rules_version = models.PositiveIntegerField()
    recorded_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="violations_decided",
    )
    reasons = models.CharField(_("reasons"), max_length=1000, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    repaired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(message__isnull=False, reply_clock=None, shop_week=None)
                | Q(message=None, reply_clock__isnull=False, shop_week=None)
                | Q(message=None, reply_clock=None, shop_week__isnull=False),
                name="violation_has_one_proof",
            ),
            models.UniqueConstraint(
                fields=["message", "guideline"], name="one_violation_of_a_guideline_by_a_message"
            ),
            models.CheckConstraint(
                condition=Q(state="review", decided_at=None)
                | (~Q(state="review") & Q(decided_at__isnull=False)),
                name="violation_decided_at_some_time",
            ),
            models.CheckConstraint(
                condition=(Q(state="repaired") & Q(repaired_at__isnull=False))
                | (~Q(state="repaired") & Q(repaired_at=None)),
                name="violation_repaired_at_some_time",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "-id"], name="violation_of_shop"),
            models.Index(
                fields=["recorded_at", "id"],
                name="violation_in_review",
                condition=Q(state="review"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.guideline} {self.state}"

    @property
    def name(self) -> str:
        return guideline_name(self.guideline)

    @property
    def source(self) -> str:
        return guideline_source(self.guideline)

    def counts(self, now: datetime) -> bool:
        """Whether its points are counted."""
        return self.state == self.State.STANDING and (
            self.expires_at is not None and self.expires_at > now
        )


class EnforcementAction(models.Model):
    """What the points of a shop led to: since when, until when, and why it ended."""

    class Level(models.TextChoices):
        WARNING = "warning", _("warning")
        MESSAGES = "messages", _("messages restricted")
        SHOP = "shop", _("shop restricted")

    class Ended(models.TextChoices):
        TIME = "time", _("its time was over")
        POINTS = "points", _("points expired")
        REPAIRED = "repaired", _("an appeal or correction")

    shop = models.ForeignKey(
        Shop, on_delete=models.PROTECT, related_name="enforcement_actions", db_index=False
    )
    level = models.CharField(max_length=8, choices=Level.choices)
    points = models.PositiveSmallIntegerField()
    violation = models.ForeignKey(Violation, on_delete=models.PROTECT, related_name="actions")
    rules_version = models.PositiveIntegerField()
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_how = models.CharField(max_length=8, choices=Ended.choices, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "level"],
                condition=Q(ended_at__isnull=True),
                name="one_running_action_of_a_level",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_how="")
                | (Q(ended_at__isnull=False) & ~Q(ended_how="")),
                name="enforcement_ends_somehow",
            ),
        ]
        indexes = [models.Index(fields=["shop", "-id"], name="enforcement_of_shop")]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.level}"

    def is_running(self, now: datetime) -> bool:
        return self.ended_at is None and (self.ends_at is None or self.ends_at > now)
