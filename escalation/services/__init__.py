"""Front door of the escalation verbs."""

from escalation.services.automatic import escalate_automatically
from escalation.services.receiving import accept_escalation, report_progress, return_escalation
from escalation.services.sending import (
    Form,
    decline_escalation,
    request_escalation,
    verify_escalation,
)

__all__ = [
    "Form",
    "accept_escalation",
    "decline_escalation",
    "escalate_automatically",
    "report_progress",
    "request_escalation",
    "return_escalation",
    "verify_escalation",
]
