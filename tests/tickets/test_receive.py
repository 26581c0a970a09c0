"""Receiving a complaint: the one door."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from helpdesk.common import clock
from helpdesk.common.errors import Conflict, InvalidInput
from people.actors import VISITOR, Actor, of_user
from people.models import Customer, User
from sla.models import Clock, Timer
from tickets.models import Attachment, Message, Notice, OutgoingMail, Ticket
from tickets.numbers import read_number
from tickets.selectors import sees
from tickets.services import Report, receive_ticket

pytestmark = pytest.mark.django_db

LOST = "Paket saya hilang kata kurir, sudah 3 hari, mohon dicek."


def report(**changes: Any) -> Report:
    return Report(**{"channel": "web", "description": LOST, "email": "tono@example.com", **changes})


def rows() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Ticket, Customer, Message, OutgoingMail))


class TestWorks:
    def test_it_numbers_classifies_times_and_acknowledges(self) -> None:
        receipt = receive_ticket(actor=VISITOR, report=report(order_number="INV/1", name="Tono"))
        ticket = Ticket.objects.get(pk=receipt.ticket.pk)
        assert receipt.created
        assert read_number(ticket.number) == ticket.number
        assert ticket.state == "classified"
        assert ticket.team == ticket.home_team
        assert ticket.customer.name == "Tono"
        assert [e.kind for e in ticket.events.all()][:2] == ["received", "classified"]
        assert set(ticket.clocks.values_list("metric", flat=True)) == {
            "first_response",
            "resolution",
        }
        assert Timer.objects.filter(subject_id=ticket.pk, state="armed").count() == 2
        first = ticket.clocks.get(metric="first_response")
        assert (ticket.next_due_at, ticket.next_due_kind) == (first.due_at, "first_response")
        mail = ticket.outgoing_mails.get()
        assert (mail.template, mail.recipient) == ("acknowledgement", "tono@example.com")
        assert ticket.messages.get().body == LOST

    def test_it_keeps_the_reasons(self, file_ticket: Any) -> None:
        classification = file_ticket().classifications.get()
        assert (classification.category, classification.priority) == ("account_takeover", "URGENT")
        assert classification.reasons
        assert all(reason["evidence"] for reason in classification.reasons)

    def test_it_writes_no_words_into_events(self, file_ticket: Any) -> None:
        ticket = file_ticket(name="Ratna Dewi")
        data = str(list(ticket.events.values_list("data", flat=True)))
        assert "dibobol" not in data
        assert "Ratna" not in data

    def test_an_urgent_case_alerts_the_specialists_at_once(
        self, file_ticket: Any, specialist: User
    ) -> None:
        ticket = file_ticket()
        assert ticket.events.filter(kind="alerted", data__team="fraud").exists()
        assert Notice.objects.filter(ticket=ticket, recipient=specialist).count() == 1
        assert ticket.team.code == "cs_account"

    def test_one_who_left_a_number_gets_no_mail(self) -> None:
        ticket = receive_ticket(
            actor=VISITOR, report=report(email="", phone="0812 5550 9999")
        ).ticket
        assert ticket.customer.phone == "+6281255509999"
        assert not ticket.outgoing_mails.exists()

    def test_a_late_import_counts_from_the_receive_time(self, file_ticket: Any) -> None:
        at = clock.now() - timedelta(hours=1)
        ticket = file_ticket(received_at=at)
        assert ticket.clocks.get(metric="first_response").due_at == at + timedelta(hours=2)

    def test_a_pasted_template_fills_what_the_form_left_open(self) -> None:
        text = (
            "Nama: Budi Santoso\nNomor Pesanan: INV/20261101/77\n"
            "Masalah: Barang rusak\nSolusi yang diinginkan: refund"
        )
        ticket = receive_ticket(actor=VISITOR, report=report(description=text)).ticket
        assert ticket.order_number == "INV/20261101/77"
        assert ticket.wanted_solution == "refund"


class TestSecrets:
    @pytest.mark.parametrize(
        ("secret", "kind"),
        [
            ("PIN saya 482913", "pin"),
            ("kode OTP 4 8 2 9 1 3", "otp"),
            ("OTP saya ４８２９１３", "otp"),
            ("OTP: 48\u200b29\u200b13", "otp"),
            ("password saya: Rahasia123!", "password"),
            ("nomor kartu 4111 1111 1111 1111", "card"),
        ],
    )
    def test_they_never_reach_a_row(self, secret: str, kind: str) -> None:
        text = f"Akun saya dibobol. {secret}"
        receipt = receive_ticket(actor=VISITOR, report=report(description=text, subject=secret))
        assert kind in receipt.masked
        stored = _everything_stored(receipt.ticket)
        for form in (
            "482913",
            "4 8 2 9 1 3",
            "４８２９１３",
            "48\u200b29",
            "Rahasia123",
            "4111 1111",
        ):
            assert form not in stored
        assert receipt.ticket.messages.get().masked == [kind]


def _everything_stored(ticket: Ticket) -> str:
    with connection.cursor() as cursor:
        found = []
        for table, column in (
            ("tickets_ticket", "id"),
            ("tickets_message", "ticket_id"),
            ("tickets_ticketevent", "ticket_id"),
            ("tickets_classification", "ticket_id"),
        ):
            cursor.execute(f"SELECT t::text FROM {table} t WHERE {column} = %s", [ticket.pk])
            found += [row[0] for row in cursor.fetchall()]
    return "\n".join(found)


class TestRefuses:
    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"description": "  "}, "description"),
            ({"description": "a\x00b"}, "description"),
            ({"description": "broken \ud83d"}, "description"),
            ({"description": "x" * 20_001}, "description"),
            ({"subject": "x" * 201}, "subject"),
            ({"email": "", "phone": ""}, "contact"),
            ({"email": "tono@"}, "contact"),
            ({"email": "", "phone": "12"}, "contact"),
            ({"channel": "fax"}, "channel"),
            ({"reporter": "king"}, "reporter"),
            ({"tier": "emperor"}, "tier"),
            ({"wanted_solution": "revenge"}, "wanted_solution"),
            ({"language": "xx"}, "language"),
            ({"amount_idr": -1}, "amount_idr"),
            ({"amount_idr": True}, "amount_idr"),
            ({"amount_idr": 10**18}, "amount_idr"),
            ({"amount_idr": 1.5}, "amount_idr"),
            ({"days_open": -1}, "days_open"),
            ({"days_open": float("nan")}, "days_open"),
            ({"days_open": float("inf")}, "days_open"),
        ],
    )
    def test_it_names_the_field_and_stores_nothing(
        self, changes: dict[str, Any], field: str
    ) -> None:
        before = rows()
        with pytest.raises(InvalidInput) as refused:
            receive_ticket(actor=VISITOR, report=report(**changes))
        assert field in refused.value.fields
        assert rows() == before

    def test_a_bad_file_keeps_the_whole_complaint_out(self) -> None:
        before = rows()
        page = SimpleUploadedFile("foto.png", b"<html><script>alert(1)</script>")
        with pytest.raises(InvalidInput):
            receive_ticket(actor=VISITOR, report=report(), files=[page])
        assert rows() == before
        assert not Attachment.objects.exists()

    def test_a_long_address_without_a_name_is_no_error(self) -> None:
        address = f"{'a' * 60}@{'b' * 60}.{'c' * 60}.example.com"
        ticket = receive_ticket(actor=VISITOR, report=report(email=address)).ticket
        assert ticket.customer.name == address[:150]


class TestTwice:
    def test_the_same_key_answers_with_the_first_ticket(self, file_ticket: Any) -> None:
        one = receive_ticket(actor=VISITOR, report=report(), submission_key="web:1")
        two = receive_ticket(actor=VISITOR, report=report(), submission_key="web:1")
        assert (one.created, two.created) == (True, False)
        assert one.ticket == two.ticket
        assert one.ticket.outgoing_mails.count() == 1

    def test_the_same_key_with_another_complaint_is_a_conflict(self) -> None:
        receive_ticket(actor=VISITOR, report=report(), submission_key="web:1")
        with pytest.raises(Conflict):
            receive_ticket(actor=VISITOR, report=report(subject="Lain"), submission_key="web:1")
        assert Ticket.objects.count() == 1

    def test_the_same_problem_again_shows_the_open_ticket(self) -> None:
        one = receive_ticket(actor=VISITOR, report=report(order_number="INV/9"))
        two = receive_ticket(actor=VISITOR, report=report(order_number="inv/9", channel="email"))
        assert not two.created
        assert two.ticket == one.ticket

    def test_another_order_is_another_ticket(self) -> None:
        one = receive_ticket(actor=VISITOR, report=report(order_number="INV/9"))
        two = receive_ticket(actor=VISITOR, report=report(order_number="INV/10"))
        assert two.ticket != one.ticket

    def test_a_person_may_insist_on_a_second_ticket(self) -> None:
        one = receive_ticket(actor=VISITOR, report=report())
        two = receive_ticket(actor=VISITOR, report=report(), even_if_open=True)
        assert two.ticket != one.ticket


class TestWhoIsBelieved:
    def test_a_visitor_cannot_give_himself_a_tier(self) -> None:
        ticket = receive_ticket(actor=VISITOR, report=report(tier="diamond")).ticket
        assert ticket.tier == "regular"

    def test_an_integrator_says_which_tier_a_customer_has(self, integrator: User) -> None:
        ticket = receive_ticket(actor=of_user(integrator), report=report(tier="gold")).ticket
        assert ticket.tier == "gold"
        assert ticket.created_by == integrator

    def test_a_report_changes_nothing_on_record(self, other_customer: Customer) -> None:
        receive_ticket(
            actor=VISITOR,
            report=report(email=other_customer.email, phone="0812 1111 2222", name="Penipu"),
        )
        other_customer.refresh_from_db()
        assert (other_customer.name, other_customer.phone) == ("Budi Hartono", "+6281234567890")

    def test_a_known_customer_keeps_the_tier_on_record(self, customer: Customer) -> None:
        ticket = receive_ticket(
            actor=Actor(customer=customer), report=report(tier="regular")
        ).ticket
        assert ticket.tier == "platinum"
        # Platinum shortens the answer of a MEDIUM ticket by e-mail, never lengthens it.
        assert Clock.objects.filter(ticket=ticket, metric="first_response").exists()


def test_the_typed_contact_of_a_signed_in_seller_is_not_tied_to_the_account(seller: User) -> None:
    """Else whoever types a stranger's address first would see that person's tickets ever after."""
    Customer.objects.filter(user=seller).delete()
    typed = report(
        channel="api", reporter="seller", email="korban@example.com", phone="081255501234"
    )
    receive_ticket(actor=of_user(seller), report=typed)
    own = Customer.objects.get(user=seller)
    assert (own.email, own.phone) == (seller.email, None)
    theirs = receive_ticket(actor=VISITOR, report=report(email="korban@example.com")).ticket
    assert not sees(of_user(seller), theirs)


def test_no_digest_of_a_secret_is_kept() -> None:
    """A PIN has too few digits to hide in a hash: the digest is of the masked words."""
    first = receive_ticket(
        actor=VISITOR, report=report(description="PIN saya 123456"), submission_key="k-1"
    )
    again = receive_ticket(
        actor=VISITOR, report=report(description="PIN saya 654321"), submission_key="k-1"
    )
    assert (again.created, again.ticket) == (False, first.ticket)
