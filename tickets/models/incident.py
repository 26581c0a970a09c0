"""One cause behind many tickets: what their customers are told, and the work on all of them at once."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.common.wording import Both
from tickets.models.ticket import Ticket
from tickets.states import Confirmation


class Incident(models.Model):
    """`words`: what customers are told at present, with placeholders as in macros; `words_at`: since
    when that is so."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        IDENTIFIED = "identified", _("cause identified")
        RESOLVED = "resolved", _("resolved")

    title = models.CharField(_("title"), max_length=120)
    words = models.TextField(_("what customers are told"))
    words_at = models.DateTimeField()
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    version = models.PositiveIntegerField(default=1)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "identified", "resolved"]),
                name="incident_state_known",
            ),
            models.CheckConstraint(
                condition=models.Q(state="resolved", resolved_at__isnull=False)
                | (~models.Q(state="resolved") & models.Q(resolved_at__isnull=True)),
                name="incident_resolved_has_time",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_over(self) -> bool:
        return self.state == self.State.RESOLVED


class IncidentTicket(models.Model):
    """A ticket that the incident caused; of one incident at most. `told_at`: when its customer was
    last told the incident's words."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="members")
    ticket = models.OneToOneField(Ticket, on_delete=models.CASCADE, related_name="incident_member")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.incident_id}: {self.ticket_id}"

    @property
    def is_told(self) -> bool:
        """The customer knows the present words."""
        return self.told_at is not None and self.told_at >= self.incident.words_at


class IncidentRun(models.Model):
    """One order for all tickets of an incident, done one by one (`IncidentStep`)."""

    class Verb(models.TextChoices):
        REPLY = "reply", _("Reply to all")
        CONFIRM = "confirm", _("Ask all to confirm")
        CLOSE = "close", _("Close all")

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="runs")
    verb = models.CharField(max_length=8, choices=Verb.choices)
    words = models.TextField(blank=True)
    root_cause = models.TextField(blank=True)
    solution = models.TextField(blank=True)
    confirmation = models.CharField(max_length=10, choices=Confirmation.choices, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    stopped = models.BooleanField(default=False)

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["incident"],
                condition=models.Q(ended_at__isnull=True),
                name="one_run_of_an_incident",
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                name="incident_run_open",
                condition=models.Q(ended_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.verb}"


class IncidentStep(models.Model):
    """The order on one ticket. Made final in the transaction that does it, so that a killed worker
    neither loses nor doubles it; `attempts` is counted before, so that a deadly one ends."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DONE = "done", _("done")
        REFUSED = "refused", _("refused")
        FAILED = "failed", _("failed")
        STOPPED = "stopped", _("stopped")

    run = models.ForeignKey(IncidentRun, on_delete=models.CASCADE, related_name="steps")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    code = models.CharField(max_length=40, blank=True)
    why = models.JSONField(default=dict)
    at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["run", "ticket"], name="one_step_for_a_ticket"),
        ]
        indexes = [
            models.Index(
                fields=["run", "id"],
                name="incident_step_waiting",
                condition=models.Q(state="waiting"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.ticket_id} {self.state}"

    @property
    def why_now(self) -> str:
        """The refusal in the reader's language; empty where there was none."""
        return str(Both(self.why)) if self.why else ""
