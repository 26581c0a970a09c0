"""The named cast that every test may ask for, and the way to file a ticket."""

from __future__ import annotations

import itertools
from typing import Any, Protocol

import pytest

from people.actors import Actor, of_user
from people.models import Customer, User
from tickets.models import Ticket
from tickets.services import Report, receive_ticket

_count = itertools.count(1)

HACKED = "Akun saya dibobol, email dan nomor HP diganti orang lain, saldo Rp 2.300.000 sudah dipakai beli voucher game."


class FileTicket(Protocol):
    def __call__(self, **changes: Any) -> Ticket: ...


@pytest.fixture
def people(db: None) -> dict[str, User]:
    """By first name in lower case: `desk.demo.people` has put them into every copy of the database."""
    cast = User.objects.filter(is_demo=True)
    return {person.full_name.split()[0].lower(): person for person in cast}


def _person(name: str) -> Any:
    def get(people: dict[str, User]) -> User:
        # Read anew, so that nothing cached on the object leaks between steps.
        return User.objects.get(pk=people[name].pk)

    return pytest.fixture(get)


officer = _person("dimas")
other_officer = _person("ayu")
supervisor = _person("sari")
manager = _person("hendra")
specialist = _person("farah")
mediator = _person("maya")
legal = _person("leo")
integrator = _person("sistem")
admin = _person("admin")
seller = _person("joko")
agent_user = _person("wahyu")
customer_user = _person("ratna")


@pytest.fixture
def customer(customer_user: User) -> Customer:
    return Customer.objects.get(user=customer_user)


@pytest.fixture
def other_customer(db: None) -> Customer:
    return Customer.objects.create(
        name="Budi Hartono", email="budi@example.com", phone="+6281234567890"
    )


@pytest.fixture
def file_ticket(customer: Customer) -> FileTicket:
    """File a complaint as Ratna (or `actor=`); by default a hacked account: URGENT, cs_account, fraud."""

    def file(**changes: Any) -> Ticket:
        actor: Actor = changes.pop("actor", None) or Actor(customer=customer)
        options = {
            key: changes.pop(key)
            for key in ("received_at", "submission_key", "files")
            if key in changes
        }
        fields: dict[str, Any] = {
            "channel": "web",
            "subject": "akun dibobol, saldo kepotong",
            "description": HACKED,
            "order_number": f"INV/20261117/{next(_count)}",
            **changes,
        }
        return receive_ticket(
            actor=actor, report=Report(**fields), even_if_open=True, **options
        ).ticket

    return file


@pytest.fixture
def as_actor() -> Any:
    return of_user
