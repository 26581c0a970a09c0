"""Front door of the SLA records."""

from sla.models.audit_round import AuditRound
from sla.models.clock import Clock, Metric
from sla.models.clock_event import ClockEvent
from sla.models.draft import PolicyDraft
from sla.models.policy import SlaPolicy
from sla.models.policy_job import PolicyApplication, WhatIf
from sla.models.policy_move import PolicyMove
from sla.models.repair import Repair
from sla.models.sweep_run import SweepRun
from sla.models.tally import OutcomeTally, RiskTally
from sla.models.timer import SweepPulse, Timer

__all__ = [
    "AuditRound",
    "Clock",
    "ClockEvent",
    "Metric",
    "OutcomeTally",
    "PolicyApplication",
    "PolicyDraft",
    "PolicyMove",
    "Repair",
    "RiskTally",
    "SlaPolicy",
    "SweepPulse",
    "SweepRun",
    "Timer",
    "WhatIf",
]
