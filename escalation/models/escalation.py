from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models import Team
from tickets.models import Ticket, TicketEvent


class Escalation(models.Model):
    """The escalation form and its way: asked, verified, sent, accepted, returned (document 003, stage 4)."""

    class State(models.TextChoices):
        REQUESTED = "requested", _("waiting for a supervisor")
        DECLINED = "declined", _("declined")
        SENT = "sent", _("sent to the team")
        ACCEPTED = "accepted", _("accepted")
        RETURNED = "returned", _("returned")
        REPLACED = "replaced", _("passed on")
        FINISHED = "finished", _("finished")

    ACTIVE = (State.SENT, State.ACCEPTED)

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="escalations")
    state = models.CharField(max_length=10, choices=State.choices)
    from_team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    to_team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="escalations")
    trigger = models.CharField(_("trigger"), max_length=40)
    follows_matrix = models.BooleanField(default=True)
    matrix_version = models.PositiveIntegerField(default=0)

    summary = models.TextField(_("summary of the problem"))
    tried = models.TextField(_("what was tried"))
    evidence = models.TextField(_("evidence"))
    wanted_outcome = models.TextField(_("wanted outcome"))
    target_at = models.DateTimeField(_("target time"))

    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="requested_escalations",
    )
    requested_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="decided_escalations",
    )
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.TextField(_("reason"), blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="accepted_escalations",
    )
    accepted_at = models.DateTimeField(null=True)
    plan = models.TextField(_("plan of the receiving team"), blank=True)
    follow_up_at = models.DateTimeField(_("next follow-up"), null=True)
    ended_at = models.DateTimeField(null=True)
    event = models.ForeignKey(
        TicketEvent, null=True, on_delete=models.PROTECT, related_name="escalations"
    )

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"],
                condition=models.Q(state__in=["sent", "accepted"]),
                name="one_active_escalation",
            ),
            models.UniqueConstraint(
                fields=["ticket"],
                condition=models.Q(state="requested"),
                name="one_requested_escalation",
            ),
        ]
        indexes = [
            models.Index(fields=["-decided_at"], name="escalation_recent"),
            models.Index(
                fields=["requested_at"],
                name="escalation_waiting",
                condition=models.Q(state="requested"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} -> {self.to_team_id} {self.state}"

    @property
    def is_automatic(self) -> bool:
        return self.requested_by_id is None

    @property
    def reference(self) -> str:
        return f"ESK-{self.requested_at:%Y%m%d}-{self.pk:04d}"
