"""What the page offers is what the services accept: every verb, for every state and role."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from desk.actions import actions_for, facts_of
from escalation.models import Escalation, FollowUp
from escalation.models.follow_up import OPEN
from escalation.services import (
    Form,
    Ruling,
    accept_escalation,
    ask_freeze,
    ask_unfreeze,
    decide_freeze,
    decide_mediation,
    decline_escalation,
    finish_follow_up,
    move_follow_up,
    move_target,
    plan_follow_up,
    record_hearing,
    release_relay,
    report_progress,
    request_escalation,
    return_escalation,
    verify_escalation,
)
from helpdesk.common import clock
from helpdesk.common.errors import Refusal
from people.actors import Actor, of_user
from people.models import Team, User
from tests.desk.conftest import CLOSING
from tickets.models import Incident, Ticket
from tickets.selectors import visible_tickets
from tickets.services import (
    Correction,
    Report,
    add_internal_note,
    ask_confirmation,
    ask_to_watch,
    assign_ticket,
    attach_ticket,
    close_ticket,
    correct_ticket,
    detach_ticket,
    handle_ticket,
    hold_ticket,
    link_tickets,
    mark_no_reply_needed,
    mark_reply_needed,
    merge_tickets,
    open_incident,
    pull_forward,
    put_back,
    receive_ticket,
    reclassify_ticket,
    release_ticket,
    reopen_ticket,
    reply_to_customer,
    split_ticket,
    tag_ticket,
    tell_incident_words,
    undo_merge,
    unlink_tickets,
    unwatch_ticket,
    watch_ticket,
)

STATES = (
    "classified",
    "handled",
    "requested",
    "escalated",
    "monitored",
    "planned",
    "mediated",
    "heard",
    "with_legal",
    "freeze_asked",
    "frozen",
    "closed",
    "merged",
    "written",
    "left",
    "held",
    "forward",
)
ROLES = ("officer", "supervisor", "manager", "specialist", "mediator", "legal", "admin")


def _form() -> Form:
    return Form(
        to_team=Team.objects.get(code="backend"),
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
    "tag": lambda a, t: tag_ticket(actor=a, ticket_id=t.pk, add=["VIP"]),
    "correct": lambda a, t: correct_ticket(
        actor=a, ticket_id=t.pk, facts=Correction(amount_idr=5), reason="salah"
    ),
    "escalate": lambda a, t: request_escalation(
        actor=a, ticket_id=t.pk, form=_form(), reason="mendesak"
    ),
    "verify": lambda a, t: verify_escalation(actor=a, escalation_id=_requested(t), reason="ya"),
    "redirect": lambda a, t: verify_escalation(
        actor=a,
        escalation_id=_requested(t),
        to_team=Team.objects.get(code="finance"),
        reason="ya",
    ),
    "decline": lambda a, t: decline_escalation(actor=a, escalation_id=_requested(t), reason="no"),
    "accept": lambda a, t: accept_escalation(actor=a, ticket_id=t.pk, plan="lacak"),
    "progress": lambda a, t: report_progress(actor=a, ticket_id=t.pk, report="berjalan"),
    "follow_up": lambda a, t: plan_follow_up(
        actor=a, ticket_id=t.pk, what="cek", due_at=clock.now() + timedelta(hours=1)
    ),
    "follow_up_done": lambda a, t: finish_follow_up(
        actor=a, ticket_id=t.pk, follow_up_id=_open(t, kind="step"), result="selesai"
    ),
    "follow_up_move": lambda a, t: move_follow_up(
        actor=a,
        ticket_id=t.pk,
        follow_up_id=_open(t),
        due_at=clock.now() + timedelta(hours=2),
        reason="menunggu",
    ),
    "target": lambda a, t: move_target(
        actor=a, ticket_id=t.pk, target_at=clock.now() + timedelta(hours=2), reason="menunggu"
    ),
    "hearing": lambda a, t: record_hearing(actor=a, ticket_id=t.pk, party="buyer", notes="rusak"),
    "decide": lambda a, t: decide_mediation(
        actor=a, ticket_id=t.pk, ruling=Ruling("seller", "begitu", "begitu")
    ),
    "freeze": lambda a, t: ask_freeze(
        actor=a, ticket_id=t.pk, subject="account", reference="A1", reason="ya"
    ),
    "unfreeze": lambda a, t: ask_unfreeze(
        actor=a, ticket_id=t.pk, freeze_id=_frozen(t), reason="sudah"
    ),
    "freeze_decide": lambda a, t: decide_freeze(
        actor=a, ticket_id=t.pk, freeze_id=_asked(t), approved=True
    ),
    "relay": lambda a, t: release_relay(actor=a, ticket_id=t.pk, text="Kami periksa."),
    "return": lambda a, t: return_escalation(actor=a, ticket_id=t.pk, reason="bukan kami"),
    "confirm": lambda a, t: ask_confirmation(actor=a, ticket_id=t.pk, root_cause="x", solution="y"),
    "close": lambda a, t: close_ticket(actor=a, ticket_id=t.pk, **CLOSING),
    "no_reply": lambda a, t: mark_no_reply_needed(actor=a, ticket_id=t.pk),
    "need_reply": lambda a, t: mark_reply_needed(actor=a, ticket_id=t.pk),
    "forward": lambda a, t: pull_forward(actor=a, ticket_id=t.pk, reason="penting"),
    "put_back": lambda a, t: put_back(actor=a, ticket_id=t.pk),
    "hold": lambda a, t: hold_ticket(
        actor=a, ticket_id=t.pk, reason="tunggu bank", until=clock.now() + timedelta(days=1)
    ),
    "release": lambda a, t: release_ticket(actor=a, ticket_id=t.pk),
    "merge": lambda a, t: merge_tickets(actor=a, ticket_id=t.pk, numbers=[_double(t).number]),
    "undo_merge": lambda a, t: undo_merge(actor=a, ticket_id=t.pk),
    "split": lambda a, t: split_ticket(
        actor=a, ticket_id=t.pk, messages=[t.messages.order_by("id")[0].pk]
    ),
    "link": lambda a, t: link_tickets(
        actor=a, ticket_id=t.pk, number=_other(a, t).number, kind="related"
    ),
    "unlink": lambda a, t: unlink_tickets(actor=a, ticket_id=t.pk, link_id=_tied(t)),
    "incident": lambda a, t: attach_ticket(actor=a, ticket_id=t.pk, incident_id=_incident(t).pk),
    "leave_incident": lambda a, t: detach_ticket(actor=a, ticket_id=t.pk),
    "incident_words": lambda a, t: tell_incident_words(actor=a, ticket_id=t.pk, body="Halo"),
    "watch": lambda a, t: watch_ticket(actor=a, ticket_id=t.pk),
    "unwatch": lambda a, t: unwatch_ticket(actor=a, ticket_id=t.pk),
    "ask_to_watch": lambda a, t: ask_to_watch(actor=a, ticket_id=t.pk, person=a.user),  # type: ignore[arg-type]
    "reopen": lambda a, t: reopen_ticket(actor=a, ticket_id=t.pk, reason="belum selesai"),
}


def _double(ticket: Ticket) -> Ticket:
    report = Report(channel="web", description=ticket.description, subject=ticket.subject)
    who = Actor(customer=ticket.customer)
    return receive_ticket(actor=who, report=report, even_if_open=True).ticket


def _other(actor: Actor, ticket: Ticket) -> Ticket:
    """Another one that the actor sees, whichever team he is of."""
    other = _double(ticket)
    Ticket.objects.filter(pk=other.pk).update(created_by=actor.user)
    return other


def _incident(ticket: Ticket) -> Incident:
    lead = of_user(User.objects.get(email__startswith="sari"))
    return open_incident(actor=lead, title="Gangguan", words="Kami perbaiki.")


def _tied(ticket: Ticket) -> int:
    return ticket.links_out.filter(kind="related").values_list("pk", flat=True).first() or 0


def _open(ticket: Ticket, **kind: str) -> int:
    rows = FollowUp.objects.filter(OPEN, escalation__ticket=ticket, **kind)
    return rows.values_list("pk", flat=True).first() or 0


def _frozen(ticket: Ticket) -> int:
    return ticket.freeze_requests.filter(approved=True).values_list("pk", flat=True).first() or 0


def _asked(ticket: Ticket) -> int:
    rows = ticket.freeze_requests.filter(decided_at__isnull=True)
    return rows.values_list("pk", flat=True).first() or 0


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
def test_a_team_that_was_told_may_leave_a_note_or_ask_for_a_freeze(ticket_in, specialist):
    allowed = _verbs(specialist, ticket_in("handled"))
    assert allowed == {"note", "freeze", "watch", "ask_to_watch", "link"}


def _verbs(user: User, ticket: Ticket) -> set[str]:
    actions = actions_for(of_user(user), ticket, facts_of(ticket))
    return {action.verb for action in actions if action.allowed}
