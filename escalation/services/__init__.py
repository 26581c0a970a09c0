"""Front door of the escalation verbs."""

from escalation.services.automatic import escalate_automatically
from escalation.services.follow_ups import finish_follow_up, move_follow_up, plan_follow_up
from escalation.services.freezing import ask_freeze, ask_unfreeze, decide_freeze
from escalation.services.mediation import Ruling, decide_mediation, heard_parties, record_hearing
from escalation.services.receiving import (
    accept_escalation,
    report_progress,
    return_escalation,
)
from escalation.services.relaying import release_relay
from escalation.services.sending import (
    Form,
    decline_escalation,
    default_target,
    request_escalation,
    verify_escalation,
)
from escalation.services.signals import SignalReceipt, SignalReport, receive_signal
from escalation.services.targets import move_target, own_target

__all__ = [
    "Form",
    "Ruling",
    "SignalReceipt",
    "SignalReport",
    "accept_escalation",
    "ask_freeze",
    "ask_unfreeze",
    "decide_freeze",
    "decide_mediation",
    "decline_escalation",
    "default_target",
    "escalate_automatically",
    "finish_follow_up",
    "heard_parties",
    "move_follow_up",
    "move_target",
    "own_target",
    "plan_follow_up",
    "receive_signal",
    "record_hearing",
    "release_relay",
    "report_progress",
    "request_escalation",
    "return_escalation",
    "verify_escalation",
]
