"""Many complaints at once: each with exactly what one alone gets, a refused one taking nothing along."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from escalation.models import EscalationMatrix
from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput, NotAllowed
from people.actors import Actor, of_user
from people.models import Customer, Team, User
from tests.cast import HACKED
from tickets.models import Ticket
from tickets.numbers import new_number
from tickets.services import NotReceived, Receipt, Report, receive_ticket, receive_tickets

pytestmark = pytest.mark.django_db

LATE = "Paket saya belum sampai, resi tidak bergerak sejak 5 hari."
# Calm, alerting, escalating at once, with a moment to come, raising a priority, with a secret.
COMPLAINTS: list[dict[str, Any]] = [
    {"description": LATE, "subject": "Paket belum sampai", "order_number": "INV/1"},
    {"description": HACKED, "amount_idr": 2_300_000, "tier": "gold"},
    {
        "description": "Ada transaksi mencurigakan Rp 15.000.000 di akun saya, bukan saya.",
        "amount_idr": 15_000_000,
    },
    {"description": "Penjual tidak balas chat saya sudah 7 hari.", "days_open": 7},
    {"description": "Penjual tidak balas chat saya dari kemarin.", "days_open": 1},
    {"description": "PIN saya 123456, kenapa ditolak?", "language": "en", "channel": "phone"},
    {"description": "Saya akan menuntut ke pengadilan, pengacara saya sudah siap."},
    {"description": "Barang palsu, merek kami dipakai tanpa izin (HAKI).", "reporter": "seller"},
]
# What differs between any two rows, or is a queue that is emptied at once.
OWN = {"id", "number", "uuid", "email", "created_at"}
QUEUES = {
    "tickets_ticketchange",
    "tickets_searchmark",
    "tickets_opentally",
    "sla_risktally",
    "common_keptanswer",
}


def reports(prefix: str) -> list[Report]:
    return [
        Report(**{"channel": "api", "email": f"{prefix}{place}@example.com", "name": "T", **one})
        for place, one in enumerate(COMPLAINTS)
    ]


def rows_about(ticket: Ticket) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table that names the ticket, by table, in order, with names for ids."""
    found: dict[str, list[models.Model]] = {}
    seen: dict[tuple[str, Any], str] = {("tickets_ticket", ticket.pk): "T"}
    tables = [ticket, ticket.customer]
    for model in apps.get_models(include_auto_created=True):
        name = model._meta.db_table
        if name in QUEUES or name == "tickets_ticket":
            continue
        fields = [f for f in model._meta.concrete_fields if f.related_model is Ticket]
        conditions = models.Q()
        for field in fields:
            conditions |= models.Q(**{field.attname: ticket.pk})
        if name == "sla_timer":
            conditions = models.Q(subject_type="ticket", subject_id=ticket.pk)
        if conditions:
            by = "team_id" if name == "tickets_ticket_involved_teams" else "pk"
            tables.extend(model._default_manager.filter(conditions).order_by(by))
    for row in tables:
        table = row._meta.db_table
        place = len(found.setdefault(table, []))
        seen.setdefault((table, row.pk), f"{table}#{place}")
        found[table].append(row)
    return {table: [_named(row, seen) for row in rows] for table, rows in sorted(found.items())}


def _named(row: models.Model, seen: dict[tuple[str, Any], str]) -> dict[str, Any]:
    values = {}
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if field.related_model is not None:
            target: Any = field.related_model
            value = seen.get((target._meta.db_table, value), value)
        elif field.name in OWN:
            continue
        elif field.name == "subject_id":
            value = seen["tickets_ticket", value]
        elif field.name == "recipient" and "@example.com" in str(value):
            value = "the customer"
        elif field.name == "data":
            value = {k: "an id" if k in ("message", "escalation") else v for k, v in value.items()}
        values[field.attname] = value
    return values


def test_each_has_exactly_what_one_alone_gets(integrator: User) -> None:
    Team.objects.filter(code="cs_account").update(assignment=Team.Assignment.LOAD)
    actor = of_user(integrator)
    with clock.at(clock.now()):
        alone = [receive_ticket(actor=actor, report=one).ticket for one in reports("alone")]
        together = receive_tickets(
            actor=actor, reports=reports("together"), even_if_open=[False] * len(COMPLAINTS)
        )
    tables: set[str] = set()
    for one, other in zip(alone, together, strict=True):
        assert isinstance(other, Receipt)
        assert other.created
        expected = rows_about(Ticket.objects.get(pk=one.pk))
        assert rows_about(Ticket.objects.get(pk=other.ticket.pk)) == expected
        # What the caller is told is what is on record.
        kept = Ticket.objects.get(pk=other.ticket.pk)
        for field in Ticket._meta.concrete_fields:
            assert getattr(other.ticket, field.attname) == getattr(kept, field.attname), field
        tables |= set(expected)
    # The complaints together reach every table that receiving one can write to.
    assert tables >= {
        "people_customer",
        "tickets_ticket",
        "tickets_message",
        "tickets_ticketevent",
        "tickets_classification",
        "tickets_outgoingmail",
        "tickets_notice",
        "tickets_ticket_involved_teams",
        "sla_clock",
        "sla_clockevent",
        "sla_timer",
        "escalation_escalation",
        "escalation_triggerfiring",
    }


