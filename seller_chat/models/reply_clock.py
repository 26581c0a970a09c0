from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.models import Shop
from seller_chat.models.conversation import ChatMessage, Conversation


class ReplyClock(models.Model):
    """The 24-hour promise of one turn: from the first unanswered message of the buyer to its end.

    Anyone can check it (seller_chat/rule.py): `opened_by` started it when it reached the shop,
    `due_at` is `hours` later, without the time of Holiday Mode and `waived_for`, the time during
    which no reply was asked for. `ended_how` and `ended_by` say what stopped it. While a Holiday
    Mode of unknown end holds it up, `due_at` is NULL. Source: 001 section 5.1.1, 5.2.1.
    """

    class Ended(models.TextChoices):
        REPLIED = "replied", _("the shop replied")
        AUTO = "auto", _("an automatic reply or FAQ answer")
        WAIVED = "waived", _("no reply was needed")
        DELETED = "deleted", _("the buyer deleted the message")
        EXCLUDED = "excluded", _("a verified report about the buyer")

    conversation = models.ForeignKey(
        Conversation, on_delete=models.PROTECT, related_name="reply_clocks"
    )
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="+", db_index=False)
    opened_by = models.OneToOneField(
        ChatMessage, on_delete=models.PROTECT, related_name="opened_clock"
    )
    opened_at = models.DateTimeField()
    # What was promised when it began; a new version of the profile moves no running clock.
    hours = models.PositiveSmallIntegerField(default=24, db_default=24)
    waived_for = models.DurationField(default=timedelta, db_default=timedelta())
    due_at = models.DateTimeField(null=True, blank=True)
    warned = models.PositiveSmallIntegerField(default=0)
    breached_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_how = models.CharField(max_length=8, choices=Ended.choices, blank=True)
    ended_by = models.ForeignKey(
        ChatMessage, null=True, blank=True, on_delete=models.PROTECT, related_name="ended_clocks"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"],
                condition=Q(ended_at__isnull=True),
                name="one_running_reply_clock",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_how="")
                | (Q(ended_at__isnull=False) & ~Q(ended_how="")),
                name="reply_clock_ends_somehow",
            ),
        ]
        indexes = [
            models.Index(
                fields=["shop", "due_at"],
                name="reply_clock_running",
                condition=Q(ended_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id} due {self.due_at}"

    @property
    def allowed(self) -> timedelta:
        return timedelta(hours=self.hours)


class HolidayMode(models.Model):
    """A time in which the shop was closed and buyers saw it; open-ended while it lasts.

    It may be planned: then it begins and ends by itself. What did not begin is deleted when it is
    called off, what began is only ended.
    """

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="holiday_modes")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop"], condition=Q(ends_at__isnull=True), name="one_open_holiday_mode"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=models.F("begins_at")),
                name="holiday_mode_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.begins_at:%Y-%m-%d %H:%M}"
