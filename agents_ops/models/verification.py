"""Who made sure of an agent, point by point. What the agent answered is kept nowhere."""

from __future__ import annotations

from functools import cached_property

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from agents_ops.models.rules import AgentRules
from agents_ops.verification.comparing import Result
from agents_ops.verification.rules import Checked, Part, Rule
from people.models import ResellerAgent
from tickets.models import Ticket


class Verification(models.Model):
    """One try to make sure of an agent on a ticket, by one rule (`parts` as they were then).

    `agent` is None where the ID that the agent named is not on record.
    """

    class State(models.TextChoices):
        OPEN = "open", _("running")
        PASSED = "passed", _("verified")
        FAILED = "failed", _("not verified")

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="verifications")
    agent = models.ForeignKey(
        ResellerAgent, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    agent_code = models.CharField(max_length=20)
    rules = models.ForeignKey(
        AgentRules, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    rule = models.SlugField(max_length=40, blank=True, db_index=False)
    parts = models.JSONField()
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    started_at = models.DateTimeField()
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    ended_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"], condition=models.Q(state="open"), name="one_open_verification"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state="open",
                    ended_at__isnull=True,
                    ended_by__isnull=True,
                    expires_at__isnull=True,
                )
                | models.Q(
                    state="passed",
                    ended_at__isnull=False,
                    ended_by__isnull=False,
                    expires_at__gt=models.F("ended_at"),
                )
                | models.Q(
                    state="failed",
                    ended_at__isnull=False,
                    ended_by__isnull=False,
                    expires_at__isnull=True,
                ),
                name="verification_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.rule} {self.state}"

    @cached_property
    def asked(self) -> Rule:
        known = self.rules.book.rules.get(self.rule)
        parts = tuple(Part.read(each) for each in self.parts)
        return Rule(self.rule, known.names if known else {}, parts)


class VerificationAnswer(models.Model):
    """What one point came to: the database refuses changes. `forgiven`: codes of what was let pass;
    `evidence`: the key of the attachment that was looked at."""

    verification = models.ForeignKey(
        Verification, on_delete=models.PROTECT, related_name="answers", db_index=False
    )
    agent_code = models.CharField(max_length=20)
    point = models.SlugField(max_length=40, db_index=False)
    result = models.CharField(max_length=14, choices=Result.choices)
    checked = models.CharField(max_length=7, choices=Checked.choices)
    forgiven = models.JSONField(default=list)
    evidence = models.CharField(max_length=64, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(result__in=Result.values), name="verification_result_known"
            ),
        ]
        indexes = [
            models.Index(fields=["verification", "id"], name="verification_answers"),
            models.Index(
                fields=["agent_code", "at"],
                condition=models.Q(result="differs"),
                name="verification_wrong_answers",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verification_id}: {self.point} {self.result}"


class AgentLock(models.Model):
    """Too many wrong answers about one agent, on whatever tickets: nothing that asks for verification
    goes on until then. The database refuses changes."""

    agent_code = models.CharField(max_length=20)
    verification = models.ForeignKey(
        Verification, on_delete=models.PROTECT, related_name="locks", db_index=False
    )
    wrong = models.PositiveIntegerField()
    at = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__gt=models.F("at")), name="agent_lock_ends_later"
            ),
        ]
        indexes = [models.Index(fields=["agent_code", "-id"], name="agent_lock_latest")]

    def __str__(self) -> str:
        return f"{self.agent_code} until {self.until}"

    @property
    def is_lifted(self) -> bool:
        return hasattr(self, "lift")


class AgentLockLift(models.Model):
    """A lock that somebody ended before its time; why stands with the ticket's event. The database
    refuses changes."""

    lock = models.OneToOneField(AgentLock, on_delete=models.PROTECT, related_name="lift")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.lock_id} lifted"
