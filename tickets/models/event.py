from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tickets.models.ticket import Ticket


class EventKind(models.TextChoices):
    RECEIVED = "received", _("Complaint received")
    CLASSIFIED = "classified", _("Classified")
    RECLASSIFIED = "reclassified", _("Classification changed")
    ASSIGNED = "assigned", _("Assigned")
    NOBODY_FREE = "nobody_free", _("Nobody free yet")
    HANDLED = "handled", _("Handling started")
    REPLIED = "replied", _("Reply to the customer")
    REPLY_WAITS = "reply_waits", _("Reply leaves in a moment")
    REPLY_TAKEN_BACK = "reply_taken_back", _("Reply taken back before it left")
    REPLY_NOT_SENT = "reply_not_sent", _("Reply could not be sent")
    CUSTOMER_WROTE = "customer_wrote", _("Customer wrote")
    CUSTOMER_SILENT = "customer_silent", _("Customer does not answer")
    NOTED = "noted", _("Internal note")
    MENTIONED = "mentioned", _("You were mentioned")
    REPLY_NOT_NEEDED = "reply_not_needed", _("No reply needed")
    REPLY_NEEDED = "reply_needed", _("A reply is needed after all")
    CORRECTED = "corrected", _("Facts corrected")
    TAGGED = "tagged", _("Tags changed")
    SIGNALLED = "signalled", _("Signal reported")
    HELD = "held", _("Put on hold")
    RELEASED = "released", _("Taken off hold")
    PULLED_FORWARD = "pulled_forward", _("Pulled forward")
    CONFIRMATION_ASKED = "confirmation_asked", _("Confirmation asked")
    CONFIRMED = "confirmed", _("Customer confirmed")
    DISPUTED = "disputed", _("Customer disputed")
    ESCALATION_REQUESTED = "escalation_requested", _("Escalation requested")
    ESCALATION_DECLINED = "escalation_declined", _("Escalation sent back")
    ESCALATED = "escalated", _("Escalated")
    REDIRECTED = "redirected", _("Escalation passed on")
    ALERTED = "alerted", _("Specialist team alerted")
    ACCEPTED = "accepted", _("Escalation accepted")
    RETURNED = "returned", _("Returned to the squad")
    PROGRESS = "progress", _("Progress report")
    FOLLOW_UP_PLANNED = "follow_up_planned", _("Follow-up planned")
    FOLLOW_UP_DONE = "follow_up_done", _("Follow-up done")
    FOLLOW_UP_OVERDUE = "follow_up_overdue", _("Follow-up overdue")
    TARGET_MOVED = "target_moved", _("Target of the team moved")
    TARGET_MISSED = "target_missed", _("Target of the team missed")
    HEARD = "heard", _("Party heard")
    DECIDED = "decided", _("Mediation decided")
    FREEZE_ASKED = "freeze_asked", _("Freeze asked")
    FREEZE_UNDECIDED = "freeze_undecided", _("Freeze still undecided")
    FREEZE_DECIDED = "freeze_decided", _("Freeze decided")
    RELAY_RELEASED = "relay_released", _("Released for the customer")
    RECOMPUTED = "recomputed", _("Deadlines recomputed")
    WARNED = "warned", _("Deadline warning")
    BREACHED = "breached", _("Deadline missed")
    TIMER_FIRED = "timer_fired", _("Time trigger")
    MERGED = "merged", _("Merged into another ticket")
    ABSORBED = "absorbed", _("Another ticket merged into this one")
    UNMERGED = "unmerged", _("Merge undone")
    SEPARATED = "separated", _("A merged ticket taken out again")
    SPLIT = "split", _("A part split off")
    SPLIT_OFF = "split_off", _("Split off from another ticket")
    LINKED = "linked", _("Linked")
    UNLINKED = "unlinked", _("Link removed")
    NOT_DUPLICATE = "not_duplicate", _("Not a duplicate")
    WATCHED = "watched", _("You were asked to watch")
    INCIDENT_JOINED = "incident_joined", _("Part of an incident")
    INCIDENT_LEFT = "incident_left", _("No part of the incident")
    PLAYBOOK_STARTED = "playbook_started", _("Playbook started")
    PLAYBOOK_STEP = "playbook_step", _("Step of the playbook done")
    PLAYBOOK_SKIPPED = "playbook_skipped", _("Step of the playbook skipped")
    PLAYBOOK_LEFT = "playbook_left", _("Playbook left")
    PLAYBOOK_ENDED = "playbook_ended", _("Playbook finished")
    AGENT_CHECKED = "agent_checked", _("Answers of the agent checked")
    AGENT_VERIFIED = "agent_verified", _("Agent verified")
    AGENT_UNVERIFIED = "agent_unverified", _("Agent not verified")
    AGENT_LOCKED = "agent_locked", _("Requests of the agent locked")
    AGENT_UNLOCKED = "agent_unlocked", _("Lock of the agent lifted")
    APPROVAL_ASKED = "approval_asked", _("Approval asked for")
    APPROVAL_DECIDED = "approval_decided", _("Approval decided")
    APPROVAL_WITHDRAWN = "approval_withdrawn", _("Request for approval withdrawn")
    APPROVAL_EXPIRED = "approval_expired", _("Request for approval expired")
    LOOKED_UP = "looked_up", _("Looked up in a system")
    SUPPLIER_TOLD = "supplier_told", _("Complaint to the supplier")
    SUPPLIER_ANSWERED = "supplier_answered", _("Answer of the supplier")
    STANDARD_NEARS = "standard_nears", _("Time standard nearly used up")
    STANDARD_MISSED = "standard_missed", _("Time standard missed")
    ACCOUNT_BLOCKED = "account_blocked", _("Agent's account blocked")
    LOG_ISSUED = "log_issued", _("Official transaction log made")
    LOG_DOWNLOADED = "log_downloaded", _("Official transaction log downloaded")
    QUALITY_TOLD = "quality_told", _("Your work was reviewed")
    QUALITY_ANSWERED = "quality_answered", _("The officer answered a review")
    QUALITY_SETTLED = "quality_settled", _("A review of your work was settled")
    CLOSED = "closed", _("Closed")
    REOPENED = "reopened", _("Reopened")
    SEALED = "sealed", _("Reopen window ended")
    SURVEYED = "surveyed", _("Satisfaction answered")


class TicketEvent(models.Model):
    """What happened, written in the transaction that made it happen; the database refuses changes.

    `data` holds ids, codes and numbers only: words and personal data stay in rows that can be
    masked or erased (`EventNote`, messages, forms).
    """

    ticket = models.ForeignKey(
        Ticket, on_delete=models.PROTECT, related_name="events", db_index=False
    )
    at = models.DateTimeField()
    kind = models.CharField(max_length=24, choices=EventKind.choices)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="ticket_events"
    )
    actor_label = models.CharField(max_length=24)
    from_state = models.CharField(max_length=12, blank=True)
    to_state = models.CharField(max_length=12, blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ("id",)
        indexes = [
            models.Index(fields=["ticket", "id"], name="event_by_ticket"),
            models.Index(fields=["kind", "at"], name="event_by_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.kind}"


class EventNote(models.Model):
    """The words beside an event ('why'), erasable where the event is not."""

    event = models.OneToOneField(
        TicketEvent, on_delete=models.CASCADE, related_name="note", primary_key=True
    )
    text = models.TextField()

    def __str__(self) -> str:
        return self.text[:60]
