"""The escalation document as the receiving team's working page: what is next, plan, papers, forms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from desk.forms import TicketForm
from desk.verb import Verb
from desk.verbs import VERBS
from escalation.climbs import Climb, climb_of
from escalation.freezes import frozen_elsewhere, still_frozen
from escalation.models import Decision, Escalation, FollowUp, Hearing, Party
from escalation.specialists import FRAUD, lies_with_mediation, relays_for
from helpdesk.common import clock
from people.actors import Actor
from tickets.models import Ticket

# In the dialogs of the page; the other forms of the page stand in its side column.
IN_DIALOGS = (
    "target",
    "follow_up",
    "follow_up_done",
    "follow_up_move",
    "hearing",
    "decide",
    "freeze",
    "unfreeze",
    "freeze_decide",
    "relay",
)
FREEZES = ("freeze", "unfreeze", "freeze_decide")  # also when the case lies with nobody any more
State = Escalation.State


@dataclass(frozen=True)
class Opened:
    """The dialog that an address asks to open, and the follow-up that it is about."""

    verb: str = ""
    follow_up: str = ""


@dataclass(frozen=True)
class Task:
    """A verb in its dialog."""

    verb: Verb
    form: TicketForm
    opened: bool

    @property
    def name(self) -> str:
        return self.verb.name


@dataclass(frozen=True)
class PlannedStep:
    """A follow-up, and what comes of it if it is left undone; None once it is done or overdue."""

    row: FollowUp
    climb: Climb | None
    late: bool

    @classmethod
    def of(cls, row: FollowUp, escalation: Escalation, now: datetime) -> PlannedStep:
        waits = row.state == "open"
        climb = climb_of(escalation, row.due_at) if waits else None
        return cls(row, climb, late=row.due_at < now)


@dataclass(frozen=True)
class NextStep:
    """One thing that the reader must do; `target` is the place on the page where it is done."""

    text: str
    icon: str
    target: str
    due_at: datetime | None = None
    late: bool = False
    command: str = ""
    focus: str = ""

    @property
    def in_side(self) -> bool:
        """Its form stands in the side column, a sheet where the page is narrow."""
        return self.target.startswith("h-")


def work_context(
    actor: Actor,
    ticket: Ticket,
    escalation: Escalation,
    *,
    allowed: set[str],
    bound: dict[str, TicketForm],
    opened: Opened | None,
) -> dict[str, Any]:
    """What the working sections of `desk/escalation/page.html` show."""
    current = escalation.state in Escalation.ACTIVE
    tasks = {
        name: _task(name, ticket, actor, bound, opened or Opened())
        for name in IN_DIALOGS
        if name in allowed and (current or name in bound or name in FREEZES)
    }
    now = clock.for_display()
    follow_ups = list(escalation.follow_ups.select_related("owner", "done_by"))
    hearings = list(escalation.hearings.select_related("by"))
    decision = Decision.objects.filter(escalation=escalation).select_related("decided_by").first()
    freezes = list(ticket.freeze_requests.select_related("asked_by", "decided_by"))
    relays = list(ticket.relay_notes.select_related("by"))
    mediates = bool(hearings or decision) or (current and lies_with_mediation(ticket))
    relaying = current and relays_for(ticket)
    news = next((row for row in follow_ups if row.is_open and row.is_news), None)
    freezing = bool(freezes) or not tasks.keys().isdisjoint({"unfreeze", "freeze_decide"})
    if not (freezing or _may_freeze(ticket, escalation) or _opened(tasks.get("freeze"))):
        tasks.pop("freeze", None)
    working = tasks.keys() - (set() if freezing else {"freeze"})
    return {
        "target_late": _is_late(escalation, now),
        "has_work": bool(working or follow_ups or freezes or relays or mediates or relaying),
        "tasks": tasks,
        "next_news": news,
        "next_news_late": news is not None and news.due_at < now,
        "follow_ups": [PlannedStep.of(row, escalation, now) for row in follow_ups],
        "mediates": mediates,
        "sides": _sides(hearings),
        "decision": decision,
        "freezes": freezes,
        "freezing": freezing,
        "frozen": still_frozen(freezes),
        "elsewhere": frozen_elsewhere(ticket, freezes, actor=actor),
        "relays": relays,
        "relays_for": relaying,
        "next_steps": _next_steps(
            ticket, escalation, allowed, follow_ups, hearings, decision, relays
        ),
    }


def _opened(task: Task | None) -> bool:
    return task is not None and task.opened


def _may_freeze(ticket: Ticket, escalation: Escalation) -> bool:
    """Freezing is the fraud team's work; on the ticket whoever works on it may ask for it."""
    return FRAUD in {escalation.to_team.code, ticket.team.code if ticket.team else ""}


