"""An incident in the middle of its work."""

from __future__ import annotations

from tests.support.stages import Stage
from tickets.models import Ticket
from tickets.services import IncidentWording, attach_ticket, open_incident, start_run


def incident_with_order(stage: Stage, ticket: Ticket) -> tuple[int, int]:
    """The ids of one with a ticket, and of an order that waits for its workers."""
    lead = stage.actor("sari")
    incident = open_incident(actor=lead, title="Akun terkunci", words="Kami perbaiki.")
    attach_ticket(actor=lead, incident_id=incident.pk, ticket_id=ticket.pk)
    wording = IncidentWording(words=incident.words)
    run = start_run(actor=lead, incident_id=incident.pk, verb="reply", wording=wording)
    return incident.pk, run.pk
