"""What the page offers is what the services accept: every verb, for every state and role."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from desk.actions import actions_for, facts_of
from escalation.models import Escalation
from escalation.services import (
    Form,
    accept_escalation,
    decline_escalation,
    report_progress,
    request_escalation,
    return_escalation,
    verify_escalation,
)
from helpdesk.common.errors import Refusal
from people.actors import Actor, of_user
from people.models import Team, User
from tests.desk.conftest import CLOSING
from tickets.models import Ticket
from tickets.selectors import visible_tickets
from tickets.services import (
    add_internal_note,
    ask_confirmation,
    assign_ticket,
    close_ticket,
    handle_ticket,
    reclassify_ticket,
    reopen_ticket,
    reply_to_customer,
)

STATES = ("classified", "handled", "requested", "escalated", "monitored", "closed")
ROLES = ("officer", "supervisor", "manager", "specialist", "legal", "admin")


def _form() -> Form:
    return Form(
        to_team=Team.objects.get(code="mediation"),
        summary="a",
        tried="b",
        evidence="c",
        wanted_outcome="d",
    )


def _requested(ticket: Ticket) -> int:
    found = ticket.escalations.filter(state=Escalation.State.REQUESTED).first()
    return found.pk if found else 0


SERVICES: dict[str, Callable[[Actor, Ticket], Any]] = {
    "handle": lambda a, t: handle_ticket(actor=a, ticket_id=t.pk),
    "reply": lambda a, t: reply_to_customer(actor=a, ticket_id=t.pk, body="Halo"),
    "note": lambda a, t: add_internal_note(actor=a, ticket_id=t.pk, body="Halo"),
    "reclassify": lambda a, t: reclassify_ticket(
        actor=a, ticket_id=t.pk, category=t.category, priority="LOW", queue=t.queue, reason="salah"
    ),
    "escalate": lambda a, t: request_escalation(
        actor=a, ticket_id=t.pk, form=_form(), reason="mendesak"
    ),
    "verify": lambda a, t: verify_escalation(actor=a, escalation_id=_requested(t), reason="ya"),
    "decline": lambda a, t: decline_escalation(actor=a, escalation_id=_requested(t), reason="no"),
    "accept": lambda a, t: accept_escalation(actor=a, ticket_id=t.pk, plan="lacak"),
    "progress": lambda a, t: report_progress(actor=a, ticket_id=t.pk, report="berjalan"),
    "return": lambda a, t: return_escalation(actor=a, ticket_id=t.pk, reason="bukan kami"),
    "confirm": lambda a, t: ask_confirmation(actor=a, ticket_id=t.pk, root_cause="x", solution="y"),
    "close": lambda a, t: close_ticket(actor=a, ticket_id=t.pk, **CLOSING),
    "reopen": lambda a, t: reopen_ticket(actor=a, ticket_id=t.pk, reason="belum selesai"),
}


def _accepted(actor: Actor, ticket: Ticket, verb: str) -> bool:
    """Whether the service does it; undone at once."""
    try:
        with transaction.atomic():
            SERVICES[verb](actor, Ticket.objects.get(pk=ticket.pk))
            transaction.set_rollback(True)
    except Refusal:
        return False
    return True


@pytest.mark.django_db
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("role", ROLES)
def test_offered_is_accepted_and_the_rest_is_refused(role, state, ticket_in, request):
    ticket = ticket_in(state)
    user: User = request.getfixturevalue(role)
    actor = of_user(User.objects.get(pk=user.pk))
    accepted = {verb for verb in SERVICES if _accepted(actor, ticket, verb)}
    if not visible_tickets(actor).filter(pk=ticket.pk).exists():
        assert accepted == set()  # no page either: the funnel answers 404
        return
    actions = actions_for(actor, ticket, facts_of(ticket))
    offered = {action.verb for action in actions if action.allowed}
    assert offered - {"take", "assign"} == accepted


@pytest.mark.django_db
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("role", ROLES)
def test_taking_over_works_where_it_is_offered(role, state, ticket_in, request):
    ticket = ticket_in(state)
    user: User = request.getfixturevalue(role)
    verbs = {action.verb for action in actions_for(of_user(user), ticket, facts_of(ticket))}
    if "take" in verbs:
        assign_ticket(actor=of_user(user), ticket_id=ticket.pk, assignee=user)
        ticket.refresh_from_db(fields=["assignee"])
        assert ticket.assignee == user


@pytest.mark.django_db
def test_only_leads_assign_to_others(ticket_in, officer, supervisor):
    ticket = ticket_in("handled")
    assert "assign" not in _verbs(officer, ticket)
    assert "assign" in _verbs(supervisor, ticket)


@pytest.mark.django_db
def test_a_locked_verb_names_what_is_missing(ticket_in, officer):
    ticket = ticket_in("classified")
    actions = {a.verb: a for a in actions_for(of_user(officer), ticket, facts_of(ticket))}
    assert not actions["close"].allowed
    assert actions["close"].missing


@pytest.mark.django_db
def test_a_team_that_was_told_may_only_leave_a_note(ticket_in, specialist):
    assert _verbs(specialist, ticket_in("handled")) == {"note"}


def _verbs(user: User, ticket: Ticket) -> set[str]:
    actions = actions_for(of_user(user), ticket, facts_of(ticket))
    return {action.verb for action in actions if action.allowed}
