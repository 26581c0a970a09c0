"""The triage engine with the rule set in force, compiled once per version in each process."""

from __future__ import annotations

from functools import lru_cache

from tickets.models import TriageRules
from tickets.triage import Complaint, Decision, RuleSet, triage


@lru_cache(maxsize=4)
def _compiled(version: int) -> RuleSet:
    body = TriageRules.objects.get(version=version).body
    return RuleSet.from_dict({**body, "version": version})


def triage_in_force(complaint: Complaint) -> Decision:
    return triage(complaint, _compiled(TriageRules.in_force().version))
