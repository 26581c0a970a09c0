"""Front door of the SLA records."""

from sla.models.clock import Clock, Metric
from sla.models.clock_event import ClockEvent
from sla.models.policy import SlaPolicy
from sla.models.sweep_run import SweepRun
from sla.models.timer import SweepPulse, Timer

__all__ = ["Clock", "ClockEvent", "Metric", "SlaPolicy", "SweepPulse", "SweepRun", "Timer"]
