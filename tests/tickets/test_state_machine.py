"""Domain section 2 as a table: every state, every verb, every role; what is refused changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django_fsm import InvalidResultState, TransitionNotAllowed, can_proceed

from escalation.services import (
    accept_escalation,
    report_progress,
    request_escalation,
    return_escalation,
)
from helpdesk.common.errors import NotAllowed, WrongState
from people.actors import Actor
from people.models import Customer, User
from tests.support.stages import CLOSING, Stage, form
from tickets.models import Ticket
from tickets.services import (
    add_customer_message,
    add_internal_note,
    answer_confirmation,
    answer_survey,
    ask_confirmation,
    assign_ticket,
    close_ticket,
    handle_ticket,
    reclassify_ticket,
    reopen_ticket,
    reply_to_customer,
)
from tickets.states import Priority, State

STATES = ("classified", "handled", "escalated", "monitored", "closed")
OPEN = {"classified", "handled", "escalated", "monitored"}
IN_WORK = {"handled", "monitored"}
WITH_TEAM = {"escalated", "monitored"}

# Dimas's squad is the home of the ticket, Ayu's is not; Farah's team receives it; Leo's has no part.
NAMES = {
    "officer": "dimas",
    "officer of another squad": "ayu",
    "supervisor": "sari",
    "operations manager": "hendra",
    "receiving specialist": "farah",
    "other specialist": "leo",
    "customer": "ratna",
    "seller": "joko",
    "integrator": "sistem",
    "administrator": "admin",
}
SQUAD = {"officer", "supervisor", "operations manager"}
LEADS = {"supervisor", "operations manager"}
TEAM = {"receiving specialist"}

Rule = Callable[[str], set[str]]
RULES: dict[str, Rule] = {
    "handle": lambda state: SQUAD if state == "classified" else set(),
    "take": lambda state: {
        "classified": SQUAD,
        "handled": SQUAD,
        "escalated": LEADS | TEAM,
        "monitored": LEADS | TEAM,
    }.get(state, set()),
    "assign to a colleague": lambda state: LEADS if state in OPEN else set(),
    "reply": lambda state: (
        SQUAD | (TEAM if state in WITH_TEAM else set()) if state in OPEN else set()
    ),
    "write as customer": lambda state: {"customer"} if state in OPEN else set(),
    # Fraud was alerted when the ticket came in and looks on from then.
    "note": lambda state: SQUAD | TEAM,
    "reclassify": lambda state: SQUAD if state in OPEN else set(),
    "escalate": lambda state: SQUAD if state in OPEN - {"escalated"} else set(),
    "accept": lambda state: TEAM if state == "escalated" else set(),
    "progress": lambda state: TEAM if state == "monitored" else set(),
    "return": lambda state: TEAM if state in WITH_TEAM else set(),
    "ask confirmation": lambda state: SQUAD if state in IN_WORK else set(),
    "answer confirmation": lambda state: set(),
    "close": lambda state: SQUAD if state in IN_WORK else set(),
    "reopen": lambda state: LEADS | {"customer"} if state == "closed" else set(),
    "survey": lambda state: {"customer"} if state == "closed" else set(),
}


def act(verb: str, actor: Actor, ticket: Ticket, colleague: User) -> Any:
    who: dict[str, Any] = {"actor": actor, "ticket_id": ticket.pk}
    calls: dict[str, Callable[[], Any]] = {
        "handle": lambda: handle_ticket(**who),
        "take": lambda: assign_ticket(**who, assignee=actor.user),  # type: ignore[arg-type]
        "assign to a colleague": lambda: assign_ticket(**who, assignee=colleague),
        "reply": lambda: reply_to_customer(**who, body="Kami periksa sekarang."),
        "write as customer": lambda: add_customer_message(**who, body="Ada kabar?"),
        "note": lambda: add_internal_note(**who, body="Sudah ditelepon."),
        "reclassify": lambda: reclassify_ticket(
            **who, category=ticket.category, priority="HIGH", queue=ticket.queue, reason="Aman."
        ),
        "escalate": lambda: request_escalation(**who, form=form("operations"), reason="Perlu."),
        "accept": lambda: accept_escalation(**who, plan="Blokir akun."),
        "progress": lambda: report_progress(**who, report="Akun sudah diblokir."),
        "return": lambda: return_escalation(**who, reason="Bukan pengambilalihan."),
        "ask confirmation": lambda: ask_confirmation(**who, **CLOSING),
        "answer confirmation": lambda: answer_confirmation(**who, holds=True),
        "close": lambda: close_ticket(**who, **CLOSING, confirmation="confirmed"),
        "reopen": lambda: reopen_ticket(**who, reason="Belum selesai."),
        "survey": lambda: answer_survey(**who, score=5),
    }
    return calls[verb]()


def traces() -> list[tuple[str, int]]:
    """How many rows every table of ours has: what a refusal must not change."""
    with connection.cursor() as cursor:
        counts = []
        for table in ("ticketevent", "message", "notice", "outgoingmail", "closingform"):
            cursor.execute(f"SELECT count(*) FROM tickets_{table}")
            counts.append((table, cursor.fetchone()[0]))
    return counts


@pytest.mark.django_db
@pytest.mark.parametrize("state", STATES)
def test_it_allows_exactly_what_the_domain_says(
    state: str, stage: Stage, people: dict[str, User]
) -> None:
    ticket = stage.at(state)
    actors = {role: stage.actor(name) for role, name in NAMES.items()}
    before, version = traces(), ticket.version
    wrong: list[str] = []
    for verb, rule in RULES.items():
        for role, actor in actors.items():
            colleague = people["bagus"] if role not in LEADS else people["sari"]
            outcome = _outcome(verb, actor, ticket, colleague)
            expected = role in rule(state)
            if outcome is not expected:
                wrong.append(f"{verb} by {role}: {outcome}")
            assert Ticket.objects.get(pk=ticket.pk).version == version
    assert wrong == []
    assert traces() == before


def _outcome(verb: str, actor: Actor, ticket: Ticket, colleague: User) -> bool | str:
    """Whether the verb is accepted; undone in any case. Anything but a proper refusal is an error."""
    try:
        with transaction.atomic():
            act(verb, actor, ticket, colleague)
            raise _Undo
    except _Undo:
        return True
    except (NotAllowed, WrongState):
        return False


class _Undo(Exception):
    """Rolls back what was allowed."""


@pytest.mark.django_db
@pytest.mark.parametrize("verb", ["reply", "close", "escalate", "reopen", "note"])
def test_it_refuses_another_customer_of_any_ticket(
    verb: str, stage: Stage, other_customer: Customer, people: dict[str, User]
) -> None:
    for state in ("handled", "closed"):
        ticket = stage.at(state)
        assert _outcome(verb, Actor(customer=other_customer), ticket, people["sari"]) is False


# The bare state machine, without roles: domain section 2, column "from -> to".
TRANSITIONS = {
    "classify": ({"received"}, "classified"),
    "handle": ({"classified"}, "handled"),
    "escalate": ({"received", "classified", "handled", "monitored"}, "escalated"),
    "monitor": ({"escalated"}, "monitored"),
    "give_back": ({"escalated", "monitored"}, "handled"),
    "close": ({"handled", "monitored"}, "closed"),
    "merge": ({"classified", "handled"}, "closed"),
    "reopen": ({"closed"}, "handled"),
}


@pytest.mark.parametrize("state", State.values)
@pytest.mark.parametrize("verb", TRANSITIONS)
def test_a_transition_starts_only_where_the_domain_lets_it(verb: str, state: str) -> None:
    ticket = Ticket(state=state, category="tracking", priority=Priority.LOW, assignee_id=1)
    sources, target = TRANSITIONS[verb]
    assert can_proceed(getattr(ticket, verb)) is (state in sources)
    if state in sources:
        getattr(ticket, verb)()
        assert ticket.state == target
    else:
        with pytest.raises(TransitionNotAllowed):
            getattr(ticket, verb)()


def test_there_are_no_transitions_beside_those() -> None:
    known = {transition.name for transition in Ticket(state="received").get_all_state_transitions()}
    assert known == {*TRANSITIONS, "undo_merge"}


@pytest.mark.parametrize("state", State.values)
def test_an_undone_merge_leads_back_to_where_it_came_from(state: str) -> None:
    ticket = Ticket(state=state)
    assert can_proceed(ticket.undo_merge) is (state == "closed")
    if state == "closed":
        with pytest.raises(InvalidResultState):
            ticket.undo_merge("monitored")
        ticket.undo_merge("handled")
        assert ticket.state == "handled"


@pytest.mark.parametrize("verb", ["handle", "monitor", "give_back", "reopen"])
def test_work_needs_an_assignee(verb: str) -> None:
    state = min(TRANSITIONS[verb][0])
    assert not can_proceed(getattr(Ticket(state=state), verb))


def test_the_state_cannot_be_assigned() -> None:
    ticket = Ticket(state="received")
    with pytest.raises(AttributeError):
        ticket.state = "closed"
