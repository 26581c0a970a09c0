"""Incidents: who opens one, what belongs to it, one reply and one end for all, a killed worker."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from helpdesk.common.errors import Conflict, InvalidInput, NotAllowed, Refusal
from people.actors import Actor
from people.models import Customer
from tests.cast import FileTicket
from tests.support.stages import CLOSING, Stage, fresh
from tickets.models import Incident, IncidentRun, IncidentTicket, Message, OutgoingMail, Ticket
from tickets.services import (
    IncidentWording,
    attach_ticket,
    attach_tickets,
    change_incident,
    detach_ticket,
    incident_runs,
    merge_into,
    open_incident,
    preview_run,
    start_run,
    stop_run,
    tell_incident_words,
    work_on_incidents,
)
from tickets.story import Story

pytestmark = pytest.mark.django_db
WORDS = "Halo {customer_name}, kami sedang memperbaikinya."


@pytest.fixture
def incident(stage: Stage) -> Incident:
    return open_incident(actor=stage.actor("sari"), title="Masuk akun gagal", words=WORDS)


@pytest.fixture
def tickets(stage: Stage, incident: Incident) -> list[Ticket]:
    made = [stage.handled(), stage.classified(), stage.handled()]
    numbers = [ticket.number for ticket in made]
    outcomes = attach_tickets(actor=stage.actor("dimas"), incident_id=incident.pk, numbers=numbers)
    assert all(outcome.done for outcome in outcomes)
    return made


def start(stage: Stage, incident: Incident, verb: str = "reply", **wording: str) -> IncidentRun:
    said = IncidentWording(**({"words": WORDS} if verb == "reply" and not wording else wording))
    return start_run(actor=stage.actor("sari"), incident_id=incident.pk, verb=verb, wording=said)


def replies(ticket: Ticket) -> list[str]:
    rows = ticket.messages.filter(kind=Message.Kind.REPLY).order_by("id")
    return list(rows.values_list("body", flat=True))


def states(run: IncidentRun) -> list[str]:
    return list(run.steps.order_by("id").values_list("state", flat=True))


def test_only_leads_open_and_change_one(stage: Stage, incident: Incident) -> None:
    for name in ("dimas", "farah", "admin"):
        with pytest.raises(NotAllowed):
            open_incident(actor=stage.actor(name), title="x", words="y")
        with pytest.raises(NotAllowed):
            change_incident(
                actor=stage.actor(name), incident_id=incident.pk, title="x", words="y", state="open"
            )
    for title, words, field in (
        ("", "y", "title"), ("x", " ", "words"), ("x", "{nonsense}", "words"),
        ("x" * 121, "y", "title"),
    ):  # fmt: skip
        with pytest.raises(InvalidInput) as refusal:
            open_incident(actor=stage.actor("sari"), title=title, words=words)
        assert field in refusal.value.fields


def test_its_state_goes_to_and_fro(stage: Stage, incident: Incident) -> None:
    act = {"actor": stage.actor("sari"), "incident_id": incident.pk, "title": "Masuk gagal"}
    done = change_incident(**act, words="Sudah pulih.", state="resolved", expected_version=1)
    assert done.resolved_at is not None
    assert done.words_at > incident.words_at
    with pytest.raises(Conflict):
        change_incident(**act, words="x", state="open", expected_version=1)
    again = change_incident(**act, words="Sudah pulih.", state="identified")
    assert (again.resolved_at, again.words_at) == (None, done.words_at)
    with pytest.raises(InvalidInput):
        change_incident(**act, words="x", state="gone")


def test_a_ticket_is_part_of_one_and_tells_of_it_inside(
    stage: Stage, incident: Incident, tickets: list[Ticket]
) -> None:
    ticket = tickets[0]
    assert ticket.events.get(kind="incident_joined").data == {"incident": incident.pk}
    assert "incident_joined" not in {line.kind for line in Story(ticket).lines()}
    other = open_incident(actor=stage.actor("sari"), title="Lain", words="y")
    with pytest.raises(Refusal) as refusal:
        attach_ticket(actor=stage.actor("dimas"), incident_id=other.pk, ticket_id=ticket.pk)
    assert refusal.value.code == "in_an_incident"
    detach_ticket(actor=stage.actor("dimas"), ticket_id=ticket.pk)
    with pytest.raises(Refusal) as refusal:
        detach_ticket(actor=stage.actor("dimas"), ticket_id=ticket.pk)
    assert refusal.value.code == "in_no_incident"
    assert attach_ticket(actor=stage.actor("dimas"), incident_id=other.pk, ticket_id=ticket.pk)


def test_attaching_many_tells_each_refusal(stage: Stage, incident: Incident) -> None:
    parcel = stage.classified(description="Paket saya belum sampai.", subject="Paket")
    closed, good = stage.closed(), stage.classified()
    numbers = [parcel.number, closed.number, good.number.lower(), "TUN-9", good.number]
    outcomes = attach_tickets(actor=stage.actor("dimas"), incident_id=incident.pk, numbers=numbers)
    told = [outcome.refusal.code if outcome.refusal else "" for outcome in outcomes]
    assert told == ["not_found", "wrong_state", "", "not_found"]
    change_incident(
        actor=stage.actor("sari"), incident_id=incident.pk, title="x", words="y", state="resolved"
    )
    with pytest.raises(Refusal) as refusal:
        attach_tickets(actor=stage.actor("dimas"), incident_id=incident.pk, numbers=numbers)
    assert refusal.value.code == "incident_over"


def test_one_reply_to_all_once_each(
    stage: Stage, incident: Incident, tickets: list[Ticket]
) -> None:
    OutgoingMail.objects.all().delete()
    run = start(stage, incident)
    with pytest.raises(Refusal) as refusal:
        start(stage, incident)
    assert refusal.value.code == "run_goes_on"
    assert work_on_incidents() == 3
    assert work_on_incidents() == 0
    run.refresh_from_db()
    assert run.ended_at is not None
    for ticket in tickets:
        (body,) = replies(ticket)
        assert body == f"Halo {ticket.customer.name}, kami sedang memperbaikinya."
        assert fresh(ticket).state == "handled"
    assert OutgoingMail.objects.filter(template="reply").count() == 3
    with pytest.raises(InvalidInput) as told:
        start(stage, incident)
    assert told.value.code == "all_told"


def test_who_joins_later_is_told_alone(
    stage: Stage, incident: Incident, tickets: list[Ticket]
) -> None:
    start(stage, incident)
    work_on_incidents()
    late, later = stage.classified(), stage.classified()
    for ticket in (late, later):
        attach_ticket(actor=stage.actor("dimas"), incident_id=incident.pk, ticket_id=ticket.pk)
    tell_incident_words(actor=stage.actor("dimas"), ticket_id=late.pk, body="Sedang diperbaiki.")
    able = [
        outcome.number
        for outcome in preview_run(actor=stage.actor("sari"), incident=incident, verb="reply")
        if outcome.done
    ]
    assert able == [later.number]
    run = start(stage, incident)
    work_on_incidents()
    assert run.steps.count() == 1
    assert [len(replies(ticket)) for ticket in (*tickets, late, later)] == [1] * 5


def test_words_changed_while_an_order_runs_are_still_to_be_told(
    stage: Stage, incident: Incident, tickets: list[Ticket]
) -> None:
    """Who was sent the old words is not taken for one who knows the new ones."""
    start(stage, incident)
    change_incident(
        actor=stage.actor("sari"),
        incident_id=incident.pk,
        title=incident.title,
        words="Sudah pulih.",
        state="identified",
    )
    work_on_incidents()
    assert all(len(replies(ticket)) == 1 for ticket in tickets)
    start(stage, incident, words="Sudah pulih.")
    work_on_incidents()
    assert [replies(ticket)[1:] for ticket in tickets] == [["Sudah pulih."]] * 3


def test_a_long_order_does_not_keep_another_incident_waiting(
    stage: Stage, incident: Incident, tickets: list[Ticket], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = open_incident(actor=stage.actor("sari"), title="Bayar gagal", words="Kami periksa.")
    theirs = stage.handled()
    attach_ticket(actor=stage.actor("sari"), incident_id=other.pk, ticket_id=theirs.pk)
    start(stage, incident)
    start(stage, other, words="Kami periksa.")
    clocks = iter(range(1000))
    ticking = SimpleNamespace(monotonic=lambda: float(next(clocks)))
    monkeypatch.setattr(incident_runs, "time", ticking)
    monkeypatch.setattr(incident_runs, "SLICE_SECONDS", 4.0)
    work_on_incidents()
    assert replies(theirs) == ["Kami periksa."]
    assert not all(replies(ticket) for ticket in tickets)


def test_all_are_closed_and_the_rest_says_why(
    stage: Stage, incident: Incident, tickets: list[Ticket]
) -> None:
    wording = {**CLOSING, "confirmation": "no_answer"}
    previewed = preview_run(actor=stage.actor("sari"), incident=incident, verb="close")
    merge_into(actor=stage.actor("dimas"), ticket_id=tickets[2].pk, number=stage.handled().number)
    run = start(stage, incident, "close", **wording)
    work_on_incidents()
    assert [outcome.done for outcome in previewed] == [True, False, True]
    assert states(run) == ["done", "refused", "refused"]
    assert [fresh(ticket).state for ticket in tickets] == ["closed", "classified", "closed"]
    refused = run.steps.get(ticket=tickets[1])
    assert refused.code == "wrong_state"
    assert set(refused.why) == {"id", "en"}


def test_all_are_asked_to_confirm(stage: Stage, incident: Incident, tickets: list[Ticket]) -> None:
    run = start(stage, incident, "confirm", **CLOSING)
    work_on_incidents()
    assert states(run) == ["done", "refused", "done"]
    assert fresh(tickets[0]).confirmation_asked_at is not None


@pytest.mark.parametrize(
    ("verb", "wording", "field"),
    [
        ("reply", {"words": " "}, "words"),
        ("reply", {"words": "{pin}"}, "words"),
        ("close", {**CLOSING}, "confirmation"),
        ("close", {"root_cause": "x", "confirmation": "confirmed"}, "solution"),
        ("sing", {"words": "x"}, "verb"),
    ],
)
def test_an_order_is_whole_or_not_given(
    stage: Stage, incident: Incident, tickets: list[Ticket], verb: str, wording: Any, field: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        start(stage, incident, verb, **wording)
    assert field in refusal.value.fields
    assert not IncidentRun.objects.exists()


def test_no_order_without_tickets_or_right(stage: Stage, incident: Incident) -> None:
    with pytest.raises(InvalidInput) as refusal:
        start(stage, incident)
    assert refusal.value.code == "no_tickets"
    with pytest.raises(NotAllowed):
        start_run(
            actor=stage.actor("dimas"),
            incident_id=incident.pk,
            verb="reply",
            wording=IncidentWording(words="x"),
        )
    with pytest.raises(NotAllowed):
        preview_run(actor=stage.actor("dimas"), incident=incident, verb="reply")


def test_a_worker_killed_half_way_neither_loses_nor_doubles(
    stage: Stage, incident: Incident, tickets: list[Ticket], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It dies after the second reply, before that is made final."""
    run = start(stage, incident)
    order, count = incident_runs._order, 0

    class Killed(BaseException):
        pass

    def dying(*args: Any) -> None:
        nonlocal count
        order(*args)
        count += 1
        if count == 2:
            raise Killed

    monkeypatch.setattr(incident_runs, "_order", dying)
    with pytest.raises(Killed):
        work_on_incidents()
    assert states(run).count("done") == 1
    monkeypatch.setattr(incident_runs, "_order", order)
    work_on_incidents()
    assert states(run) == ["done"] * 3
    assert [len(replies(ticket)) for ticket in tickets] == [1, 1, 1]


