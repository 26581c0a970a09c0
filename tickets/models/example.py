"""Where people corrected the machine: labelled examples, and the weekly report made of them."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models import Tier
from tickets.models.event import TicketEvent
from tickets.models.ticket import Ticket
from tickets.states import Channel, Priority, Reporter


class TriageExample(models.Model):
    """An officer's correction: the complaint as it was judged, what the machine said, what they said.

    `rule` set the machine's category; `confidence` is from 0 to 1, None where it was not recorded.
    A later correction of the same ticket replaces the earlier one. `decided_at` is when the machine
    judged, `said_at` when the officer corrected it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("to review")
        ACCEPTED = "accepted", _("accepted for training")
        REJECTED = "rejected", _("rejected")
        REPLACED = "replaced", _("replaced by a later one")

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="triage_examples")
    event = models.OneToOneField(
        TicketEvent, on_delete=models.PROTECT, related_name="triage_example"
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    channel = models.CharField(max_length=13, choices=Channel.choices)
    reporter = models.CharField(max_length=6, choices=Reporter.choices)
    tier = models.CharField(max_length=10, choices=Tier.choices)
    amount_idr = models.BigIntegerField(null=True)
    days_open = models.FloatField(null=True)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    decided_at = models.DateTimeField()
    rules_version = models.PositiveIntegerField()
    rule = models.CharField(max_length=60, blank=True)
    confidence = models.FloatField(null=True)
    machine_category = models.SlugField(max_length=40, db_index=False)
    machine_priority = models.CharField(max_length=6, choices=Priority.choices)
    machine_queue = models.SlugField(max_length=40, db_index=False)
    category = models.SlugField(max_length=40, db_index=False)
    priority = models.CharField(max_length=6, choices=Priority.choices)
    queue = models.SlugField(max_length=40, db_index=False)
    reason = models.TextField(blank=True)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    said_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+",
        db_index=False,
    )  # fmt: skip
    reviewed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)
        indexes = [
            models.Index(fields=["-said_at", "-id"], name="example_by_time"),
            models.Index(fields=["decided_at"], name="example_by_decision"),
            models.Index(
                fields=["-said_at", "-id"],
                name="example_to_review",
                condition=models.Q(state="waiting"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.machine_category} > {self.category}"

    @property
    def machine_said(self) -> dict[str, str]:
        names = ("category", "priority", "queue")
        return {name: getattr(self, f"machine_{name}") for name in names}

    @property
    def percent(self) -> int | None:
        return None if self.confidence is None else round(self.confidence * 100)


class TriageWeek(models.Model):
    """The report on a week was made: once, whoever asks. `figures` as they stood at that moment."""

    monday = models.DateField(unique=True)
    figures = models.JSONField()
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("-monday",)

    def __str__(self) -> str:
        return f"week of {self.monday}"


class TriageWeekMail(models.Model):
    """The report owed to one person; `uuid` is its Message-ID, the same at each try."""

    week = models.ForeignKey(TriageWeek, on_delete=models.CASCADE, related_name="mails")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    uuid = models.UUIDField(default=uuid.uuid4, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["week", "person"], name="one_report_a_week_and_person"),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                name="week_mail_owed",
                condition=models.Q(next_try_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.week_id} to {self.person_id}"
