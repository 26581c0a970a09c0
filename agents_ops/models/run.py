"""A playbook that is being played on a ticket, and what was done on each of its steps."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from agents_ops.models.playbook import PlaybookSet
from agents_ops.playbook.parts import Playbook, Step
from agents_ops.states import How, Outcome, RunState
from tickets.models import Ticket


class PlaybookRun(models.Model):
    """`step` is the open one, since `step_since`; `revision` counts what happened to the run.

    `suggested`: it is the one that the rules suggested for this ticket.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="playbook_runs")
    rules = models.ForeignKey(
        PlaybookSet, on_delete=models.PROTECT, related_name="runs", db_index=False
    )
    playbook = models.SlugField(_("playbook"), max_length=40, db_index=False)
    suggested = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=RunState.choices, default=RunState.ACTIVE)
    step = models.SlugField(max_length=40, blank=True, db_index=False)
    step_since = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"],
                condition=models.Q(state=RunState.ACTIVE),
                name="one_active_playbook_run",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=RunState.values), name="playbook_run_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state=RunState.ACTIVE, ended_at__isnull=True, outcome="")
                & ~models.Q(step="")
                | models.Q(state=RunState.FINISHED, ended_at__isnull=False, step="")
                & ~models.Q(outcome="")
                | models.Q(state=RunState.LEFT, ended_at__isnull=False, step="", outcome=""),
                name="playbook_run_is_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["playbook", "-started_at"], name="playbook_run_by_playbook"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.playbook} {self.state}"

    @property
    def is_active(self) -> bool:
        return self.state == RunState.ACTIVE

    @property
    def script(self) -> Playbook:
        """The playbook of the version that the run began with, read once in a process."""
        return PlaybookSet.known(self.rules_id).playbooks[self.playbook]

    @property
    def open_step(self) -> Step | None:
        return self.script.by_code.get(self.step)


class StepRecord(models.Model):
    """One step that was left, and how: the database refuses changes. The words are in StepValues.

    `seconds` it took, `standard` what the playbook allows (None: nothing said). `gate`: what the
    step's gate said.
    """

    run = models.ForeignKey(
        PlaybookRun, on_delete=models.PROTECT, related_name="records", db_index=False
    )
    step = models.SlugField(max_length=40, db_index=False)
    how = models.CharField(max_length=8, choices=How.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    opened_at = models.DateTimeField()
    at = models.DateTimeField()
    seconds = models.PositiveIntegerField()
    standard = models.PositiveIntegerField(null=True, blank=True)
    gate = models.CharField(max_length=40, blank=True)
    went_to = models.SlugField(max_length=40, blank=True, db_index=False)

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["run", "step"], name="playbook_step_done_once"),
            models.CheckConstraint(
                condition=models.Q(how__in=How.values), name="playbook_step_how_known"
            ),
        ]
        indexes = [models.Index(fields=["at"], name="playbook_step_by_time")]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.step} {self.how}"

    @property
    def is_late(self) -> bool:
        return self.standard is not None and self.seconds > self.standard


class StepValues(models.Model):
    """The answers of a step, and why it was skipped: erasable where the record is not."""

    record = models.OneToOneField(
        StepRecord, on_delete=models.CASCADE, related_name="given", primary_key=True
    )
    values = models.JSONField(default=dict)
    reason = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"values of {self.record_id}"
