"""Which verbs somebody may use on a ticket now, and what is missing for those that are locked.

The services decide; this says the same beforehand, so that a page offers what will work. Pure:
it reads the ticket, the actor and the facts given, nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from desk.receiving_actions import WorkFacts, work_facts_of, working_verbs
from helpdesk.common import clock
from people.actors import Actor
from tickets.models import IncidentTicket, Ticket, TicketEvent, TicketLink
from tickets.selectors import links_of, membership_of
from tickets.services import has_voice, merge_of, undo_until, works_on
from tickets.states import ESCALATABLE_STATES, IN_WORK_STATES, State
from tickets.turns import is_left, last_said, may_be_left


@dataclass(frozen=True)
class Action:
    """A verb; `missing` says in a few words why it is locked, empty when it is allowed."""

    verb: str
    missing: Any = ""

    @property
    def allowed(self) -> bool:
        return not self.missing


@dataclass(frozen=True)
class Facts:
    """What the verbs depend on beside the ticket's own row."""

    escalation_requested: bool = False
    work: WorkFacts = field(default_factory=WorkFacts)
    # The customer's last words: whether they may be left without answer, and whether they are.
    may_be_left: bool = False
    is_left: bool = False
    # It goes on in another ticket, and whether that can still be undone.
    merged: bool = False
    undoable: bool = False
    # Links that can be untied, and who watches.
    linked: bool = False
    watchers: frozenset[int] = frozenset()
    # Part of an incident, and whether its customer knows the present words.
    in_incident: bool = False
    incident_told: bool = False


def facts_of(ticket: Ticket) -> Facts:
    """Two queries, and those of a receiving team's work."""
    asked = ticket.escalations.filter(state="requested").exists()
    merge = None if ticket.is_open else merge_of(ticket)
    return facts(
        ticket,
        last_said(ticket),
        work_facts_of(ticket),
        requested=asked,
        merged=merge is not None,
        undoable=merge is not None and clock.now() <= undo_until(merge),
        linked=links_of(ticket).filter(kind__in=TicketLink.BY_HAND).exists(),
        watchers=watcher_ids(ticket),
        member=membership_of(ticket),
    )


def watcher_ids(ticket: Ticket) -> frozenset[int]:
    watches = ticket.watches.values_list("person", flat=True) if ticket.watched else ()
    return frozenset(watches)


def facts(
    ticket: Ticket,
    last: TicketEvent | None,
    work: WorkFacts,
    *,
    requested: bool,
    merged: bool,
    undoable: bool,
    linked: bool,
    watchers: frozenset[int],
    member: IncidentTicket | None,
) -> Facts:
    """From what is at hand: the last thing said, the team's work, an escalation asked for, a merge,
    links made by hand, who watches, an incident."""
    return Facts(
        escalation_requested=requested,
        work=work,
        may_be_left=may_be_left(ticket, last),
        is_left=is_left(ticket, last),
        merged=merged,
        undoable=undoable,
        linked=linked,
        watchers=watchers,
        in_incident=member is not None,
        incident_told=member is not None and member.is_told,
    )


def actions_for(actor: Actor, ticket: Ticket, facts: Facts) -> list[Action]:
    """Every verb that concerns this actor on this ticket; what the role excludes is left out."""
    return [action for group in _GROUPS for action in group(actor, ticket, facts)]


def allowed_verbs(actor: Actor, ticket: Ticket, facts: Facts | None = None) -> list[str]:
    """The verbs that would be accepted now."""
    facts = facts or facts_of(ticket)
    return [action.verb for action in actions_for(actor, ticket, facts) if action.allowed]


def _handling(actor: Actor, ticket: Ticket, facts: Facts) -> Iterator[Action]:
    if not works_on(ticket, actor) or not ticket.is_open:
        return
    if actor.may("handle_ticket") and ticket.state == State.CLASSIFIED:
        yield Action("handle")
    holds = actor.belongs_to(ticket.team_id) or actor.may("see_all_tickets")
    mine = actor.user is not None and ticket.assignee_id == actor.user.pk
    # Before handling begins taking it is `handle`; an escalated ticket is taken by accepting it.
    if actor.may("work_ticket") and holds and not mine and ticket.state in IN_WORK_STATES:
        yield Action("take")
    if actor.may("assign_others"):
        yield Action("assign")


def _talking(actor: Actor, ticket: Ticket, facts: Facts) -> Iterator[Action]:
    if actor.may("reply_ticket") and works_on(ticket, actor):
        if not ticket.is_open:
            yield Action("reply", _("the ticket is closed"))
        elif not has_voice(ticket, actor):
            yield Action("reply", _("this team writes no customers, leave a note"))
        else:
            yield Action("reply")
    if actor.may("work_ticket"):
        yield Action("note")


