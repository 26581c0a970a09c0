"""The report form: filed once, refused beside the field, nothing typed is lost."""

from __future__ import annotations

import pytest
from django.test import Client

from people.models import Customer
from tests.support.public import KEY, complaint, picture, words
from tickets.models import Attachment, OutgoingMail, Ticket
from tickets.views.public_report import REPORTS_AN_HOUR

pytestmark = pytest.mark.django_db


def test_a_report_becomes_a_numbered_ticket_with_a_promise(visitor):
    response = visitor.post("/lapor/", complaint(files=[picture()]), follow=True)
    ticket = Ticket.objects.get()
    assert response.redirect_chain == [("/lapor/diterima/", 302)]
    assert ticket.number in words(response)
    assert "At the latest" in words(response)
    assert (ticket.channel, ticket.wanted_solution, ticket.language) == ("web", "refund", "en")
    assert ticket.customer.email == "wati@example.com"
    assert ticket.events.first().actor_label == "visitor"
    assert Attachment.objects.get().name == "bukti.png"
    owed = OutgoingMail.objects.get(template="acknowledgement")
    assert owed.recipient == "wati@example.com"


def test_a_phone_number_is_a_contact_too(visitor):
    visitor.post("/lapor/", complaint(contact="0812-5550-9999"))
    assert Ticket.objects.get().customer.phone == "+6281255509999"
    assert not OutgoingMail.objects.filter(template="acknowledgement").exists()


def test_the_pasted_template_is_understood(visitor):
    text = (
        "Halo CS, saya Budi Santoso mengalami barang rusak. Order ID: INV/1/22 "
        "Kronologi: paket datang basah. Bukti: terlampir Harapan solusi: refund"
    )
    visitor.post(
        "/lapor/", complaint(description=text, order_number="", name="", wanted_solution="other")
    )
    ticket = Ticket.objects.get()
    assert (ticket.order_number, ticket.wanted_solution) == ("INV/1/22", "refund")
    assert ticket.customer.name == "Budi Santoso"


def test_a_secret_is_masked_and_the_customer_is_told(visitor):
    response = visitor.post(
        "/lapor/",
        complaint(description="Ada yang minta kode OTP 445566, sudah saya kasih."),
        follow=True,
    )
    assert "Your OTP code has been masked" in words(response)
    assert "445566" not in Ticket.objects.get().description


@pytest.mark.parametrize(
    ("typed", "amount"),
    [("2.300.000", 2_300_000), ("Rp 12,5 juta", 12_500_000), ("750rb", 750_000), ("", None)],
)
def test_amounts_are_read_as_people_write_them(visitor, typed, amount):
    visitor.post("/lapor/", complaint(amount=typed))
    assert Ticket.objects.get().amount_idr == amount


@pytest.mark.parametrize(("typed", "days"), [("5", 5), ("seminggu", 7), ("0", 0)])
def test_lengths_of_time_too(visitor, typed, days):
    visitor.post("/lapor/", complaint(days=typed))
    ticket = Ticket.objects.get()
    assert (ticket.received_at - ticket.problem_since).days == days


def test_sent_twice_it_is_filed_once(visitor):
    first = visitor.post("/lapor/", complaint(), follow=True)
    again = visitor.post("/lapor/", complaint(), follow=True)
    assert Ticket.objects.get().number in words(first)
    assert words(first) == words(again)


