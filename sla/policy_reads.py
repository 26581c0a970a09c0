"""Reads of policies: the version in force, the versions before it, one's own draft."""

from __future__ import annotations

from django.db.models import QuerySet

from people.actors import Actor
from people.models import Team, Tier
from sla.models import Metric, PolicyApplication, PolicyDraft, SlaPolicy, WhatIf
from sla.policy_check import Known
from tickets.catalogue import categories
from tickets.states import Channel, Priority, Reporter


def known_codes() -> Known:
    """Every code that a policy may name; one query."""
    return Known(
        metrics=frozenset(Metric.values),
        categories=frozenset(categories()),
        priorities=tuple(Priority.values),
        tiers=frozenset(Tier.values),
        channels=frozenset(Channel.values),
        reporters=frozenset(Reporter.values),
        teams=frozenset(Team.objects.values_list("code", flat=True)),
    )


def policy_in_force(*, actor: Actor) -> SlaPolicy:
    """Read anew, never from this process's memory. Raises NotAllowed."""
    require_reader(actor)
    return versions(actor=actor)[0]


def versions(*, actor: Actor) -> QuerySet[SlaPolicy]:
    """Every version, the latest first. Raises NotAllowed."""
    require_reader(actor)
    return SlaPolicy.objects.select_related("published_by").order_by("-version")


def draft_of(actor: Actor) -> PolicyDraft | None:
    return PolicyDraft.objects.filter(author=actor.user).first()


def applications(*, actor: Actor) -> QuerySet[PolicyApplication]:
    actor.require("edit_rules")
    return PolicyApplication.objects.select_related("policy", "started_by")


def what_ifs(*, actor: Actor) -> QuerySet[WhatIf]:
    """The actor's own: a draft is nobody else's business yet."""
    actor.require("edit_rules")
    return WhatIf.objects.filter(started_by=actor.user).select_related("started_by")


def require_reader(actor: Actor) -> None:
    """Whoever works at the desk is judged by the policy and may read it."""
    if not actor.at_desk:
        actor.require_any("see_all_tickets", "read_engine")
