"""Front door of the SLA verbs."""

from sla.services.sweep import SweepReport, sweep
from sla.timers import arm, disarm

__all__ = ["SweepReport", "arm", "disarm", "sweep"]