def test_sent_again_with_other_words_it_asks_once_more_under_a_fresh_key(visitor):
    visitor.post("/lapor/", complaint())
    response = visitor.post("/lapor/", complaint(description="Masalah lain sama sekali."))
    assert response.status_code == 409
    assert "You have already sent this form" in words(response)
    assert KEY not in response.content.decode()
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "typed", "error"),
    [
        ("description", "", "Tell us what happened."),
        ("contact", "", "We need an e-mail address or a phone number"),
        ("contact", "0812-55", "This phone number is not complete"),
        ("contact", "wati@", "This e-mail address is not complete"),
        ("amount", "banyak", "Write the amount in rupiah"),
        ("amount", "-5", "Write the amount in rupiah"),
        ("amount", "9" * 20, "Write the amount in rupiah"),
        ("days", "-1", "Write the number of days"),
        ("days", "99999", "Write the number of days"),
        ("wanted_solution", "everything", "not one of the available choices"),
        ("reporter", "admin", "not one of the available choices"),
    ],
)
def test_a_wrong_field_says_how_to_mend_it_and_keeps_the_rest(visitor, field, typed, error):
    response = visitor.post("/lapor/", complaint(**{field: typed}))
    assert response.status_code == 400
    assert error in words(response)
    assert "Wati" in response.content.decode()
    assert not Ticket.objects.exists()
    assert not Customer.objects.filter(email="wati@example.com").exists()


def test_chosen_files_must_be_chosen_again_after_an_error(visitor):
    response = visitor.post("/lapor/", complaint(description="", files=[picture()]))
    assert "Please choose the files again" in words(response)


def test_a_program_that_fills_every_field_is_stopped_and_a_person_is_not(visitor):
    caught = visitor.post("/lapor/", complaint(website="https://spam.example"))
    assert caught.status_code == 400
    assert "spam.example" not in caught.content.decode()
    assert not Ticket.objects.exists()
    visitor.post("/lapor/", complaint(website=""))
    assert Ticket.objects.count() == 1


def test_a_flood_from_one_address_is_held_back(visitor):
    for number in range(REPORTS_AN_HOUR):
        visitor.post("/lapor/", complaint(order_number=f"INV/{number}", submission_key=""))
    response = visitor.post("/lapor/", complaint(order_number="INV/more", submission_key=""))
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert Ticket.objects.count() == REPORTS_AN_HOUR
    # Five hundred reports with a victim's address are one letter an hour (trust.md, e-mail bomb).
    assert OutgoingMail.objects.filter(template="acknowledgement").count() == 1


def test_somebody_signed_in_reports_as_themselves(as_user, customer_user, customer):
    client = as_user(customer_user)
    page = client.get("/lapor/").content.decode()
    assert customer.name in page
    assert 'name="contact"' not in page
    client.post("/lapor/", complaint(contact="victim@example.com", name="Somebody else"))
    ticket = Ticket.objects.get()
    assert ticket.customer == customer
    assert ticket.created_by == customer_user


def test_a_sellers_report_carries_the_shop_on_record(as_user, seller):
    client = as_user(seller)
    assert 'value="seller" id="id_reporter_1" checked' in client.get("/lapor/").content.decode()
    client.post("/lapor/", complaint(reporter="seller"))
    ticket = Ticket.objects.get()
    assert ticket.shop == seller.shops.get()


def test_an_officer_files_for_somebody_else(as_user, officer):
    as_user(officer).post("/lapor/", complaint())
    ticket = Ticket.objects.get()
    assert (ticket.customer.email, ticket.created_by) == ("wati@example.com", officer)


def test_received_belongs_to_the_browser_that_filed(visitor):
    visitor.post("/lapor/", complaint())
    assert Client().get("/lapor/diterima/").status_code == 302
    assert visitor.get("/lapor/diterima/").status_code == 200


def test_an_expired_form_comes_back_with_what_was_typed():
    strict = Client(enforce_csrf_checks=True, headers={"Accept-Language": "en"})
    response = strict.post("/lapor/", complaint(files=[picture()]))
    page = response.content.decode()
    assert response.status_code == 403
    assert "choose the files again" in words(response)
    assert "Pesanan saya belum sampai" in page
    assert 'value="wati@example.com"' in page
    assert not Ticket.objects.exists()
    token = strict.cookies["csrftoken"].value
    assert strict.post("/lapor/", complaint(csrfmiddlewaretoken=token)).status_code == 302
