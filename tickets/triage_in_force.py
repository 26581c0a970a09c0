"""The triage engine with the rule set in force, compiled once per version in each process."""

from __future__ import annotations

import logging
from datetime import datetime
from functools import lru_cache

from people.models import OrganisationProfile
from tickets.models import Ticket, TriageRules
from tickets.triage import Complaint, Decision, Evidence, Reason, RuleSet, triage
from tickets.triage.profile import with_profile

log = logging.getLogger(__name__)


@lru_cache(maxsize=4)
def _compiled(rules_version: int, profile_version: int) -> RuleSet:
    rules = TriageRules.objects.get(version=rules_version).body
    profile = OrganisationProfile.objects.get(version=profile_version).body
    return RuleSet.from_dict({**with_profile(rules, profile), "version": rules_version})


def complaint_of(ticket: Ticket, at: datetime) -> Complaint:
    """The ticket's complaint with its facts as they are known, at the age that it had at that moment."""
    since = ticket.problem_since
    return Complaint(
        channel=ticket.channel,
        reporter=ticket.reporter,
        tier=ticket.tier,
        amount_idr=ticket.amount_idr,
        days_open=None if since is None else max(0, (at - since).days),
        subject=ticket.subject,
        body=ticket.description,
    )


def triage_in_force(complaint: Complaint) -> Decision:
    """The decision by the rules in force. A complaint is never lost to a fault of the rules: one
    that they cannot read goes to the general squad, which is told that it must classify it."""
    rules, profile = TriageRules.in_force(), OrganisationProfile.in_force()
    try:
        return triage(complaint, _compiled(rules.version, profile.version))
    except Exception as error:
        log.exception("triage failed")
        return _left_to_an_officer(rules.version, error)


def _left_to_an_officer(rules_version: int, error: Exception) -> Decision:
    reason = Reason(
        rule="triage_failed",
        title_id="Triase gagal membaca laporan ini: petugas perlu mengklasifikasi",
        title_en="Triage could not read this report: an officer must classify it",
        evidence=(Evidence(field="error", text=type(error).__name__),),
        effect={"category": "general_question", "priority": "MEDIUM", "queue": "general"},
        source="",
    )
    return Decision(
        category="general_question",
        priority="MEDIUM",
        queue="general",
        flags=(),
        reasons=(reason,),
        rules_version=rules_version,
        confidence=0.0,
    )
