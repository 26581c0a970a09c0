from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import RETURN_VALUE, ConcurrentTransitionMixin, FSMField, transition

from people.models import Customer, ResellerAgent, Shop, Team, Tier
from tickets.states import (
    ESCALATABLE_STATES,
    IN_WORK_STATES,
    MERGEABLE_STATES,
    OPEN_STATES,
    Channel,
    Priority,
    Reporter,
    State,
    WantedSolution,
)


def _has_classification(ticket: Any) -> bool:
    return bool(ticket.category and ticket.priority)


def _has_assignee(ticket: Any) -> bool:
    return ticket.assignee_id is not None


class Ticket(ConcurrentTransitionMixin, models.Model):
    """One complaint, one problem. Changed only by the services of this app, never directly."""

    number = models.CharField(_("number"), max_length=13, unique=True)
    state = FSMField(_("state"), default=State.RECEIVED, choices=State.choices, protected=True)
    version = models.PositiveIntegerField(default=1)

    category = models.SlugField(_("category"), max_length=40, blank=True, db_index=False)
    priority = models.CharField(_("priority"), max_length=6, choices=Priority.choices, blank=True)
    queue = models.SlugField(
        _("queue proposed by triage"), max_length=40, blank=True, db_index=False
    )
    expedited = models.BooleanField(_("quick escalation asked"), default=False)

    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.PROTECT, related_name="tickets"
    )
    home_team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.PROTECT, related_name="home_tickets"
    )
    involved_teams: models.ManyToManyField[Team, Any] = models.ManyToManyField(
        Team, related_name="involved_tickets", blank=True
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="assigned_tickets",
    )

    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="tickets", db_index=False
    )
    reporter = models.CharField(
        _("reported by"), max_length=6, choices=Reporter.choices, default=Reporter.BUYER
    )
    shop = models.ForeignKey(
        Shop, null=True, blank=True, on_delete=models.PROTECT, related_name="tickets"
    )
    agent = models.ForeignKey(
        ResellerAgent, null=True, blank=True, on_delete=models.PROTECT, related_name="tickets"
    )
    tier = models.CharField(_("tier"), max_length=10, choices=Tier.choices, default=Tier.REGULAR)
    channel = models.CharField(_("channel"), max_length=13, choices=Channel.choices)
    language = models.CharField(max_length=5, default="id")

    subject = models.CharField(_("subject"), max_length=200)
    description = models.TextField(_("description"))
    order_number = models.CharField(_("order or transaction number"), max_length=60, blank=True)
    wanted_solution = models.CharField(
        _("wanted solution"),
        max_length=12,
        choices=WantedSolution.choices,
        default=WantedSolution.OTHER,
    )
    amount_idr = models.BigIntegerField(_("amount"), null=True, blank=True)
    problem_since = models.DateTimeField(_("problem since"), null=True, blank=True)

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="created_tickets",
    )
    submission_key = models.CharField(
        max_length=64, null=True, blank=True, unique=True, editable=False
    )
    submission_digest = models.CharField(max_length=64, blank=True, editable=False)

    received_at = models.DateTimeField(_("received at"))
    classified_at = models.DateTimeField(null=True, blank=True)
    first_response_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    sealed_at = models.DateTimeField(null=True, blank=True)
    reopen_count = models.PositiveSmallIntegerField(default=0)
    waiting_for_customer_since = models.DateTimeField(null=True, blank=True)
    confirmation_asked_at = models.DateTimeField(null=True, blank=True)
    held_since = models.DateTimeField(null=True, blank=True)
    held_until = models.DateTimeField(null=True, blank=True)
    # A reply of ours waits for its author to think again; see services/outgoing.py.
    reply_leaves_at = models.DateTimeField(null=True, blank=True)

    # Ids of tags; `tickets.tag_reads` says what they stand for.
    tags: Any = ArrayField(models.IntegerField(), default=list, db_default=[], blank=True)

    # Kept by the sla app from its clocks, so that a queue sorts by one indexed column.
    next_due_at = models.DateTimeField(null=True, blank=True)
    next_due_kind = models.CharField(max_length=40, blank=True)
    next_due_from = models.DateTimeField(null=True, blank=True)
    breached_at = models.DateTimeField(null=True, blank=True)

    # Whether anybody watches it: of most tickets nobody has to be looked up.
    watched = models.BooleanField(default=False, db_default=False, editable=False)
    # Of a locked ticket: its version before a waiting reply left; see services/changes.py.
    version_before_reply: int | None = None

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        permissions = [
            ("work_ticket", "See and work the tickets of one's teams"),
            ("reply_ticket", "Reply to the customer"),
            ("classify_ticket", "Classify and reclassify"),
            ("handle_ticket", "Take a ticket and handle it"),
            ("assign_others", "Assign tickets to others"),
            ("direct_work", "Hold tickets, pull them forward, act on many at once"),
            ("close_ticket", "Close with a closing form"),
            ("reopen_ticket", "Reopen a closed ticket"),
            ("request_escalation", "Ask for an escalation"),
            ("verify_escalation", "Verify or decline an escalation"),
            ("accept_escalation", "Accept an escalated ticket"),
            ("return_escalation", "Return an escalated ticket"),
            ("decide_freeze", "Approve or decline a freeze that another asked for"),
            ("decide_approval", "Decide what needs a second person"),
            ("read_freezes", "Read the approved freezes to execute, through the API"),
            ("see_all_tickets", "See the tickets of all teams"),
            ("view_dashboard", "See the SLA dashboard"),
            ("edit_rules", "Edit SLA policies and the escalation matrix"),
            ("receive_for_others", "File tickets for others through the API"),
            ("reveal_contact", "Look at masked contact data; each look is recorded"),
            ("look_without_reason", "Look at masked contact data without choosing a reason"),
            ("see_contacts", "See contact data openly"),
            ("view_looks", "See who looked at masked contact data"),
            ("review_messages", "Review messages between buyers and shops"),
            ("review_quality", "Review the quality of the work of one's teams"),
            ("see_all_quality", "See the quality of everybody's work"),
            ("read_engine", "Read policies, clocks, the ledger and the engine, through the API"),
            ("manage_tokens", "Create, rotate and revoke API tokens"),
            ("use_webhooks", "Have events sent to an address of one's own"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=State.values), name="ticket_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(priority__in=[*Priority.values, ""]),
                name="ticket_priority_known",
            ),
            models.CheckConstraint(
                condition=models.Q(state=State.RECEIVED)
                | (~models.Q(category="") & ~models.Q(priority="") & models.Q(team__isnull=False)),
                name="ticket_beyond_received_is_classified",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=IN_WORK_STATES) | models.Q(assignee__isnull=False),
                name="ticket_in_work_has_assignee",
            ),
            models.CheckConstraint(
                condition=models.Q(state=State.CLOSED, closed_at__isnull=False)
                | (~models.Q(state=State.CLOSED) & models.Q(closed_at__isnull=True)),
                name="ticket_closed_has_time",
            ),
            models.CheckConstraint(
                condition=models.Q(amount_idr__isnull=True) | models.Q(amount_idr__gte=0),
                name="ticket_amount_positive",
            ),
            models.CheckConstraint(
                condition=models.Q(held_since__isnull=True, held_until__isnull=True)
                | (
                    models.Q(held_since__isnull=False, held_until__isnull=False)
                    & ~models.Q(state=State.CLOSED)
                ),
                name="ticket_hold_is_whole_and_open",
            ),
        ]
        indexes = [
            models.Index(
                "team",
                models.F("expedited").desc(),
                models.F("next_due_at").asc(nulls_last=True),
                "id",
                name="ticket_open_by_team",
                condition=models.Q(state__in=OPEN_STATES),
            ),
            # Whoever takes the next one probes it once for each of their teams.
            models.Index(
                "team",
                models.F("expedited").desc(),
                models.F("next_due_at").asc(nulls_last=True),
                "id",
                name="ticket_to_take",
                condition=models.Q(state=State.CLASSIFIED, assignee=None, held_until=None),
            ),
            models.Index(
                "assignee",
                models.F("expedited").desc(),
                models.F("next_due_at").asc(nulls_last=True),
                "id",
                name="ticket_open_by_assignee",
                condition=models.Q(state__in=OPEN_STATES),
            ),
            # Holds what late tickets are counted by, so that counting them reads the index alone.
            models.Index(
                fields=["next_due_at", "id"],
                name="ticket_open_due",
                include=["state", "priority", "team", "assignee"],
                condition=models.Q(state__in=OPEN_STATES),
            ),
            models.Index(fields=["-received_at", "-id"], name="ticket_by_receipt"),
            models.Index(
                fields=["received_at", "id"],
                name="ticket_open_by_age",
                condition=models.Q(state__in=OPEN_STATES),
            ),
            models.Index(fields=["customer", "-received_at"], name="ticket_by_customer"),
            models.Index(fields=["category"], name="ticket_by_category"),
            models.Index(
                fields=["home_team"],
                name="ticket_open_by_home",
                condition=models.Q(state__in=OPEN_STATES),
            ),
            models.Index(
                fields=["home_team", "team"],
                name="ticket_sent_on",
                condition=models.Q(state__in=[State.ESCALATED, State.MONITORED]),
            ),
            models.Index(
                fields=["order_number"],
                name="ticket_by_order",
                condition=~models.Q(order_number=""),
            ),
            models.Index(
                fields=["team"],
                name="ticket_held_by_team",
                condition=models.Q(held_until__isnull=False),
            ),
            # Most tickets have no tag: writing them must not touch this index.
            GinIndex(fields=["tags"], name="ticket_tagged", condition=~models.Q(tags=[])),
            models.Index(
                fields=["-closed_at"],
                name="ticket_by_closing",
                condition=models.Q(state=State.CLOSED),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def state_fields(self) -> Iterable[Any]:
        """What the mixin looks for among all fields, of each ticket that is read."""
        return (self._meta.get_field("state"),)

    @property
    def is_open(self) -> bool:
        return self.state != State.CLOSED

    @transition(
        field=state,
        source=State.RECEIVED,
        target=State.CLASSIFIED,
        conditions=[_has_classification],
    )
    def classify(self) -> None:
        """Category, priority and team are set, with their reasons."""

    @transition(
        field=state, source=State.CLASSIFIED, target=State.HANDLED, conditions=[_has_assignee]
    )
    def handle(self) -> None:
        """An officer takes it on."""

    @transition(
        field=state,
        source=list(ESCALATABLE_STATES),
        target=State.ESCALATED,
    )
    def escalate(self) -> None:
        """Passed on to a team with the authority or skill, with an escalation form."""

    @transition(
        field=state, source=State.ESCALATED, target=State.MONITORED, conditions=[_has_assignee]
    )
    def monitor(self) -> None:
        """The receiving team understands the problem and its target, and has put a name to it."""

    @transition(
        field=state,
        source=[State.ESCALATED, State.MONITORED],
        target=State.HANDLED,
        conditions=[_has_assignee],
    )
    def give_back(self) -> None:
        """The receiving team returns it to the squad."""

    @transition(field=state, source=list(IN_WORK_STATES), target=State.CLOSED)
    def close(self) -> None:
        """Settled, with a closing form."""

    @transition(field=state, source=list(MERGEABLE_STATES), target=State.CLOSED)
    def merge(self) -> None:
        """Another ticket tells of the same problem; this one goes on there."""

    @transition(
        field=state, source=State.CLOSED, target=RETURN_VALUE(*[str(s) for s in MERGEABLE_STATES])
    )
    def undo_merge(self, before: str) -> str:
        """Two problems after all: it is again what it was."""
        return before

    @transition(field=state, source=State.CLOSED, target=State.HANDLED, conditions=[_has_assignee])
    def reopen(self) -> None:
        """Not settled after all."""
