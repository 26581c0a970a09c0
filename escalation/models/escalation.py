from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from people.models import Team
from sla.models import Clock, Metric, SweepRun
from tickets.models import Ticket, TicketEvent

# The engine's promise: what happens later than this after its deadline counts as late.
ON_TIME_SECONDS = 2.0
BREACH = "breach."
FOLLOWED = "follow_up"
TARGETED = "target"


class Said(NamedTuple):
    by: str
    words: str


class Escalation(models.Model):
    """The escalation form and its way: asked, verified, sent, accepted, returned (document 003, stage 4).

    `due_at` is the deadline that it answers, as it stood when it was acted upon: the missed promise
    (`metric`, by `policy_version`), the moment of a trigger of time, the limit of a follow-up; of a
    request, the moment by which a supervisor owed the verification. Empty where a fact, or a
    supervisor's own hand, brought it about. `late_seconds` is how late the engine was, from when
    that deadline was both due and known (a deadline may be moved into the past); of a request, how
    late the verification was; 0 in time, empty while that has not happened. `sweep` is the run that
    did it. `cause` is the ticket's event that it answers, besides `event`, its own.
    """

    class State(models.TextChoices):
        REQUESTED = "requested", _("waiting for a supervisor")
        DECLINED = "declined", _("sent back")
        SENT = "sent", _("sent to the team")
        ACCEPTED = "accepted", _("accepted")
        RETURNED = "returned", _("returned")
        REPLACED = "replaced", _("passed on")
        FINISHED = "finished", _("finished")

    class Level(models.IntegerChoices):
        """The chain: officer, supervisor, specialist team, operations manager."""

        OFFICER = 1, _("CS officer")
        SUPERVISOR = 2, _("supervisor")
        SPECIALIST = 3, _("specialist team")
        OPERATIONS = 4, _("operations manager")

    class Origin(models.TextChoices):
        BREACH = "breach", _("missed deadline")
        RULE = "rule", _("automatic trigger")
        FOLLOW_UP = "follow_up", _("overdue follow-up")
        TARGET = "target", _("missed target of the team")
        HAND = "hand", _("asked for by hand")

    ACTIVE = (State.SENT, State.ACCEPTED)
    AUTOMATIC = (Origin.BREACH, Origin.RULE, Origin.FOLLOW_UP, Origin.TARGET)

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="escalations")
    state = models.CharField(max_length=10, choices=State.choices)
    from_team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+", db_index=False)
    to_team = models.ForeignKey(
        Team, on_delete=models.PROTECT, related_name="escalations", db_index=False
    )
    # The team that was asked for, where the supervisor sent it to another one.
    asked_team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    trigger = models.CharField(_("trigger"), max_length=40)
    origin = models.CharField(max_length=9, choices=Origin.choices, default="", db_default="")
    facts = models.JSONField(default=dict)
    follows_matrix = models.BooleanField(default=True)
    matrix_version = models.PositiveIntegerField(default=0)

    summary = models.TextField(_("summary of the problem"))
    tried = models.TextField(_("what was tried"))
    evidence = models.TextField(_("evidence"))
    wanted_outcome = models.TextField(_("wanted outcome"))
    target_at = models.DateTimeField(_("target time"))
    # Somebody wrote it; else it is when the team is to accept, which is no deadline of its work.
    target_asked = models.BooleanField(default=False, db_default=False)

    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="requested_escalations",
    )
    requested_at = models.DateTimeField()
    # Of whoever asked; needed where a level is skipped. A supervisor's own is `decision_reason`.
    request_reason = models.TextField(
        _("reason of the request"), blank=True, default="", db_default=""
    )
    due_at = models.DateTimeField(null=True)
    metric = models.CharField(
        max_length=20, choices=Metric.choices, blank=True, default="", db_default=""
    )
    policy_version = models.PositiveIntegerField(null=True)
    late_seconds = models.FloatField(null=True)
    # Looked up from here only: without an index of their own.
    sweep = models.ForeignKey(
        SweepRun, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    cause = models.ForeignKey(
        TicketEvent, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
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
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="kept_escalations",
    )
    plan = models.TextField(_("plan of the receiving team"), blank=True)
    agreed_target_at = models.DateTimeField(_("target of the receiving team"), null=True)
    # Why it is later than asked for, or was moved.
    target_reason = models.TextField(
        _("reason of the target"), blank=True, default="", db_default=""
    )
    target_missed_at = models.DateTimeField(null=True)
    # The earliest open follow-up, kept here so that a list of escalations needs no join.
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
            models.Index(fields=["-requested_at", "-id"], name="escalation_ledger"),
            # The ledger's filters, each in the ledger's order.
            models.Index(fields=["to_team", "-requested_at", "-id"], name="escalation_ledger_to"),
            models.Index(
                fields=["from_team", "-requested_at", "-id"], name="escalation_ledger_from"
            ),
            models.Index(
                fields=["origin", "-requested_at", "-id"], name="escalation_ledger_origin"
            ),
            models.Index(
                fields=["-requested_at", "-id"],
                name="escalation_ledger_late",
                condition=models.Q(late_seconds__gt=ON_TIME_SECONDS),
            ),
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
    def reason(self) -> str:
        """Of the decision, else of the request that was verified as it stood."""
        return self.decision_reason or self.request_reason

    @property
    def said(self) -> list[Said]:
        """Who asked and who decided, each in their own words."""
        both = ((self.requested_by, self.request_reason), (self.decided_by, self.decision_reason))
        return [Said(str(by or ""), words) for by, words in both if words]

    @property
    def is_late(self) -> bool:
        return self.late_seconds is not None and self.late_seconds > ON_TIME_SECONDS

    @property
    def past_seconds(self) -> float | None:
        """How long past the deadline it was acted upon, whoever had moved it; 0 in time."""
        at = self.requested_at if self.is_automatic else self.decided_at
        if self.due_at is None or at is None:
            return None
        return max(0.0, (at - self.due_at).total_seconds())

    @property
    def was_past_when_known(self) -> bool:
        """The engine learnt of the deadline only when it had passed."""
        past, late = self.past_seconds, self.late_seconds
        return self.is_automatic and past is not None and late is not None and past - late > 1

    @cached_property
    def clock_due_at(self) -> datetime | None:
        """When the clock is due that the policy began with the acceptance; it is the promise then."""
        if self.accepted_at is None:
            return None
        begun = of_acceptance(self.ticket_id, self.accepted_at)
        return begun.values_list("due_at", flat=True).first()

    @property
    def promised_by_clock(self) -> bool:
        return self.clock_due_at is not None

    @property
    def promised_at(self) -> datetime | None:
        """What the team is held to: its clock's deadline as it stands now, else the date it named."""
        return self.clock_due_at or self.agreed_target_at

    @property
    def promises_later(self) -> bool:
        """The team's own date lies behind the one that was asked for."""
        at = self.agreed_target_at
        asked = self.target_asked and not self.promised_by_clock
        return asked and at is not None and at > self.target_at

    @property
    def level(self) -> Level:
        """Where in the chain the ticket goes."""
        return level_of(self.to_team.kind)

    @property
    def reference(self) -> str:
        return f"ESK-{self.requested_at:%Y%m%d}-{self.pk:04d}"


def of_acceptance(ticket_id: Any, accepted_at: Any) -> models.QuerySet[Clock]:
    """The clock that an acceptance began, if the policy has one for the team."""
    began = Clock.objects.filter(ticket=ticket_id, started_at=accepted_at)
    return began.filter(metric=Metric.MEDIATION_DECISION).order_by("-id")


def origin_of(trigger: str) -> Escalation.Origin:
    """Of an escalation that nobody asked for."""
    if trigger.startswith(BREACH):
        return Escalation.Origin.BREACH
    by_timer = {FOLLOWED: Escalation.Origin.FOLLOW_UP, TARGETED: Escalation.Origin.TARGET}
    return by_timer.get(trigger, Escalation.Origin.RULE)


def level_of(team_kind: str) -> Escalation.Level:
    return {
        Team.Kind.SQUAD.value: Escalation.Level.OFFICER,
        Team.Kind.SUPERVISION.value: Escalation.Level.SUPERVISOR,
        Team.Kind.SPECIALIST.value: Escalation.Level.SPECIALIST,
        Team.Kind.OPERATIONS.value: Escalation.Level.OPERATIONS,
    }[team_kind]
