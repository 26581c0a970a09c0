"""Knowing who complains, without believing whatever is typed."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from helpdesk.common.contact import read_contact
from helpdesk.common.errors import InvalidInput
from people.models import Customer, Shop
from people.services import NewCustomer, find_customer, know_customer

pytestmark = pytest.mark.django_db


def test_the_same_contact_is_the_same_person() -> None:
    one = know_customer(NewCustomer(name="Tono", email="tono@example.com", phone="+6281255501111"))
    assert know_customer(NewCustomer(name="T.", email="tono@example.com")) == one
    assert know_customer(NewCustomer(name="T.", phone="+6281255501111")) == one
    assert Customer.objects.get(pk=one.pk).name == "Tono"


def test_the_address_counts_more_than_the_number() -> None:
    by_mail = know_customer(NewCustomer(name="A", email="a@example.com"))
    by_phone = know_customer(NewCustomer(name="B", phone="+6281255501112"))
    assert find_customer(email="a@example.com", phone="+6281255501112") == by_mail
    assert find_customer(phone="+6281255501112") == by_phone
    assert find_customer() is None


def test_a_customer_has_a_contact() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Customer.objects.create(name="Tanpa kontak")


def test_shop_names_that_look_alike_are_one() -> None:
    Shop.objects.create(name="Toko Jaya")
    with pytest.raises(IntegrityError), transaction.atomic():
        Shop.objects.create(name="ＴＯＫＯ  jaya")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Budi@Example.COM ", ("email", "budi@example.com")),
        ("0812-5550-1234", ("phone", "+6281255501234")),
        ("+62 812 5550 1234", ("phone", "+6281255501234")),
        ("+65 6123 4567", ("phone", "+6561234567")),
    ],
)
def test_contacts_are_read_as_people_type_them(typed: str, read: tuple[str, str]) -> None:
    assert read_contact(typed) == read


@pytest.mark.parametrize("typed", ["", "budi@", "@example.com", "mıke@example.com", "12", "halo"])
def test_half_contacts_are_refused(typed: str) -> None:
    with pytest.raises(InvalidInput):
        read_contact(typed)
