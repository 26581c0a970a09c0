"""What counts as resolved at first contact, and whose figures one sees."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from agents_ops.models import Lookup, QualityRules
from agents_ops.quality.first_contact import FirstContact, Share, cases, first_contact
from agents_ops.quality.scope import Scope, narrowed, scope_of, scope_of_own
from agents_ops.quality.spans import span_of
from agents_ops.services import do_step, start_playbook
from escalation.services import Form, request_escalation
from helpdesk.common import clock
from helpdesk.common.errors import NotAllowed
from people.actors import Actor, of_user
from people.models import Team, User
from tests.agents_ops.quality.conftest import Cases
from tickets.models import Ticket
from tickets.services import answer_confirmation, ask_confirmation, reopen_ticket

pytestmark = pytest.mark.django_db
ALL = Scope(None)


def figures(scope: Scope = ALL, weeks: int = 1) -> FirstContact:
    return first_contact(QualityRules.in_force(), span_of(clock.now(), weeks), scope)


def outcome_of(ticket: Ticket) -> tuple[str, int] | None:
    rows: Any = cases(QualityRules.in_force(), span_of(clock.now(), 1), ALL)
    found = rows.filter(ticket=ticket).first()
    return (found.outcome, found.contacts) if found else None


def test_a_case_that_one_answer_settles_counts(cases: Cases) -> None:
    ticket = cases.closed()
    assert outcome_of(ticket) == ("first_contact", 0)
    assert figures().whole == Share(1, 1)


def test_who_has_to_ask_again_came_back(cases: Cases) -> None:
    ticket = cases.open()
    cases.reply(ticket)
    cases.agent_writes(ticket)
    cases.reply(ticket)
    cases.agent_writes(ticket, "Kok lama sekali, sudah satu jam")
    cases.close(ticket)
    assert outcome_of(ticket) == ("came_back", 2)


@pytest.mark.parametrize("words", ["Nomor tujuannya 0812-5550-9012, jam 10 tadi"])
def test_an_answer_to_our_question_is_the_same_contact(cases: Cases, words: str) -> None:
    ticket = cases.open()
    cases.agent_writes(ticket, "Tambahan: nominal 50 ribu")
    cases.reply(ticket, waiting=True)
    cases.agent_writes(ticket, words)
    cases.close(ticket)
    assert outcome_of(ticket) == ("first_contact", 0)


def test_a_thanks_is_no_contact(cases: Cases) -> None:
    ticket = cases.open()
    cases.reply(ticket)
    cases.agent_writes(ticket, "Terima kasih kak")
    cases.close(ticket)
    assert outcome_of(ticket) == ("first_contact", 0)


def test_a_reopened_case_counts_against_the_week_of_its_first_closing(
    cases: Cases, lead: Actor
) -> None:
    ticket = cases.closed()
    later = clock.now() + timedelta(days=14)
    with clock.at(later):
        reopen_ticket(actor=lead, ticket_id=ticket.pk, reason="Belum masuk juga")
        cases.close(ticket)
        assert figures().whole == Share(0, 0)
        assert figures(weeks=3).whole == Share(0, 1)
    assert outcome_of(ticket) == ("reopened", 0)


def test_a_disputed_solution_counts_against_it(cases: Cases, agent_user: User) -> None:
    ticket = cases.open()
    cases.reply(ticket)
    form: dict[str, Any] = {"root_cause": "Suplier", "solution": "Sukses"}
    ask_confirmation(actor=cases.officer, ticket_id=ticket.pk, **form)
    answer_confirmation(actor=of_user(agent_user), ticket_id=ticket.pk, holds=False, words="Belum")
    cases.close(ticket)
    assert outcome_of(ticket) == ("disputed", 0)


def test_what_was_escalated_is_no_such_case(cases: Cases, lead: Actor) -> None:
    ticket = cases.open()
    cases.reply(ticket)
    form = Form(
        to_team=Team.objects.get(code="backend"),
        summary="s",
        tried="t",
        evidence="e",
        wanted_outcome="w",
    )
    request_escalation(actor=lead, ticket_id=ticket.pk, form=form, reason="SOP")
    assert outcome_of(ticket) is None
    from escalation.services import accept_escalation

    backend = of_user(User.objects.get(full_name="Bayu Saputra"))
    accept_escalation(actor=backend, ticket_id=ticket.pk, plan="Cek")
    cases.close(ticket, actor=lead)
    assert outcome_of(ticket) is None


@pytest.mark.parametrize(
    ("status", "counts"), [("pending", True), ("failed", True), ("success", False)]
)
def test_a_transaction_that_succeeded_is_no_such_case(
    cases: Cases, status: str, *, counts: bool
) -> None:
    ticket = cases.open()
    call: dict[str, Any] = {"actor": cases.officer, "ticket_id": ticket.pk}
    run = start_playbook(**call, playbook="transaction")
    given = {
        "agent_id": "TP4410",
        "destination": "0812",
        "product": "50rb",
        "transacted_at": clock.now().isoformat(),
    }
    do_step(**call, step="data", values=given)
    Lookup.objects.create(
        run=run,
        step="status",
        system="transaction",
        result=status,
        by=cases.officer.require_person("work_ticket"),
        at=clock.now(),
    )
    do_step(**call, step="status", values={})
    cases.reply(ticket)
    cases.close(ticket)
    assert (outcome_of(ticket) is not None) == counts


def test_other_categories_and_other_reporters_are_no_such_case(
    cases: Cases, file_ticket: Any
) -> None:
    deposit = cases.closed(subject="deposit", description="Deposit BCA Rp 500.211 belum masuk")
    assert outcome_of(deposit) is None


def test_the_figures_are_of_whom_one_leads(
    cases: Cases, lead: Actor, supervisor: User, manager: User, officer: User, agent_user: User
) -> None:
    cases.closed()
    rizal = cases.officer.user
    assert rizal
    found = figures(scope_of(lead))
    squad = Team.objects.get(code="cs_agent")
    assert (found.whole, found.officers, found.teams) == (
        Share(1, 1),
        {rizal.pk: Share(1, 1)},
        {squad.pk: Share(1, 1)},
    )
    assert found.categories == {"agent_transaction": Share(1, 1)}
    assert figures(scope_of(of_user(manager))).whole == Share(1, 1)
    # Sari leads other squads, Dimas has a case of his own alone.
    assert figures(scope_of(of_user(supervisor))).whole == Share(0, 0)
    assert figures(scope_of_own(of_user(officer))).whole == Share(0, 0)
    assert figures(scope_of_own(cases.officer)).whole == Share(1, 1)
    assert figures(narrowed(scope_of(lead), team="cs_payment")).whole == Share(0, 0)
    for person in (officer, agent_user):
        with pytest.raises(NotAllowed):
            scope_of(of_user(person))
    with pytest.raises(NotAllowed):
        scope_of_own(of_user(agent_user))
