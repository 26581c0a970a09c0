"""Triage: what a complaint is about, how urgent it is, who handles it, and why."""

from tickets.triage.decision import Complaint, Decision, Evidence, Reason
from tickets.triage.engine import triage
from tickets.triage.rules import RuleSet, RuleSetError

__all__ = ["Complaint", "Decision", "Evidence", "Reason", "RuleSet", "RuleSetError", "triage"]
