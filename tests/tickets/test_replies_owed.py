"""A closing thanks leaves the ball where it is; an officer may judge so too; the customer may object."""

from __future__ import annotations

from typing import Any

import pytest

from helpdesk.common.errors import NotAllowed, WrongState
from people.actors import Actor
from people.models import Customer
from tests.support.public import link, picture, words
from tests.support.stages import CLOSING, Stage, fresh
from tickets.models import Notice, Ticket
from tickets.services import (
    add_customer_message,
    ask_confirmation,
    hold_ticket,
    mark_no_reply_needed,
    mark_reply_needed,
    reply_to_customer,
)

pytestmark = pytest.mark.django_db
INSIST = "butuh-jawaban"


@pytest.fixture
def waiting(stage: Stage) -> Ticket:
    """Answered; the ball is with the customer."""
    ticket = stage.handled()
    reply_to_customer(
        actor=stage.actor("dimas"),
        ticket_id=ticket.pk,
        body="Akun sudah dipulihkan. Ada lagi yang bisa kami bantu?",
        wait_for_customer=True,
    )
    return fresh(ticket)


@pytest.fixture
def ratna(customer: Customer) -> Actor:
    return Actor(customer=customer)


def write(ratna: Actor, ticket: Ticket, body: str, **more: Any) -> Any:
    add_customer_message(actor=ratna, ticket_id=ticket.pk, body=body, **more)
    return ticket.events.filter(kind="customer_wrote").last()


def test_a_thanks_changes_nothing_and_is_still_seen(ratna: Actor, waiting: Ticket) -> None:
    event = write(ratna, waiting, "Tidak ada kak Dimas, terima kasih banyak 🙏")
    assert event.data["thanks"] is True
    assert fresh(waiting).waiting_for_customer_since == waiting.waiting_for_customer_since
    assert Notice.objects.get(event=event).recipient == waiting.assignee
    assert waiting.messages.filter(pk=event.data["message"]).exists()


@pytest.mark.parametrize(
    "body", ["Makasih, tapi saldo belum kembali.", "ok?", "Sudah saya kirim.", "Halo"]
)
def test_anything_else_brings_the_ball_back(ratna: Actor, waiting: Ticket, body: str) -> None:
    assert write(ratna, waiting, body).data["thanks"] is False
    assert fresh(waiting).waiting_for_customer_since is None


def test_a_file_or_a_masked_secret_is_news(ratna: Actor, waiting: Ticket) -> None:
    assert write(ratna, waiting, "Terima kasih", files=[picture()]).data["thanks"] is False


def test_after_a_question_of_ours_an_ok_is_an_answer(
    stage: Stage, ratna: Actor, waiting: Ticket
) -> None:
    reply_to_customer(
        actor=stage.actor("dimas"),
        ticket_id=waiting.pk,
        body="Boleh kami batalkan pesanannya?",
        wait_for_customer=True,
    )
    assert write(ratna, waiting, "ok makasih").data["thanks"] is False
    assert fresh(waiting).waiting_for_customer_since is None


def test_an_open_question_for_confirmation_stays_open(
    stage: Stage, ratna: Actor, waiting: Ticket
) -> None:
    ask_confirmation(actor=stage.actor("dimas"), ticket_id=waiting.pk, **CLOSING)
    asked = fresh(waiting)
    write(ratna, waiting, "Terima kasih kak")
    assert fresh(waiting).confirmation_asked_at == asked.confirmation_asked_at


def test_an_officer_leaves_it_and_thinks_again(stage: Stage, ratna: Actor, waiting: Ticket) -> None:
    dimas = stage.actor("dimas")
    said = write(ratna, waiting, "Oke saya tunggu.").data["message"]
    left = mark_no_reply_needed(actor=dimas, ticket_id=waiting.pk)
    assert left.waiting_for_customer_since is not None
    assert waiting.events.last().data == {"about": said}
    with pytest.raises(WrongState):
        mark_no_reply_needed(actor=dimas, ticket_id=waiting.pk)
    again = mark_reply_needed(actor=dimas, ticket_id=waiting.pk)
    assert again.waiting_for_customer_since is None
    with pytest.raises(WrongState):
        mark_reply_needed(actor=dimas, ticket_id=waiting.pk)
    mark_no_reply_needed(actor=dimas, ticket_id=waiting.pk)


