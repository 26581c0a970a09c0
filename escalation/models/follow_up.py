from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from escalation.models.escalation import Escalation

OPEN = models.Q(done_at__isnull=True, ended_at__isnull=True)


class FollowUp(models.Model):
    """One step of the receiving team's plan: what, by when, whose, and what came of it.

    `ended_at` says that the escalation ended before it was done. `news` is the one step that every
    accepted escalation has: the next news to CS, which a progress report does and plans anew.
    """

    class Kind(models.TextChoices):
        NEWS = "news", _("news to CS")
        STEP = "step", _("step")

    escalation = models.ForeignKey(Escalation, on_delete=models.CASCADE, related_name="follow_ups")
    kind = models.CharField(max_length=4, choices=Kind.choices, default=Kind.STEP)
    what = models.CharField(_("what is to be done"), max_length=500, blank=True)
    due_at = models.DateTimeField(_("due"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="follow_ups"
    )
    planned_at = models.DateTimeField()
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    moves = models.PositiveSmallIntegerField(default=0)
    reminded_at = models.DateTimeField(null=True)
    overdue_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    result = models.TextField(_("result"), blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("due_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["escalation"],
                condition=OPEN & models.Q(kind="news"),
                name="one_open_news_per_escalation",
            ),
            models.CheckConstraint(
                condition=models.Q(done_at__isnull=True) | models.Q(ended_at__isnull=True),
                name="follow_up_ends_once",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "due_at"], name="follow_up_open", condition=OPEN),
        ]

    def __str__(self) -> str:
        return f"{self.escalation_id}: {self.kind} {self.due_at:%Y-%m-%d %H:%M}"

    @property
    def is_open(self) -> bool:
        return self.done_at is None and self.ended_at is None

    @property
    def is_news(self) -> bool:
        return self.kind == self.Kind.NEWS

    @property
    def state(self) -> str:
        """`done`, `ended` (with its escalation), `overdue` or `open`."""
        if self.done_at is not None:
            return "done"
        if self.ended_at is not None:
            return "ended"
        return "overdue" if self.overdue_at is not None else "open"
