"""Tickets that may be the same: who finds which, by what, and who said that they are not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput, NotAllowed
from people.actors import VISITOR, Actor, of_user
from people.models import Customer, User
from tests.cast import FileTicket
from tickets.duplicates import alike
from tickets.models import EventKind, NotAlike, Ticket
from tickets.services import index_marked, link_tickets
from tickets.services.dismissing import dismiss_duplicate
from tickets.services.together import NothingThere

pytestmark = pytest.mark.django_db
LOST = "Paket blender saya hilang di gudang Cikarang, kurir bilang sudah diterima satpam kompleks Melati."
ALSO = "Blender saya hilang di gudang Cikarang. Kurir bilang sudah diterima satpam kompleks Melati!"


@pytest.fixture
def sari(supervisor: User) -> Actor:
    return of_user(supervisor)


@pytest.fixture
def other(other_customer: Customer) -> Actor:
    return Actor(customer=other_customer)


def reasons(actor: Actor, ticket: Ticket) -> dict[int, tuple[str, ...]]:
    index_marked()
    return {each.ticket.pk: each.reasons for each in alike(actor, ticket)}


def test_the_same_order_of_anybody_over_any_channel(
    sari: Actor, other: Actor, file_ticket: FileTicket
) -> None:
    one = file_ticket(order_number="INV/20261117/MPL/77", description="Barang rusak")
    two = file_ticket(
        actor=other,
        channel="live_chat",
        order_number="inv/20261117/mpl/77",
        description="Mau retur",
    )
    named = file_ticket(
        actor=other,
        order_number="",
        description="Pesanan INV/20261117/MPL/77 ke mana",
        channel="email",
    )
    found = reasons(sari, one)
    assert all("order" in found[each.pk] for each in (two, named))
    assert "order" in reasons(sari, named)[one.pk]


def test_the_same_person_with_the_same_kind_of_problem(
    sari: Actor, file_ticket: FileTicket
) -> None:
    one = file_ticket(order_number="A1")
    two = file_ticket(order_number="B2")
    unlike = file_ticket(
        order_number="C3", description="Terima kasih, kapan toko buka?", subject=""
    )
    found = reasons(sari, one)
    assert "person" in found[two.pk]
    assert unlike.category != one.category
    assert unlike.pk not in found


def test_a_contact_that_the_other_one_names(
    sari: Actor, other: Actor, customer: Customer, file_ticket: FileTicket
) -> None:
    one = file_ticket(order_number="A1", description="Paket hilang", subject="")
    words = f"Saya istrinya, email {customer.email}, refund belum masuk"
    two = file_ticket(actor=other, order_number="B2", description=words, subject="")
    assert reasons(sari, one)[two.pk] == ("contact",)
    assert reasons(sari, two)[one.pk] == ("contact",)


def test_the_same_problem_in_like_words_of_another_person(
    sari: Actor, other: Actor, file_ticket: FileTicket
) -> None:
    one = file_ticket(order_number="", description=LOST, subject="")
    two = file_ticket(actor=other, order_number="", description=ALSO, subject="")
    far = file_ticket(actor=other, order_number="Z", description="Blender saya rusak", subject="")
    found = reasons(sari, one)
    assert found[two.pk] == ("problem",)
    assert far.pk not in found
    (row,) = alike(sari, one)
    assert row.percent >= 50


def test_only_within_fourteen_days(sari: Actor, file_ticket: FileTicket) -> None:
    one = file_ticket()
    edge = file_ticket(received_at=one.received_at - timedelta(days=14), order_number="B1")
    past = file_ticket(
        received_at=one.received_at - timedelta(days=14, seconds=1), order_number="C1"
    )
    found = reasons(sari, one)
    assert edge.pk in found
    assert past.pk not in found


def test_nobody_learns_of_tickets_that_they_may_not_see(
    sari: Actor, officer: User, customer: Customer, other: Actor, file_ticket: FileTicket
) -> None:
    one = file_ticket(order_number="INV/20261117/MPL/77")
    two = file_ticket(actor=other, order_number="INV/20261117/MPL/77")
    assert set(reasons(sari, one)) == {two.pk}
    assert reasons(Actor(customer=customer), one) == {}
    assert reasons(VISITOR, one) == {}


def test_what_is_linked_is_known_already(sari: Actor, file_ticket: FileTicket) -> None:
    one, two = file_ticket(order_number="A1"), file_ticket(order_number="B2")
    link_tickets(actor=sari, ticket_id=one.pk, number=two.number, kind="duplicate")
    assert reasons(sari, one) == reasons(sari, two) == {}


def test_what_somebody_kept_apart_stays_apart(
    sari: Actor, admin: User, file_ticket: FileTicket
) -> None:
    one, two = file_ticket(order_number="A1"), file_ticket(order_number="B2")
    version = one.version
    for _again in range(2):
        dismiss_duplicate(actor=sari, ticket_id=two.pk, number=one.number.lower())
    assert reasons(sari, one) == reasons(sari, two) == {}
    for mine, theirs in ((one, two), (two, one)):
        event = mine.events.get(kind=EventKind.NOT_DUPLICATE)
        assert (event.data["number"], event.actor) == (theirs.number, sari.user)
    one.refresh_from_db()
    assert (NotAlike.objects.count(), one.version) == (1, version)
    with pytest.raises(InvalidInput):
        dismiss_duplicate(actor=sari, ticket_id=one.pk, number=one.number)
    with pytest.raises(NothingThere):
        dismiss_duplicate(actor=sari, ticket_id=one.pk, number="TUN-2222-2222")
    with pytest.raises(NotAllowed):
        dismiss_duplicate(actor=of_user(admin), ticket_id=one.pk, number=two.number)


def test_it_takes_four_statements_whatever_there_is(
    sari: Actor, other: Actor, file_ticket: FileTicket
) -> None:
    one = file_ticket(description=LOST)
    for place in range(12):
        file_ticket(actor=other, description=ALSO, order_number=f"X{place}")
    index_marked()
    sari.user.may("work_ticket")  # type: ignore[union-attr]
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert len(alike(sari, one)) == 8
    assert len(asked) <= 4
    assert clock.now() > one.received_at


def test_strange_texts_find_nothing_and_break_nothing(sari: Actor, file_ticket: FileTicket) -> None:
    odd = ["'\\\\ & | ! :* <->", "%s %d {} $1", "( ) \u202e x", "a" * 20_000]
    for place, text in enumerate(odd):
        ticket = file_ticket(description=text, order_number="'; --", subject="'")
        index_marked()
        alike(sari, ticket)
        assert place < len(odd)
