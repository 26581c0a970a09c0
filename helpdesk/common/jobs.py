"""Long work with a row of its own: how far it came, how often it was begun, and how it ended."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.common import clock
from helpdesk.common.alone import NotAlone
from helpdesk.common.faults import words_of

logger = logging.getLogger(__name__)
MAX_ATTEMPTS = 3


class Job(models.Model):
    """Abstract. Whoever works on it writes `done`.

    `attempts` is counted before the work begins, so that a job that kills its worker ends as failed.
    """

    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    beat_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True

    @property
    def percent(self) -> int:
        """0 to 100; rounded down, so that 100 means done."""
        return min(100, self.done * 100 // self.total) if self.total else 0


class Trial(Job):
    """Abstract: a draft of some rules (`body`, begun from `base_version`) tried on what came from
    `since` to `until`. `result` is the outcome as JSON."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("replaying")
        DONE = "done", _("done")
        CANCELLED = "cancelled", _("cancelled")
        FAILED = "failed", _("failed")

    OPEN = (State.WAITING, State.RUNNING)

    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    base_version = models.PositiveIntegerField()
    body = models.JSONField()
    since = models.DateTimeField()
    until = models.DateTimeField()
    result = models.JSONField(default=dict)

    class Meta:
        abstract = True

    @property
    def is_working(self) -> bool:
        return self.state in self.OPEN


def attempt(job: Job, work: Callable[[Any], bool]) -> bool:
    """False when the job wants to go on later. Counted first, so that a deadly one ends."""
    kind: models.QuerySet[Any] = type(job).objects.filter(pk=job.pk)  # type: ignore[attr-defined]
    if job.attempts >= MAX_ATTEMPTS:
        kind.update(state="failed", ended_at=clock.now(), error=job.error or "gave up")
        return True
    job.attempts += 1
    kind.update(attempts=job.attempts)
    try:
        finished = work(job)
    except NotAlone:
        logger.warning("%s is left to the next worker: the connection was lost", job)
        return False
    except Exception as error:
        logger.exception("%s failed", job)
        kind.update(error=words_of(error))
        return False
    # It came further without dying: what follows is a new try.
    kind.update(attempts=0)
    return finished
