"""The triage rules while people change them: drafts, trials on the past, what a release offers."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.common.drafting import RuleDraft
from helpdesk.common.jobs import Trial


class TriageDraft(RuleDraft):
    """What one person is changing in the triage rules."""

    author = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="triage_draft"
    )

    class Meta:
        verbose_name = _("triage draft")
        verbose_name_plural = _("triage drafts")

    def __str__(self) -> str:
        return f"draft of {self.author_id} on v{self.base_version}"


class TriageTrial(Trial):
    """A draft tried on the tickets received lately; `result` is the JSON of `tickets.trial.Outcome`.

    It grows while the work goes on, so that a killed worker's successor goes on from there.
    """

    class Meta:
        ordering = ("-id",)
        indexes = [
            models.Index(
                fields=["id"],
                name="triage_trial_open",
                condition=models.Q(state__in=["waiting", "running"]),
            ),
        ]

    def __str__(self) -> str:
        return f"triage trial {self.pk}: {self.state}"


class TriageOffer(models.Model):
    """Rules that came with a release after people had published their own: never put in force by
    themselves. `base` is what the release before it brought; what differs between both is offered.
    """

    body = models.JSONField(_("rules"))
    base = models.JSONField()
    digest = models.CharField(max_length=64, editable=False)
    offered_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    taken = models.BooleanField(default=False)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"offer {self.digest[:8]}"
