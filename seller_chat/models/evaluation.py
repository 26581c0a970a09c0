"""The Monday evaluation: one row for each week, and one for each shop in it (001 section 6.2)."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from people.models import Shop
from sla.calendars import WIB


class Verdict(models.TextChoices):
    """Each message of the week has exactly one: the first that fits, in this order."""

    WEEKEND = "weekend", _("weekend")
    HOLIDAY = "holiday", _("public holiday")
    HOLIDAY_MODE = "holiday_mode", _("Holiday Mode")
    EXCLUDED = "excluded", _("taken out after a report or an appeal")
    DELETED = "deleted", _("deleted by the buyer")
    WAIVED = "waived", _("no reply needed")
    IN_TIME = "in_time", _("answered in time")
    LATE = "late", _("answered late")
    UNANSWERED = "unanswered", _("not answered")


LEFT_OUT = (
    Verdict.WEEKEND,
    Verdict.HOLIDAY,
    Verdict.HOLIDAY_MODE,
    Verdict.EXCLUDED,
    Verdict.DELETED,
    Verdict.WAIVED,
)
ASSESSED = (Verdict.IN_TIME, Verdict.LATE, Verdict.UNANSWERED)


class EvaluationWeek(models.Model):
    """The seven days from `week_start`, a Monday, to the Monday on which they are evaluated.

    `evaluated_to` and `judged_to` are the last shops done, so that whoever dies half way is
    continued. The rules stand here as they were, so that the week evaluates alike ever after.
    """

    week_start = models.DateField(unique=True)
    rules_version = models.PositiveIntegerField()
    free_days = ArrayField(models.DateField(), default=list)
    target_bp = models.PositiveIntegerField()
    least_assessed = models.PositiveIntegerField()
    began_at = models.DateTimeField()
    evaluated_to = models.BigIntegerField(default=0)
    evaluated_at = models.DateTimeField(null=True, blank=True)
    judged_to = models.BigIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-week_start",)
        constraints = [
            models.CheckConstraint(
                condition=Q(week_start__iso_week_day=1), name="evaluation_week_begins_on_monday"
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(evaluated_at__isnull=False),
                name="evaluated_before_it_is_finished",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.week_start}"

    @property
    def since(self) -> datetime:
        return datetime.combine(self.week_start, time(), tzinfo=WIB)

    @property
    def until(self) -> datetime:
        return self.since + timedelta(days=7)

    @property
    def number(self) -> int:
        """The ISO number of the week."""
        return self.week_start.isocalendar().week


class ShopWeek(models.Model):
    """What a week came to for one shop. `rate_bp` is in basis points, rounded down; none is assessed,
    none is the rate."""

    week = models.ForeignKey(
        EvaluationWeek, on_delete=models.PROTECT, related_name="shops", db_index=False
    )
    shop = models.ForeignKey(
        Shop, on_delete=models.PROTECT, related_name="evaluated_weeks", db_index=False
    )
    received = models.PositiveIntegerField()
    weekend = models.PositiveIntegerField()
    holiday = models.PositiveIntegerField()
    holiday_mode = models.PositiveIntegerField()
    excluded = models.PositiveIntegerField()
    deleted = models.PositiveIntegerField()
    waived = models.PositiveIntegerField()
    assessed = models.PositiveIntegerField()
    in_time = models.PositiveIntegerField()
    late = models.PositiveIntegerField()
    unanswered = models.PositiveIntegerField()
    rate_bp = models.PositiveIntegerField(null=True, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["week", "shop"], name="one_row_per_week_and_shop"),
            models.CheckConstraint(
                condition=Q(
                    received=F("weekend")
                    + F("holiday")
                    + F("holiday_mode")
                    + F("excluded")
                    + F("deleted")
                    + F("waived")
                    + F("assessed")
                ),
                name="every_message_of_the_week_counted_once",
            ),
            models.CheckConstraint(
                condition=Q(assessed=F("in_time") + F("late") + F("unanswered")),
                name="every_assessed_message_judged_once",
            ),
            models.CheckConstraint(
                condition=Q(assessed=0, rate_bp__isnull=True)
                | Q(
                    assessed__gt=0,
                    rate_bp__isnull=False,
                    rate_bp=F("in_time") * 10_000 / F("assessed"),
                ),
                name="rate_follows_from_the_counts",
            ),
        ]
        indexes = [models.Index(fields=["shop", "-week"], name="weeks_of_shop")]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.week_id}: {self.rate_bp}"

    def count_of(self, verdict: str) -> int:
        return int(getattr(self, verdict))