def _answering(actor: Actor, ticket: Ticket, facts: Facts) -> Iterator[Action]:
    if not (actor.may("reply_ticket") and works_on(ticket, actor)):
        return
    if facts.may_be_left and has_voice(ticket, actor):
        yield Action("no_reply")
    if facts.is_left and actor.at_desk:
        yield Action("need_reply")


def _directing(actor: Actor, ticket: Ticket, facts: Facts) -> Iterator[Action]:
    if not (actor.may("direct_work") and works_on(ticket, actor) and ticket.is_open):
        return
    yield Action("put_back" if ticket.expedited else "forward")
    if ticket.held_until is not None:
        yield Action("release")
    else:
        unanswered = ticket.first_response_at is None
        yield Action("hold", _("answer the customer first") if unanswered else "")


def _sorting(actor: Actor, ticket: Ticket, facts: Facts) -> Iterator[Action]:
    if actor.may("classify_ticket") and works_on(ticket, actor) and ticket.is_open:
        yield Action("reclassify")
        yield Action("correct")


def _tagging(actor: Actor, ticket: Ticket, facts: Facts) -> Iterator[Action]:
    if actor.may("work_ticket") and works_on(ticket, actor) and not facts.merged:
        yield Action("tag")


def _escalating(actor: Actor, ticket: Ticket, facts: Facts) -> Iterator[Action]:
    if actor.may("request_escalation") and works_on(ticket, actor) and ticket.is_open:
        if facts.escalation_requested:
            yield Action("escalate", _("waiting for a supervisor"))
        elif ticket.state not in ESCALATABLE_STATES:
            yield Action("escalate", _("already escalated"))
        else:
            yield Action("escalate")
    if actor.may("verify_escalation") and facts.escalation_requested:
        yield Action("verify")
        yield Action("redirect")
        yield Action("decline")


def _receiving(actor: Actor, ticket: Ticket, facts: Facts) -> Iterator[Action]:
    if actor.user is None or not actor.belongs_to(ticket.team_id):
        return
    if actor.may("accept_escalation"):
        if ticket.state == State.ESCALATED:
            yield Action("accept")
        if ticket.state == State.MONITORED:
            yield Action("progress")
    if actor.may("return_escalation") and ticket.state in (State.ESCALATED, State.MONITORED):
        yield Action("return")


def _working(actor: Actor, ticket: Ticket, facts: Facts) -> Iterator[Action]:
    for verb, missing in working_verbs(actor, ticket, facts.work):
        yield Action(verb, missing)


def _closing(actor: Actor, ticket: Ticket, facts: Facts) -> Iterator[Action]:
    if actor.may("close_ticket") and works_on(ticket, actor) and ticket.is_open:
        in_work = ticket.state in IN_WORK_STATES
        escalated = ticket.state == State.ESCALATED
        missing = _("waits for the team") if escalated else _("handle it first")
        yield Action("confirm", "" if in_work else missing)
        yield Action("close", "" if in_work else missing)
    if ticket.state == State.CLOSED and actor.may("reopen_ticket") and not facts.merged:
        yield Action("reopen")


def _joining(actor: Actor, ticket: Ticket, facts: Facts) -> Iterator[Action]:
    if not (actor.may("close_ticket") and works_on(ticket, actor)):
        return
    if ticket.is_open:
        yield Action("merge")
        if actor.may("classify_ticket"):
            yield Action("split")
    elif facts.merged:
        yield Action("undo_merge", "" if facts.undoable else _("the day for it has passed"))


def _linking(actor: Actor, ticket: Ticket, facts: Facts) -> Iterator[Action]:
    """For everybody at the desk who sees the ticket."""
    if not actor.may("work_ticket") or actor.user is None:
        return
    yield Action("link")
    if facts.linked:
        yield Action("unlink")
    yield Action("unwatch" if actor.user.pk in facts.watchers else "watch")
    yield Action("ask_to_watch")


def _incident(actor: Actor, ticket: Ticket, facts: Facts) -> Iterator[Action]:
    if not (actor.may("work_ticket") and works_on(ticket, actor)):
        return
    if facts.in_incident:
        speaks = actor.may("reply_ticket") and has_voice(ticket, actor)
        if speaks and ticket.is_open and not facts.incident_told:
            yield Action("incident_words")
        yield Action("leave_incident")
    elif ticket.is_open:
        yield Action("incident")


_GROUPS: tuple[Callable[[Actor, Ticket, Facts], Iterator[Action]], ...] = (
    _handling,
    _talking,
    _answering,
    _directing,
    _sorting,
    _tagging,
    _escalating,
    _receiving,
    _working,
    _closing,
    _joining,
    _linking,
    _incident,
)
