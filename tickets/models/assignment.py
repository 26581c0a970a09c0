from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models


def _codes() -> ArrayField:
    return ArrayField(models.CharField(max_length=40), default=list, blank=True)


class WorkProfile(models.Model):
    """What somebody at the desk takes, and how much; an empty list of a skill means everything.

    `capacity`: open tickets, beyond which nothing is given automatically; empty: the organisation's.
    `given_at`: when they last got one by a choice of ours or by taking the next.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="work_profile"
    )
    capacity = models.PositiveSmallIntegerField(null=True, blank=True)
    categories = _codes()
    languages = _codes()
    channels = _codes()
    tiers = _codes()
    given_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(null=True, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(capacity__isnull=True) | models.Q(capacity__gte=1),
                name="capacity_of_one_at_least",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.capacity or '–'}"
