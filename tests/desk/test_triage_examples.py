"""A correction becomes an example; a supervisor accepts it; the file names nobody."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from helpdesk.common.errors import InvalidInput, NotAllowed, WrongState
from people.actors import SWEEP, Actor, of_user
from people.models import User
from tests.cast import FileTicket
from tickets.anonymous import without_personal_data
from tickets.example_reads import ExampleFilter, examples
from tickets.models import Ticket, TriageExample
from tickets.services import reclassify_ticket
from tickets.services.examples import corpus_lines, review_example
from tickets.triage.batch import parse_case

pytestmark = pytest.mark.django_db
SAID = {"category": "press", "priority": "LOW", "queue": "media_relations"}


def correct(actor: Actor, ticket: Ticket, **said: str) -> None:
    values = {**SAID, "reason": "Ditulis pers", **said}
    reclassify_ticket(actor=actor, ticket_id=ticket.pk, **values)


@pytest.fixture
def sari(supervisor: User) -> Actor:
    return of_user(supervisor)


def test_it_holds_the_texts_what_the_machine_said_and_what_they_said(
    sari: Actor, file_ticket: FileTicket
) -> None:
    ticket = file_ticket(amount_idr=2_300_000)
    judged = ticket.classifications.get()
    correct(sari, ticket)
    example = ticket.triage_examples.get()
    assert (example.subject, example.body) == (ticket.subject, ticket.description)
    assert example.amount_idr == 2_300_000
    assert example.machine_category == ticket.category != example.category == "press"
    assert (example.rules_version, example.decided_at) == (judged.rules_version, judged.at)
    event = ticket.events.get(kind="classified")
    assert example.confidence == event.data["confidence"]
    assert example.rule in event.data["rules"]
    assert (example.said_by, example.reason, example.state) == (
        sari.user,
        "Ditulis pers",
        "waiting",
    )


def test_a_later_correction_replaces_it_and_who_agrees_again_takes_it_out(
    sari: Actor, file_ticket: FileTicket
) -> None:
    ticket = file_ticket()
    machine = {name: getattr(ticket, name) for name in SAID}
    correct(sari, ticket)
    correct(sari, ticket, priority="HIGH")
    states = list(ticket.triage_examples.order_by("pk").values_list("state", flat=True))
    assert states == ["replaced", "waiting"]
    correct(sari, ticket, **machine)
    assert set(ticket.triage_examples.values_list("state", flat=True)) == {"replaced"}
    assert not examples(actor=sari).exists()
    first = ticket.triage_examples.first()
    assert first is not None
    with pytest.raises(WrongState):
        review_example(actor=sari, example_id=first.pk, accepted=True)


def test_a_rule_of_time_teaches_nothing(file_ticket: FileTicket) -> None:
    ticket = file_ticket()
    correct(SWEEP, ticket)
    assert not TriageExample.objects.exists()


def test_who_may_review(sari: Actor, officer: User, file_ticket: FileTicket) -> None:
    ticket = file_ticket()
    correct(of_user(officer), ticket)
    pk = ticket.triage_examples.get().pk
    with pytest.raises(NotAllowed):
        review_example(actor=of_user(officer), example_id=pk, accepted=True)
    with pytest.raises(InvalidInput):
        review_example(actor=sari, example_id=0, accepted=True)
    for accepted, state in ((True, "accepted"), (False, "rejected")):
        example = review_example(actor=sari, example_id=pk, accepted=accepted)
        assert (example.state, example.reviewed_by) == (state, sari.user)


def test_the_filter(sari: Actor, file_ticket: FileTicket) -> None:
    one, two = file_ticket(), file_ticket(order_number="INV/20261117/X/2")
    correct(sari, one)
    correct(sari, two, category=two.category, queue=two.queue)

    def found(**asked: Any) -> set[int]:
        return {row.ticket_id for row in examples(actor=sari, wanted=ExampleFilter(**asked))}

    assert found() == {one.pk, two.pk}
    assert found(differs="category") == {one.pk}
    assert found(category="press") == {one.pk}
    assert found(machine_category=two.category) == {one.pk, two.pk}
    assert found(rules_version=99) == set()
    assert found(state="accepted") == set()


def test_the_file_is_lines_of_the_corpus_and_names_nobody(
    sari: Actor, file_ticket: FileTicket
) -> None:
    name = file_ticket().customer.name
    text = (
        f"Nama saya {name}, email ratna.dewi@mail.id, hp 0812-3456-7890, rekening BCA 1234567890, "
        "pesanan INV/20261117/MPL/77, NIK 3174012345670001, paket Rp 2.500.000 hilang 5 hari"
    )
    ticket = file_ticket(description=text, order_number="INV/20261117/MPL/77")
    correct(sari, ticket)
    (line,) = corpus_lines(examples(actor=sari))
    for secret in (*name.split(), "ratna.dewi", "0812", "7890", "1234567890", "MPL/77", "3174"):
        assert secret not in line
    assert "Rp 2.500.000 hilang 5 hari" in line
    _id, complaint, expected = parse_case(line)
    assert (complaint.channel, complaint.reporter) == (ticket.channel, ticket.reporter)
    assert expected == SAID
    assert set(json.loads(line)) == {
        *("id", "channel", "reporter", "tier", "amount_idr", "days_open", "subject", "body"),
        *("expected", "why"),
    }


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("hubungi budi [at] mail.id", "hubungi [surel]"),
        ("atas nama Siti Aminah sudah bayar", "atas nama [nama] sudah bayar"),
        ("transfer 12.500.000 pada 17-11-2026", "transfer 12.500.000 pada 17-11-2026"),
        ("kartu 4111 1111 1111 1111", "kartu [kartu]"),
        ("resi JNE1234567890 belum sampai", "resi [resi] belum sampai"),
        ("", ""),
    ],
)
def test_what_names_somebody_becomes_a_sign(text: str, masked: str) -> None:
    assert without_personal_data(text) == masked


def test_the_pages(sign_in: Any, sari: Actor, desk: Client, file_ticket: FileTicket) -> None:
    ticket = file_ticket()
    correct(sari, ticket)
    pk, home = ticket.triage_examples.get().pk, "/aturan/triase/koreksi/"
    lead = sign_in(sari.user)
    for address in (home, "/aturan/triase/koreksi.jsonl", "/aturan/triase/mingguan/"):
        assert desk.get(address).status_code == 403
    assert desk.post(f"{home}{pk}/", {"do": "accept"}).status_code == 403
    page = lead.get(f"{home}?state=waiting&category=press&page=nonsense&rules_version=x")
    assert ticket.number in page.content.decode()
    assert ticket.number not in lead.get(f"{home}?state=accepted").content.decode()
    assert not b"".join(lead.get("/aturan/triase/koreksi.jsonl").streaming_content)
    answer = lead.post(f"{home}{pk}/", {"do": "accept", "query": "state=waiting"})
    assert answer["Location"] == f"{home}?state=waiting"
    file = lead.get("/aturan/triase/koreksi.jsonl")
    assert json.loads(b"".join(file.streaming_content))["expected"] == SAID
    assert lead.post(f"{home}999999/", {"do": "accept"}).status_code == 302