def _is_late(escalation: Escalation, now: datetime) -> bool:
    at = escalation.promised_at
    return escalation.state == State.ACCEPTED and at is not None and at < now


def _task(
    name: str, ticket: Ticket, actor: Actor, bound: dict[str, TicketForm], opened: Opened
) -> Task:
    verb = VERBS[name]
    form = bound.get(name)
    if form is None:
        form = verb.make_form(ticket, actor)
        if opened.verb == name and opened.follow_up.isdecimal():
            form.initial["follow_up"] = opened.follow_up[:18]
    return Task(verb=verb, form=form, opened=name in bound or name == opened.verb)


def _sides(hearings: list[Hearing]) -> list[dict[str, Any]]:
    return [
        {"party": party, "hearings": [row for row in hearings if row.party == party.value]}
        for party in Party
    ]


def _next_steps(
    ticket: Ticket,
    escalation: Escalation,
    allowed: set[str],
    follow_ups: list[FollowUp],
    hearings: list[Hearing],
    decision: Decision | None,
    relays: list[Any],
) -> list[NextStep]:
    """In the order in which they are to be done; empty for somebody who only reads."""
    now = clock.for_display()
    steps: list[NextStep] = []
    if "verify" in allowed and escalation.state == State.REQUESTED:
        steps.append(NextStep(_("Verify this escalation, or send it back"), "done", "h-verify"))
    if "accept" in allowed and escalation.state == State.SENT:
        at = escalation.target_at
        steps.append(
            NextStep(
                _("Accept: a name, a plan and a target"),
                "eye",
                "h-accept",
                at,
                at < now,
                command="accept",
                focus="accept_plan",
            )
        )
    if "freeze_decide" in allowed:
        steps.append(NextStep(_("Decide the freeze that was asked for"), "shield", "freezes"))
    if "follow_up" in allowed and escalation.state == State.ACCEPTED:
        steps += _target_steps(escalation, allowed, now)
        steps += [_follow_up_step(row, now) for row in follow_ups if row.is_open]
        steps += _mediation_steps(escalation, allowed, hearings, decision, now)
    if "relay" in allowed and not relays:
        steps.append(NextStep(_("Release what the officer may tell"), "send", "relays"))
    if decision is not None and "return" in allowed:
        steps.append(NextStep(_("Return the decided case to CS"), "undo", "h-return"))
    return steps


def _target_steps(escalation: Escalation, allowed: set[str], now: datetime) -> list[NextStep]:
    """The date that the team named; a clock of the policy has its step with the mediation."""
    at = escalation.promised_at
    if at is None or escalation.promised_by_clock or "return" not in allowed:
        return []
    late = at < now
    text = _("Keep the target: finish the case and return it")
    if late:
        text = _("The target is missed: finish the case, or name another date")
    return [NextStep(text, "late" if late else "done", "target", at, late)]


def _follow_up_step(row: FollowUp, now: datetime) -> NextStep:
    text = row.what or _("Give CS the next news")
    if not row.is_news:
        return NextStep(text, "clock", "follow-ups", row.due_at, row.due_at < now)
    return NextStep(
        text,
        "edit",
        "h-progress",
        row.due_at,
        row.due_at < now,
        command="progress",
        focus="progress_report",
    )


def _mediation_steps(
    escalation: Escalation,
    allowed: set[str],
    hearings: list[Hearing],
    decision: Decision | None,
    now: datetime,
) -> list[NextStep]:
    if "hearing" not in allowed or decision is not None:
        return []
    heard = {row.party for row in hearings}
    hear = {Party.BUYER: _("Hear the buyer"), Party.SELLER: _("Hear the seller")}
    steps = [
        NextStep(text, "chat", "mediation") for party, text in hear.items() if party not in heard
    ]
    at = escalation.promised_at
    late = at is not None and at < now
    steps.append(NextStep(_("Decide, with reasons to both sides"), "scale", "mediation", at, late))
    return steps
