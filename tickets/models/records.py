"""The papers that a ticket's stages leave behind (document 003)."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.common.versioned import VersionedData
from tickets.models.event import TicketEvent
from tickets.models.ticket import Ticket
from tickets.states import Confirmation, Priority


class TriageRules(VersionedData):
    """A version of the triage rule set (fixtures/triage_rules.json)."""


class Classification(models.Model):
    """How a ticket was classified: by which rules or whom, and why."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="classifications")
    event = models.OneToOneField(
        TicketEvent, on_delete=models.PROTECT, related_name="classification"
    )
    category = models.SlugField(max_length=40, db_index=False)
    priority = models.CharField(max_length=6, choices=Priority.choices)
    queue = models.SlugField(max_length=40, db_index=False)
    rules_version = models.PositiveIntegerField(null=True, blank=True)
    reasons = models.JSONField(default=list)
    flags = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.category} {self.priority} {self.queue}"


class ClosingForm(models.Model):
    """What a closed ticket must say: root cause, solution, and what the customer said to it."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="closing_forms")
    event = models.OneToOneField(
        TicketEvent, null=True, blank=True, on_delete=models.PROTECT, related_name="closing_form"
    )
    root_cause = models.TextField(_("root cause"))
    solution = models.TextField(_("solution"))
    confirmation = models.CharField(
        _("customer confirmation"), max_length=10, choices=Confirmation.choices, blank=True
    )
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    prepared_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"],
                condition=models.Q(event__isnull=True),
                name="one_prepared_closing_form",
            ),
        ]

    def __str__(self) -> str:
        return self.root_cause[:60]


class SatisfactionSurvey(models.Model):
    """The customer's mark for a closed ticket, 1 (bad) to 5 (good)."""

    closing = models.OneToOneField(
        ClosingForm, on_delete=models.CASCADE, related_name="survey", primary_key=True
    )
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="surveys")
    score = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    comment = models.TextField(blank=True)
    answered_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["answered_at"], name="survey_by_time")]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.score}"
