"""One order on many tickets: what it is, which tickets it is about, and what became of each."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tickets.models.ticket import Ticket


class BulkJob(models.Model):
    """Tried first on every ticket (`checking`), looked at (`ready`), then done (`running`).

    Which tickets it is about is frozen when it is made: its items. `order` is the JSON of a
    `tickets.services.Order`, `source` says what was chosen: {"view": code}, {"search": words} or {}.
    `seen_message` is the newest message there was then: what was written later, nobody who gave the
    order has seen. `attempts` is counted before a slice of work begins, so that a job which kills
    its worker ends as failed.
    """

    class State(models.TextChoices):
        CHECKING = "checking", _("being tried")
        READY = "ready", _("waiting for your word")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        STOPPED = "stopped", _("stopped")
        FAILED = "failed", _("failed")

    WORKING = (State.CHECKING, State.RUNNING)

    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="bulk_jobs"
    )
    verb = models.CharField(max_length=20)
    order = models.JSONField(default=dict)
    source = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.CHECKING)
    total = models.PositiveIntegerField(default=0)
    seen_message = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    worked_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    again_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL)
    submission_key = models.CharField(
        max_length=64, null=True, blank=True, unique=True, editable=False
    )
    submission_digest = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        ordering = ("-id",)
        indexes = [
            models.Index(fields=["started_by", "-id"], name="bulk_job_by_person"),
            models.Index(
                fields=["worked_at", "id"],
                name="bulk_job_at_work",
                condition=models.Q(state__in=["checking", "running"]),
            ),
        ]

    def __str__(self) -> str:
        return f"bulk {self.pk} {self.verb}: {self.state}"

    @property
    def is_working(self) -> bool:
        return self.state in self.WORKING

    @property
    def has_ended(self) -> bool:
        return self.state in (self.State.DONE, self.State.STOPPED, self.State.FAILED)


class BulkItem(models.Model):
    """One ticket of a job, written in the transaction that did the deed: no ticket is done twice.

    `fits` and `unfit` are what the trial found; an unfit one is tried once more when the job runs.
    `code` and `why` ({"id": …, "en": …}) tell the refusal. Without a ticket: `number` is what was
    typed, and there is nothing of that number for whoever gave the order.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("not tried yet")
        FITS = "fits", _("can be done")
        UNFIT = "unfit", _("would be refused")
        DONE = "done", _("done")
        REFUSED = "refused", _("refused")

    job = models.ForeignKey(BulkJob, on_delete=models.CASCADE, related_name="items")
    ticket = models.ForeignKey(Ticket, null=True, on_delete=models.CASCADE, related_name="+")
    number = models.CharField(max_length=40)
    place = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    code = models.CharField(max_length=40, blank=True)
    why = models.JSONField(default=dict)
    at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("job", "place")
        constraints = [
            models.UniqueConstraint(fields=["job", "ticket"], name="bulk_ticket_once_in_a_job"),
            models.UniqueConstraint(fields=["job", "place"], name="bulk_place_once_in_a_job"),
        ]
        indexes = [
            models.Index(fields=["job", "state", "tries", "place"], name="bulk_item_next"),
        ]

    def __str__(self) -> str:
        return f"{self.job_id}/{self.number}: {self.state}"
