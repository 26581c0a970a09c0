"""Reads of the triage rules: the version in force, those before it, one's own draft and trials."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from helpdesk.common.drafting import Problem
from helpdesk.common.errors import NotAllowed
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import OrganisationProfile, Team, Tier
from tickets.models import TriageDraft, TriageOffer, TriageRules, TriageTrial
from tickets.rulebook import Known, check_rules
from tickets.states import Channel, Reporter
from tickets.triage import Complaint, Decision, RuleSet, triage
from tickets.triage.profile import with_profile

Body = dict[str, Any]


def known_codes() -> Known:
    """Every code that triage rules may name besides their own; one query."""
    return Known(
        queues=frozenset({"general", *Team.objects.values_list("code", flat=True)}),
        reporters=tuple(Reporter.values),
        channels=tuple(Channel.values),
        tiers=tuple(Tier.values),
    )


def problems_of(body: Body, known: Known | None = None) -> list[Problem]:
    return check_rules(body, known or known_codes(), OrganisationProfile.in_force().body)


def rule_set(body: Body, version: int) -> RuleSet:
    """Compiled, with the organisation's profile. Raises RuleSetError."""
    profile = OrganisationProfile.in_force().body
    return RuleSet.from_dict({**with_profile(body, profile), "version": version})


def judge(body: Body, version: int, complaint: Complaint) -> Decision:
    """What these rules say of a text; nothing is stored."""
    return triage(complaint, rule_set(body, version))


def rules_in_force(*, actor: Actor) -> TriageRules:
    """Read anew, never from this process's memory. Raises NotAllowed."""
    return rule_versions(actor=actor)[0]


def rule_versions(*, actor: Actor) -> QuerySet[TriageRules]:
    """Every version, the latest first. Raises NotAllowed."""
    require_reader(actor)
    return TriageRules.objects.select_related("published_by").order_by("-version")


def rules_draft_of(actor: Actor) -> TriageDraft | None:
    return TriageDraft.objects.filter(author=actor.user).first()


def trials(*, actor: Actor) -> QuerySet[TriageTrial]:
    """The actor's own: a draft is nobody else's business yet."""
    actor.require("edit_rules")
    return TriageTrial.objects.filter(started_by=actor.user).select_related("started_by")


def open_offer() -> TriageOffer | None:
    """What the latest release brings and nobody has taken or declined yet."""
    latest = TriageOffer.objects.first()
    return latest if latest is not None and latest.settled_at is None else None


def require_reader(actor: Actor) -> None:
    """Whoever works at the desk sees the rules' reasons on every ticket and may read them."""
    if not (actor.at_desk or actor.may("see_all_tickets")):
        raise NotAllowed(_("Your role does not permit this."))
