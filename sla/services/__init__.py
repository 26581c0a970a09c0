"""Front door of the SLA verbs."""

from sla.services.audit import Difference, audit_deadlines
from sla.services.receiving import receiving_deadline, working_deadline
from sla.services.repairs import retry_failed_mail, retry_timer
from sla.services.sweep import SweepReport, sweep
from sla.timers import arm, disarm

__all__ = [
    "Difference",
    "SweepReport",
    "arm",
    "audit_deadlines",
    "disarm",
    "receiving_deadline",
    "retry_failed_mail",
    "retry_timer",
    "sweep",
    "working_deadline",
]
