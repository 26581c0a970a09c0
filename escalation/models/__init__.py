"""Front door of the escalation records."""

from escalation.models.carrying import CarryingOver
from escalation.models.escalation import Escalation, level_of
from escalation.models.firing import TriggerFiring
from escalation.models.follow_up import FollowUp
from escalation.models.freeze import FreezeRequest
from escalation.models.matrix import EscalationMatrix
from escalation.models.mediation import Decision, Hearing, Party
from escalation.models.relay import RelayNote
from escalation.models.signal import Signal, SignalEffect

__all__ = [
    "CarryingOver",
    "Decision",
    "Escalation",
    "EscalationMatrix",
    "FollowUp",
    "FreezeRequest",
    "Hearing",
    "Party",
    "RelayNote",
    "Signal",
    "SignalEffect",
    "TriggerFiring",
    "level_of",
]
