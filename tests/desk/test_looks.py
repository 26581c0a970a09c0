"""Masked contact data at the desk: masked everywhere, shown by a recorded look."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, InternalError, connection, transaction
from django.test import Client
from django.utils import timezone

from people.actors import Actor, of_user
from people.models import Customer, ResellerAgent, User
from tests.cast import FileTicket
from tickets.models import DataLook, Ticket
from tickets.services import Report, add_customer_message, index_marked, look_at, receive_ticket

EMAIL, PHONE = "ratna@demo.tuntas.id", "+6281255501234"


@pytest.fixture
def ticket(file_ticket: FileTicket) -> Ticket:
    return file_ticket()


def _open(sign_in: Any, person: User, address: str) -> str:
    answer = sign_in(person).get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def _look(client: Client, ticket: Ticket, **data: str) -> Any:
    return client.post(f"/meja/{ticket.number}/lihat/", data, headers={"HX-Request": "true"})


def test_the_page_shows_contacts_masked(sign_in: Any, officer: User, ticket: Ticket) -> None:
    page = _open(sign_in, officer, f"/meja/{ticket.number}/")
    assert "ra***@demo.tuntas.id" in page
    assert "0812-****-234" in page
    assert EMAIL not in page
    assert PHONE not in page


def test_a_look_shows_one_field_and_is_recorded(
    sign_in: Any, officer: User, ticket: Ticket
) -> None:
    answer = _look(sign_in(officer), ticket, field="email", reason="call_back")
    assert answer.status_code == 200
    assert EMAIL in answer.content.decode()
    assert PHONE not in answer.content.decode()
    look = DataLook.objects.get()
    assert (look.user, look.ticket, look.customer_id) == (officer, ticket, ticket.customer_id)
    assert (look.field, look.reason, look.via) == ("email", "call_back", "page")
    assert EMAIL not in _open(sign_in, officer, f"/meja/{ticket.number}/")


def test_without_a_script_the_page_comes_with_the_field(
    sign_in: Any, officer: User, ticket: Ticket
) -> None:
    client = sign_in(officer)
    data = {"field": "phone", "reason": "verify_identity"}
    page = client.post(f"/meja/{ticket.number}/lihat/", data).content.decode()
    assert PHONE in page
    assert EMAIL not in page


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"field": "email"}, 400),
        ({"field": "email", "reason": "curious"}, 400),
        ({"field": "email", "reason": "'; DROP TABLE"}, 400),
        ({"field": "agent", "reason": "call_back"}, 400),
        ({"field": "password", "reason": "call_back"}, 400),
        ({}, 400),
    ],
)
def test_an_officer_says_why_and_what(
    sign_in: Any, officer: User, ticket: Ticket, data: dict[str, str], status: int
) -> None:
    answer = _look(sign_in(officer), ticket, **data)
    assert answer.status_code == status
    assert EMAIL not in answer.content.decode()
    assert not DataLook.objects.exists()


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("dimas", 200),
        ("sari", 200),
        ("hendra", 200),
        ("farah", 200),
        ("ayu", 404),  # another squad
        ("leo", 404),
        ("admin", 403),
        ("ratna", 403),
        ("joko", 403),
        ("sistem", 403),
    ],
)
def test_who_may_look(
    sign_in: Any, people: dict[str, User], ticket: Ticket, name: str, status: int
) -> None:
    answer = _look(sign_in(people[name]), ticket, field="email", reason="call_back")
    assert answer.status_code == status
    assert DataLook.objects.count() == (status == 200)


def test_a_supervisor_needs_no_reason(sign_in: Any, supervisor: User, ticket: Ticket) -> None:
    assert _look(sign_in(supervisor), ticket, field="email").status_code == 200
    assert DataLook.objects.get().reason == ""


def test_whoever_may_see_openly_needs_no_look(sign_in: Any, officer: User, ticket: Ticket) -> None:
    officer.user_permissions.add(Permission.objects.get(codename="see_contacts"))
    assert EMAIL in _open(sign_in, officer, f"/meja/{ticket.number}/")


def test_an_administrator_sees_no_button(sign_in: Any, admin: User, ticket: Ticket) -> None:
    page = _open(sign_in, admin, f"/meja/{ticket.number}/")
    assert "ra***@demo.tuntas.id" in page
    assert "/lihat/" not in page


def test_the_identity_of_an_agent_is_masked(
    sign_in: Any, supervisor: User, agent_user: User, file_ticket: FileTicket
) -> None:
    agent = ResellerAgent.objects.get(user=agent_user)
    ticket = file_ticket(actor=of_user(agent_user), description="Saldo deposit agen belum masuk.")
    Ticket.objects.filter(pk=ticket.pk).update(agent=agent)
    page = _open(sign_in, supervisor, f"/meja/{ticket.number}/?view=all")
    assert agent.code in page
    assert agent.phone not in page
    shown = _look(sign_in(supervisor), ticket, field="agent").content.decode()
    assert agent.name in shown
    assert agent.phone in shown


def test_the_record_can_be_neither_changed_nor_deleted(supervisor: User, ticket: Ticket) -> None:
    look_at(actor=of_user(supervisor), ticket=ticket, field="email", via=DataLook.Via.PAGE)
    for statement in ("UPDATE tickets_datalook SET reason = 'x'", "DELETE FROM tickets_datalook"):
        with (
            pytest.raises((IntegrityError, InternalError)),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_a_name_that_is_a_contact_is_masked_too(sign_in: Any, supervisor: User, db: None) -> None:
    report = Report(channel="web", description="Akun saya dibobol.", email="tanpa.nama@mail.id")
    ticket = receive_ticket(actor=Actor(), report=report).ticket
    for address in ("/meja/?view=all", f"/meja/{ticket.number}/?view=all"):
        page = _open(sign_in, supervisor, address)
        assert "tanpa.nama@mail.id" not in page, address


def test_search_finds_a_contact_and_shows_it_masked(
    sign_in: Any, officer: User, ticket: Ticket, customer: Customer
) -> None:
    words = f"Hubungi saya di {EMAIL} atau 081255501234 ya, terima kasih."
    add_customer_message(actor=Actor(customer=customer), ticket_id=ticket.pk, body=words)
    index_marked()
    for typed in (EMAIL, "081255501234"):
        page = _open(sign_in, officer, f"/meja/cari/?q={typed.replace('+', '%2B')}")
        assert ticket.number in page, typed
        excerpt = page.partition('class="excerpt"')[2].partition("</a>")[0].partition("meta")[0]
        assert "ra***@demo.tuntas.id" in excerpt
        assert "0812-****-234" in excerpt
        assert EMAIL not in excerpt
        assert "081255501234" not in excerpt


def test_the_supervisors_page_tells_who_looked(
    sign_in: Any, supervisor: User, officer: User, ticket: Ticket
) -> None:
    for field in ("email", "phone"):
        look_at(
            actor=of_user(officer),
            ticket=ticket,
            field=field,
            reason="call_back",
            via=DataLook.Via.PAGE,
        )
    page = _open(sign_in, supervisor, "/dasbor/data-pelanggan/")
    assert "Dimas Pratama" in page
    assert "Menelepon pelanggan" in page
    assert EMAIL not in page
    for query, found in (
        (f"customer={ticket.number}", True),
        (f"customer={EMAIL}", True),
        ("customer=0812-5550-1234", True),
        ("customer=nobody@example.com", False),
        ("customer=%00", True),
        (f"person={officer.pk}", True),
        (f"person={supervisor.pk}", False),
        ("person=x", True),
        ("since=1999-01-01", True),
        ("until=2001-01-01", False),
        ("cursor=nonsense", True),
    ):
        found_page = _open(sign_in, supervisor, f"/dasbor/data-pelanggan/?{query}")
        assert (f">{ticket.number}<" in found_page) == found, query
    assert sign_in(officer).get("/dasbor/data-pelanggan/").status_code == 403


def test_unusual_numbers_are_marked(
    sign_in: Any, supervisor: User, officer: User, ticket: Ticket
) -> None:
    now = timezone.now()
    row = {"user": officer, "ticket": ticket, "customer": ticket.customer, "via": "page"}
    DataLook.objects.bulk_create(
        DataLook(**row, field="email", at=now - timedelta(seconds=n)) for n in range(60)
    )
    page = _open(sign_in, supervisor, "/dasbor/data-pelanggan/")
    assert "tidak biasa" in page
    assert page.count(f">{ticket.number}<") == 50
    older = page.partition("cursor=")[2].partition('"')[0]
    last = _open(sign_in, supervisor, f"/dasbor/data-pelanggan/?cursor={older}")
    assert last.count(f">{ticket.number}<") == 10
