"""Finding tickets by their words: who finds what, in which words, and what nobody may find."""

from __future__ import annotations

from typing import Any

import pytest

from helpdesk.common.errors import InvalidInput
from people.actors import Actor, of_user
from people.models import Customer
from tests.cast import FileTicket
from tickets.models import SearchEntry, SearchMark, SearchWord, SearchWordChange, Ticket
from tickets.search.excerpts import shown
from tickets.search.finding import Found, Place, search_tickets, straight_to
from tickets.selectors import visible_tickets
from tickets.services import (
    add_internal_note,
    index_marked,
    mark_all,
    marks_waiting,
    reclassify_ticket,
    reply_to_customer,
)

pytestmark = pytest.mark.django_db

REFUND = "Uang saya belum dikembalikan, sudah 5 hari sejak retur disetujui."


def found(actor: Actor, text: str, **options: Any) -> Found:
    index_marked()
    return search_tickets(actor, text, internal=actor.at_desk, **options)


@pytest.fixture
def dimas(officer: Any) -> Actor:
    return of_user(officer)


@pytest.fixture
def sari(supervisor: Any) -> Actor:
    return of_user(supervisor)


@pytest.fixture
def refund(file_ticket: FileTicket) -> Ticket:
    return file_ticket(
        subject="Pengembalian dana macet", description=REFUND, order_number="INV/77/A"
    )


@pytest.mark.parametrize(
    "text",
    [
        "pengembalian", "dikembalikan", "kembalikan", "refund", "REFUND", "uang kembali", "dana",
        "pengemb", "pengmebalian dana", "pengembalian dana macte", "refnd", "ratna", "ratna@demo.tuntas.id",
        "INV/77/A", "inv77a", '"belum dikembalikan"', "retur -penipuan", "status:diklasifikasi refund",
        "status:classified refund", "status:terbuka refund", "dari:ratna", "pesanan:inv-77-a",
        "order:INV77A", "prioritas:MEDIUM refund", "kanal:web refund", "tim:cs_payment", "sejak:2020-01-01",
        "uangku blm dibalikin retur", "dana, macet!",
    ],
)  # fmt: skip
def test_the_same_ticket_is_found_in_many_words(refund: Ticket, sari: Actor, text: str) -> None:
    assert refund.pk in found(sari, text).ids


@pytest.mark.parametrize(
    "text",
    [
        "refund -macet", "status:ditutup refund", "tim:cs_seller refund", "sejak:2999-01-01 refund",
        "sampai:2020-01-01", '"dikembalikan belum"', "dari:budi refund", "pesanan:INV/78", "zzyzx refund",
        "prioritas:URGENT refund", "kanal:phone refund", "-status:terbuka refund",
    ],
)  # fmt: skip
def test_what_narrows_leaves_it_out(refund: Ticket, sari: Actor, text: str) -> None:
    assert found(sari, text).ids == ()


def test_a_slip_is_told_and_put_right(refund: Ticket, sari: Actor) -> None:
    assert found(sari, "pengmebalian dana").corrected == "pengembalian dana"
    assert found(sari, "pengembalian").corrected == ""
    assert found(sari, '"pengmebalian"').ids == ()


def test_what_was_meant_need_not_stand_in_any_ticket(file_ticket: FileTicket, sari: Actor) -> None:
    """'pengembalian dana' means the same as the word that does."""
    ticket = file_ticket(subject="refund", description="Refund saya belum masuk.")
    answer = found(sari, "pengmebalian dana")
    assert (answer.ids, answer.corrected) == ((ticket.pk,), "pengembalian dana")


def test_a_slip_is_not_put_right_by_what_others_may_see(
    refund: Ticket, other_officer: Any, people: Any
) -> None:
    """The table of words knows those of all tickets."""
    other_officer.memberships.all().delete()
    answer = found(of_user(type(other_officer).objects.get(pk=other_officer.pk)), "dikembalikn")
    assert (answer.ids, answer.corrected) == ((), "")


def test_everybody_finds_what_they_may_see_and_nothing_else(
    people: dict[str, Any], file_ticket: FileTicket, other_customer: Customer, supervisor: Any
) -> None:
    file_ticket()
    file_ticket(
        actor=Actor(customer=other_customer), subject="akun toko", description="paket hilang akun"
    )
    moved = file_ticket(subject="akun pindah")
    reclassify_ticket(
        actor=of_user(supervisor),
        ticket_id=moved.pk,
        category="tracking",
        priority="MEDIUM",
        queue="general",
        reason="akun pembayaran",
    )
    index_marked()
    seen = {}
    for name, user in people.items():
        actor = of_user(type(user).objects.get(pk=user.pk))
        ids = set(search_tickets(actor, "akun", internal=actor.at_desk).ids)
        assert ids == set(visible_tickets(actor).values_list("pk", flat=True)), name
        seen[name] = len(ids)
    assert {seen["sari"], seen["ratna"], seen["joko"]} == {3, 2, 0}
    mine = search_tickets(Actor(customer=other_customer), "akun", internal=False)
    assert len(mine.ids) == 1


def test_an_internal_note_is_the_desks_alone(
    refund: Ticket, sari: Actor, customer_user: Any, customer: Customer
) -> None:
    add_internal_note(actor=sari, ticket_id=refund.pk, body="Kenari4711 curiga penipuan berencana.")
    answer = found(sari, "kenari4711")
    assert answer.ids == (refund.pk,)
    [row] = shown([refund], answer.wanted, internal=True)
    assert row.excerpt is not None
    assert row.excerpt.kind == "note"
    for actor in (of_user(customer_user), Actor(customer=customer)):
        assert found(actor, "refund").ids == (refund.pk,)
        assert found(actor, "kenari4711").ids == ()
        assert found(actor, '"curiga penipuan"').ids == ()
        assert found(actor, "refund -kenari4711").ids == (refund.pk,)
    [row] = shown([refund], answer.wanted, internal=False)
    assert row.excerpt is None