def test_who_insists_is_not_left_again(stage: Stage, ratna: Actor, waiting: Ticket) -> None:
    dimas = stage.actor("dimas")
    write(ratna, waiting, "Oke saya tunggu.")
    mark_no_reply_needed(actor=dimas, ticket_id=waiting.pk)
    mark_reply_needed(actor=ratna, ticket_id=waiting.pk)
    event = waiting.events.last()
    assert (event.kind, event.actor_label) == ("reply_needed", "customer")
    assert Notice.objects.get(event=event).recipient == waiting.assignee
    with pytest.raises(WrongState):
        mark_no_reply_needed(actor=dimas, ticket_id=waiting.pk)


def test_before_the_first_answer_nothing_may_be_left(stage: Stage, ratna: Actor) -> None:
    ticket = stage.handled()
    write(ratna, ticket, "Tolong cepat.")
    with pytest.raises(WrongState) as refused:
        mark_no_reply_needed(actor=stage.actor("dimas"), ticket_id=ticket.pk)
    assert refused.value.code == "no_first_response"


def test_nothing_said_nothing_to_leave(stage: Stage, waiting: Ticket) -> None:
    with pytest.raises(WrongState):
        mark_no_reply_needed(actor=stage.actor("dimas"), ticket_id=waiting.pk)


@pytest.mark.parametrize("name", ["ayu", "admin", "sistem", "joko", "farah", "leo"])
def test_strangers_neither_leave_nor_insist(
    stage: Stage, ratna: Actor, waiting: Ticket, name: str
) -> None:
    write(ratna, waiting, "Oke saya tunggu.")
    with pytest.raises(NotAllowed):
        mark_no_reply_needed(actor=stage.actor(name), ticket_id=waiting.pk)
    mark_no_reply_needed(actor=stage.actor("dimas"), ticket_id=waiting.pk)
    with pytest.raises(NotAllowed):
        mark_reply_needed(actor=stage.actor(name), ticket_id=waiting.pk)


def test_on_the_page_the_customer_insists_once(
    stage: Stage, visitor: Any, ratna: Actor, waiting: Ticket
) -> None:
    assert "I still need an answer" not in words(visitor.get(link(waiting)))
    write(ratna, waiting, "Makasih ya kak")
    assert "I still need an answer" in words(visitor.get(link(waiting)))
    done = visitor.post(link(waiting, INSIST), follow=True)
    assert "you get an answer" in words(done)
    assert fresh(waiting).waiting_for_customer_since is None
    assert "I still need an answer" not in words(done)
    again = visitor.post(link(waiting, INSIST))
    assert again.status_code == 409
    assert "on its way already" in words(again)
    assert visitor.get(link(waiting, INSIST)).status_code == 302


def test_insisting_ends_a_hold_and_a_closed_ticket_has_no_turn(
    stage: Stage, visitor: Any, ratna: Actor, waiting: Ticket
) -> None:
    from datetime import timedelta

    from helpdesk.common import clock

    until = clock.now() + timedelta(days=1)
    hold_ticket(actor=stage.actor("sari"), ticket_id=waiting.pk, reason="r", until=until)
    write(ratna, waiting, "Makasih")
    assert visitor.post(link(waiting, INSIST)).status_code == 302
    assert fresh(waiting).held_until is None
    write(ratna, waiting, "Makasih")
    stage.close(waiting)
    assert visitor.post(link(waiting, INSIST)).status_code == 409


def test_a_forged_link_insists_nowhere(visitor: Any) -> None:
    assert visitor.post(f"/lacak/not-a-token/{INSIST}/").status_code == 404
