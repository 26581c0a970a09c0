"""What the document of the API is called, and the names of the lists of values in it."""

from __future__ import annotations

from typing import Any

SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Tuntas API",
    "DESCRIPTION": (
        "Tickets, from the complaint to its closing. Send `Authorization: Bearer tnt_…`. Every "
        "error is a problem document (RFC 9457) in Indonesian and English; what may not be seen "
        "answers like what never was."
    ),
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "ENUM_NAME_OVERRIDES": {
        "TicketState": "tickets.states.State",
        "EscalationState": "escalation.models.Escalation.State",
        "SignalKind": "escalation.models.Signal.Kind",
        "ClockState": "sla.models.Clock.State",
        "ClockEventKind": "sla.models.ClockEvent.Kind",
        "TeamKind": "people.models.Team.Kind",
        "SupplierComplaintState": "agents_ops.models.complaint.SupplierComplaint.State",
        "SupplierMessageState": "agents_ops.models.complaint.SupplierMessage.State",
        "SupplierAnswerResult": "agents_ops.api.complaints.RESULTS",
        "VerificationResult": "agents_ops.verification.comparing.Result",
        "Party": "escalation.models.mediation.Party",
        "LookableField": "tickets.api.looks.LOOKABLE",
        "LookField": "tickets.models.DataLook.Field",
        "MessageKind": "tickets.models.Message.Kind",
        "DeskMessageKind": "tickets.models.Macro.Kind",
        "EventKind": "tickets.models.EventKind",
        "Confirmation": "tickets.states.Confirmation",
        "FollowUpKind": "escalation.models.FollowUp.Kind",
        "FreezeAction": "escalation.models.FreezeRequest.Action",
        "IncidentState": "tickets.models.Incident.State",
        "IncidentVerb": "tickets.models.IncidentRun.Verb",
        "Availability": "people.availability.Availability",
        "AssignmentMode": "people.models.Team.Assignment",
        "BulkVerb": "tickets.api.bulk_inputs.VERBS",
        "BulkJobState": "tickets.models.BulkJob.State",
        "BulkItemState": "tickets.models.BulkItem.State",
        "OrderStatus": "people.commerce.records.OrderStatus",
        "TransactionStatus": "people.commerce.records.TransactionStatus",
        "MediationOutcome": "escalation.models.Decision.Outcome",
        "ReviewOutcome": "seller_chat.models.ReviewItem.Outcome",
        "WebhookState": "tickets.models.webhook.WebhookEndpoint.State",
        "QaReviewState": "agents_ops.quality.states.ReviewState",
        "WebhookDeliveryState": "tickets.models.webhook.WebhookDelivery.State",
    },
    "DEFAULT_GENERATOR_CLASS": "helpdesk.common.api_document.Generator",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "helpdesk.common.api_document.drop_empty_defaults",
        "helpdesk.common.api_optional.let_some_be_absent",
        "helpdesk.common.api_examples.add_examples",
    ],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}