def test_what_is_on_record_of_a_person_is_no_reporters_to_search(
    refund: Ticket, customer_user: Any
) -> None:
    assert found(of_user(customer_user), "ratna").ids == ()
    with pytest.raises(InvalidInput):
        found(of_user(customer_user), "dari:ratna")
    with pytest.raises(InvalidInput):
        found(of_user(customer_user), "petugas:dimas")


def test_what_is_masked_or_erased_is_found_no_more(refund: Ticket, sari: Actor) -> None:
    reply_to_customer(actor=sari, ticket_id=refund.pk, body="Nomor rahasia xylofonika, PIN 482913.")
    assert found(sari, "xylofonika").ids == (refund.pk,)
    assert found(sari, "482913").ids == ()
    assert SearchWord.objects.filter(word="xylofonika").exists()
    refund.messages.filter(body__contains="xylofonika").update(body="[dihapus]")
    Customer.objects.filter(pk=refund.customer_id).update(name="[dihapus]")
    assert found(sari, "xylofonika").ids == ()
    assert found(sari, "ratna").ids == (refund.pk,)  # her address is still there
    assert not SearchWord.objects.filter(word="xylofonika").exists()
    assert not SearchWordChange.objects.exists()


def test_words_are_counted_by_tickets(refund: Ticket, sari: Actor) -> None:
    index_marked()
    before = SearchWord.objects.get(word="dana").seen
    reply_to_customer(actor=sari, ticket_id=refund.pk, body="dana dana dana")
    index_marked()
    assert SearchWord.objects.get(word="dana").seen == before
    mark_all()
    index_marked()
    assert SearchWord.objects.get(word="dana").seen == before


def test_an_index_built_anew_may_be_stopped_and_goes_on(
    file_ticket: FileTicket, monkeypatch: Any
) -> None:
    monkeypatch.setattr("tickets.services.searching.BATCH", 2)
    for _n in range(5):
        file_ticket()
    SearchMark.objects.all().delete()
    assert mark_all() == 5
    assert index_marked(most=2) == 2
    assert (marks_waiting(), SearchEntry.objects.count()) == (3, 2)
    assert index_marked() == 3
    assert (marks_waiting(), SearchEntry.objects.count()) == (0, 5)
    assert index_marked() == 0


def test_an_endless_ticket_is_still_one_entry(refund: Ticket, sari: Actor) -> None:
    for n in range(3):
        words = " ".join(f"kata{n}x{m}" for m in range(1900))
        reply_to_customer(actor=sari, ticket_id=refund.pk, body=words)
    assert found(sari, "dikembalikan").ids == (refund.pk,)
    assert found(sari, "kata2x1899").ids == (refund.pk,)


def test_pages_show_every_ticket_once(file_ticket: FileTicket, sari: Actor) -> None:
    tickets = {file_ticket().pk for _n in range(7)}
    seen: list[int] = []
    place: Place | None = None
    for _round in range(9):
        answer = found(sari, "akun", place=place, size=2)
        seen += answer.ids
        if answer.more is None:
            break
        place = Place.read(str(answer.more))
    assert len(seen) == 7
    assert set(seen) == tickets


def test_narrow_windows_find_what_lies_behind_them(
    file_ticket: FileTicket, sari: Actor, monkeypatch: Any
) -> None:
    monkeypatch.setattr("tickets.search.windows.NARROWEST", 1)
    old = file_ticket(subject="gajah")
    for _n in range(3):
        file_ticket()
    assert found(sari, "gajah").ids == (old.pk,)


def test_the_whole_number_and_the_only_order_lead_straight_there(
    refund: Ticket, file_ticket: FileTicket, sari: Actor, people: Any
) -> None:
    for typed in (refund.number, refund.number.lower().replace("-", ""), "inv/77/a", " INV/77/A "):
        assert straight_to(sari, typed) == refund
    assert (
        straight_to(of_user(people["ayu"]), refund.number) is None
        or refund.team.code == "cs_payment"
    )
    file_ticket(order_number="INV/77/A")
    assert straight_to(sari, "INV/77/A") is None
    assert straight_to(sari, "dana") is None


SIGNS = [
    "'", "\\", "a & b | !c <-> (d", "':*", "it''s", "\\'", "%s %(q)s", "{}", "a:b:c", "-", '""', "--", "😀",
    "(", "*:*", 'und:"', "𝕒𝕓𝕔", "\u202e\u200b",
]  # fmt: skip


@pytest.mark.parametrize("text", SIGNS)
def test_signs_are_no_operators(refund: Ticket, sari: Actor, text: str) -> None:
    found(sari, text)
    found(sari, f"refund {text}")
    assert found(sari, "refund").ids == (refund.pk,)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x" * 1_000_000, "too_long"), ("a\x00b", "null_character"), ("\ud83d", "broken_character"),
        ("status:entah", "bad_filter"), ("tim:entah", "bad_filter"), ("sejak:kemarin", "bad_filter"),
        ("petugas:zzz", "bad_filter"), ("pesanan:///", "bad_filter"), ("dari:-", "bad_filter"),
    ],
)  # fmt: skip
def test_what_cannot_be_searched_for_says_why(sari: Actor, text: str, code: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        found(sari, text)
    assert refusal.value.code == code
    assert "q" in refusal.value.fields
