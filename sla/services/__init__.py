"""Front door of the SLA verbs."""

from sla.services.audit import Difference, audit_deadlines
from sla.services.sweep import SweepReport, sweep
from sla.timers import arm, disarm

__all__ = ["Difference", "SweepReport", "arm", "audit_deadlines", "disarm", "sweep"]
