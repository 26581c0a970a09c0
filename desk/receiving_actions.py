"""Which verbs of a receiving team's work somebody may use now (a part of `desk.actions`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from escalation.models import Decision, FollowUp, Hearing, Party
from escalation.models.follow_up import OPEN
from escalation.services import still_frozen
from escalation.specialists import decides_freezes, lies_with_mediation, relays_for
from people.actors import Actor
from tickets.models import Ticket
from tickets.states import State


@dataclass(frozen=True)
class WorkFacts:
    """`open_kinds` of the follow-ups; `heard` sides of an undecided mediation (`mediates`);
    `freeze_askers` of the requests that wait; `frozen`: something is frozen through the ticket."""

    open_kinds: frozenset[str] = frozenset()
    mediates: bool = False
    heard: frozenset[str] = frozenset()
    freeze_askers: frozenset[int] = frozenset()
    frozen: bool = False


def work_facts_of(ticket: Ticket) -> WorkFacts:
    """One query; with an accepted escalation two, with a mediation four."""
    freezes = list(ticket.freeze_requests.all())
    facts: dict[str, Any] = {
        "freeze_askers": frozenset(row.asked_by_id for row in freezes if row.is_pending),
        "frozen": bool(still_frozen(freezes)),
    }
    if ticket.state != State.MONITORED:
        return WorkFacts(**facts)
    active = {"escalation__ticket": ticket, "escalation__state": "accepted"}
    kinds = FollowUp.objects.filter(OPEN, **active).values_list("kind", flat=True)
    facts["open_kinds"] = frozenset(kinds)
    if lies_with_mediation(ticket) and not Decision.objects.filter(**active).exists():
        heard = Hearing.objects.filter(**active).values_list("party", flat=True)
        facts |= {"mediates": True, "heard": frozenset(heard)}
    return WorkFacts(**facts)


def working_verbs(actor: Actor, ticket: Ticket, facts: WorkFacts) -> Iterator[tuple[str, Any]]:
    """Each verb with what it lacks, empty when it is allowed."""
    user = actor.user
    receives = (
        user is not None and actor.belongs_to(ticket.team_id) and actor.may("accept_escalation")
    )
    if receives and ticket.state == State.MONITORED:
        yield from _plan_verbs(facts)
        yield from _mediation_verbs(actor, ticket, facts)
    if receives and relays_for(ticket):
        yield "relay", ""
    if actor.may("work_ticket") and (ticket.is_open or facts.frozen):
        yield "freeze", ""
    others = facts.freeze_askers - {user.pk if user else 0}
    if others and decides_freezes(actor):
        yield "freeze_decide", ""


def _plan_verbs(facts: WorkFacts) -> Iterator[tuple[str, Any]]:
    yield "follow_up", ""
    if FollowUp.Kind.STEP in facts.open_kinds:
        yield "follow_up_done", ""
    if facts.open_kinds:
        yield "follow_up_move", ""


def _mediation_verbs(actor: Actor, ticket: Ticket, facts: WorkFacts) -> Iterator[tuple[str, Any]]:
    if not facts.mediates:
        return
    yield "hearing", ""
    if actor.user is None or ticket.assignee_id != actor.user.pk:
        yield "decide", _("only the assigned mediator")
    elif set(Party.values) - facts.heard:
        yield "decide", _("hear both sides first")
    else:
        yield "decide", ""
