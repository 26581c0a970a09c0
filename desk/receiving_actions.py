"""Which verbs of a receiving team's work somebody may use now (a part of `desk.actions`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from escalation.freezes import still_frozen
from escalation.models import Decision, Escalation, FollowUp, FreezeRequest, Hearing, Party
from escalation.models.follow_up import OPEN
from escalation.selectors import with_clock
from escalation.specialists import decides_freezes, lies_with_mediation, relays_for
from people.actors import Actor
from tickets.models import Ticket
from tickets.states import State


@dataclass(frozen=True)
class WorkFacts:
    """`open_kinds` of the follow-ups; `by_clock`: the policy sets the deadline; `heard` sides of an
    undecided mediation (`mediates`);
    `freeze_askers` of the requests that wait; `may_be_freed`: a freeze of the ticket stands, and its
    lifting is not asked for."""

    open_kinds: frozenset[str] = frozenset()
    mediates: bool = False
    by_clock: bool = False
    heard: frozenset[str] = frozenset()
    freeze_askers: frozenset[int] = frozenset()
    may_be_freed: bool = False


class WorkRows(NamedTuple):
    """A ticket's freeze requests, and the plan and papers of its escalations."""

    freezes: Sequence[FreezeRequest]
    follow_ups: Sequence[FollowUp]
    hearings: Sequence[Hearing]
    decisions: Sequence[Decision]
    escalations: Sequence[Escalation]


def work_facts(ticket: Ticket, rows: WorkRows) -> WorkFacts:
    """What the verbs depend on; of the papers those of the accepted escalation count."""
    pending = (row.asked_by_id for row in rows.freezes if row.is_pending)
    facts: dict[str, Any] = {
        "freeze_askers": frozenset(pending),
        "may_be_freed": bool(freeable(rows.freezes)),
    }
    if ticket.state != State.MONITORED:
        return WorkFacts(**facts)
    facts["by_clock"] = any(
        row.state == Escalation.State.ACCEPTED and row.promised_by_clock for row in rows.escalations
    )
    facts["open_kinds"] = frozenset(row.kind for row in rows.follow_ups if row.is_open)
    decided = any(row.escalation.state == Escalation.State.ACCEPTED for row in rows.decisions)
    if lies_with_mediation(ticket) and not decided:
        facts |= {"mediates": True, "heard": frozenset(row.party for row in rows.hearings)}
    return WorkFacts(**facts)


def work_facts_of(ticket: Ticket) -> WorkFacts:
    """One query; with an accepted escalation three, with a mediation five."""
    state = Escalation.State.ACCEPTED
    active = {"escalation__ticket": ticket, "escalation__state": state}
    received = ticket.state == State.MONITORED
    mediated = received and lies_with_mediation(ticket)
    rows = WorkRows(
        freezes=list(ticket.freeze_requests.all()),
        follow_ups=list(FollowUp.objects.filter(OPEN, **active)) if received else [],
        hearings=list(Hearing.objects.filter(**active)) if mediated else [],
        decisions=list(Decision.objects.filter(**active).select_related("escalation"))
        if mediated
        else [],
        escalations=list(with_clock(ticket.escalations.filter(state=state))) if received else [],
    )
    return work_facts(ticket, rows)


def freeable(freezes: Iterable[FreezeRequest]) -> list[FreezeRequest]:
    """Of a ticket's requests the freezes that stand and whose lifting nobody has asked for."""
    rows = list(freezes)
    asked = {row.lifts_id for row in rows if row.is_pending}
    return [row for row in still_frozen(rows) if row.pk not in asked]


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
    if actor.may("work_ticket") and ticket.is_open:
        yield "freeze", ""
    if actor.may("work_ticket") and facts.may_be_freed:
        yield "unfreeze", ""
    others = facts.freeze_askers - {user.pk if user else 0}
    if others and decides_freezes(actor):
        yield "freeze_decide", ""


def _plan_verbs(facts: WorkFacts) -> Iterator[tuple[str, Any]]:
    if not facts.by_clock:
        yield "target", ""
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