def test_what_always_fails_ends_and_holds_up_nobody(
    stage: Stage, incident: Incident, tickets: list[Ticket], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = start(stage, incident)
    order = incident_runs._order

    def failing(run: IncidentRun, step: Any) -> None:
        if step.ticket_id == tickets[0].pk:
            raise ZeroDivisionError
        order(run, step)

    monkeypatch.setattr(incident_runs, "_order", failing)
    for _wake_up in range(10):
        work_on_incidents()
    assert states(run) == ["failed", "done", "done"]
    run.refresh_from_db()
    assert run.ended_at is not None
    monkeypatch.setattr(incident_runs, "_order", order)
    again = start(stage, incident)
    work_on_incidents()
    assert again.steps.count() == 1
    assert [len(replies(ticket)) for ticket in tickets] == [1, 1, 1]


def test_stopped_it_leaves_the_rest_alone(
    stage: Stage, incident: Incident, tickets: list[Ticket]
) -> None:
    run = start(stage, incident)
    stop_run(actor=stage.actor("sari"), run_id=run.pk)
    assert work_on_incidents() == 0
    assert states(run) == ["stopped"] * 3
    with pytest.raises(Refusal) as refusal:
        stop_run(actor=stage.actor("sari"), run_id=run.pk)
    assert refusal.value.code == "run_ended"


def test_who_lost_the_right_meanwhile_is_refused_ticket_by_ticket(
    stage: Stage, incident: Incident, tickets: list[Ticket]
) -> None:
    run = start(stage, incident)
    sari = stage.actor("sari").user
    assert sari is not None
    sari.groups.clear()
    work_on_incidents()
    assert states(run) == ["refused"] * 3
    assert not any(replies(ticket) for ticket in tickets)


def test_of_several_customers_none_reads_of_another(
    stage: Stage,
    incident: Incident,
    tickets: list[Ticket],
    file_ticket: FileTicket,
    other_customer: Customer,
) -> None:
    foreign = file_ticket(actor=Actor(customer=other_customer))
    attach_ticket(actor=stage.actor("sari"), incident_id=incident.pk, ticket_id=foreign.pk)
    start(stage, incident)
    work_on_incidents()
    assert replies(foreign) == ["Halo Budi Hartono, kami sedang memperbaikinya."]
    assert IncidentTicket.objects.filter(told_at__isnull=False).count() == 4