def receive(actor: Actor, *many: dict[str, Any], anyway: bool = False) -> list[Any]:
    each = [Report(**{"channel": "api", "description": LATE, **one}) for one in many]
    return receive_tickets(actor=actor, reports=each, even_if_open=[anyway] * len(each))


def test_what_a_trigger_does_to_the_priority_is_done_as_well(integrator: User) -> None:
    body = copy.deepcopy(EscalationMatrix.in_force().body)
    body["triggers"].append(
        {
            "code": "gold_first",
            "name_id": "Gold dulu",
            "name_en": "Gold first",
            "when": {"tier": ["gold"]},
            "priority": "URGENT",
            "source": "",
        }
    )
    EscalationMatrix.publish(body)
    actor, gold = of_user(integrator), {"tier": "gold", "email": "a@example.com"}
    (alone,) = receive(actor, gold)
    (first, other) = receive(actor, {**gold, "email": "b@example.com"}, {"email": "c@example.com"})
    assert Ticket.objects.get(pk=alone.ticket.pk).priority == "URGENT"
    assert Ticket.objects.get(pk=first.ticket.pk).priority == "URGENT"
    assert Ticket.objects.get(pk=other.ticket.pk).priority != "URGENT"
    assert [event.kind for event in first.ticket.events.all()] == [
        "received",
        "classified",
        "reclassified",
    ]


def test_the_same_problem_twice_is_one_ticket(integrator: User) -> None:
    actor = of_user(integrator)
    one = {"email": "a@example.com", "order_number": "INV/1"}
    (known,) = receive(actor, one)
    answers = receive(
        actor,
        {**one, "order_number": "inv/1"},
        {**one, "order_number": "INV/2"},
        {**one, "order_number": "INV/2"},
        {"email": "b@example.com"},
        {"phone": "0812-5550-1234", "email": "b@example.com"},
    )
    assert [answer.created for answer in answers] == [False, True, False, True, False]
    assert answers[0].ticket == known.ticket
    assert answers[2].ticket == answers[1].ticket
    assert Ticket.objects.count() == 3
    assert Customer.objects.filter(email__in=["a@example.com", "b@example.com"]).count() == 2
    assert receive(actor, one, one, anyway=True)[1].created


def test_a_refused_one_takes_nothing_along(integrator: User) -> None:
    answers = receive(
        of_user(integrator),
        {"email": "a@example.com"},
        {},
        {"email": "b@example.com", "description": " "},
        {"email": "kaputt", "order_number": "INV/1"},
        {"email": "c@example.com"},
    )
    codes = [a.refusal.code if isinstance(a, NotReceived) else "" for a in answers]
    assert codes == ["", "no_contact", "invalid_input", "bad_email", ""]
    assert Ticket.objects.count() == 2
    assert not Customer.objects.filter(email="b@example.com").exists()


def test_fifty_cost_hardly_more_statements_than_ten(integrator: User) -> None:
    """Calm ones, alerts and escalations mixed."""
    actor = of_user(integrator)
    sent = []
    for count in (8, 16, 56):
        many = [
            {**COMPLAINTS[place % 8], "email": f"{count}.{place}@example.com"}
            for place in range(count)
        ]
        with CaptureQueriesContext(connection) as seen:
            assert all(answer.created for answer in receive(actor, *many))
        sent.append(len(seen))
    assert sent[2] <= sent[1] + 6
    assert sent[2] < 70


def test_a_number_that_is_taken_is_drawn_again(
    integrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor = of_user(integrator)
    (known,) = receive(actor, {"email": "a@example.com"})
    free = [new_number() for _draw in range(3)]
    draws = iter([known.ticket.number, free[0], free[0], free[0], *free[1:]])
    for module in ("intake", "intake_many"):
        monkeypatch.setattr(f"tickets.services.{module}.new_number", lambda: next(draws))
    answers = receive(actor, *({"email": f"{place}@example.com"} for place in "bcd"))
    numbers = {answer.ticket.number for answer in answers}
    assert len(numbers) == 3
    assert known.ticket.number not in numbers


def test_it_is_for_connected_systems_and_the_desk(customer_user: User, officer: User) -> None:
    with pytest.raises(NotAllowed):
        receive(of_user(customer_user), {})
    assert receive(of_user(officer), {"email": "a@example.com"})[0].created
    with pytest.raises(InvalidInput, match="1000"):
        receive(of_user(officer), *[{}] * 1001)
