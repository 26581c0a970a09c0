"""Front door of the SLA records."""

from sla.models.clock import Clock, Metric
from sla.models.policy import SlaPolicy
from sla.models.timer import SweepPulse, Timer

__all__ = ["Clock", "Metric", "SlaPolicy", "SweepPulse", "Timer"]
