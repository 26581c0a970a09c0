"""Suppliers, blocks and reviews of agents' cases, when two do the same at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from agents_ops.models import AccountBlock, QaReview, SupplierComplaint, SupplierMessage
from agents_ops.quality.sampling import Draw
from agents_ops.quality.services import (
    GivenMark,
    answer_review,
    draw_sample,
    fill_review,
    pick_ticket,
    settle_review,
)
from agents_ops.services import (
    answer_complaint,
    block_account,
    block_by_hand,
    complain,
    do_step,
    press_supplier,
    start_playbook,
)
from agents_ops.services.block_work import work_on_blocks
from agents_ops.services.complaint_sending import send_owed_complaints
from helpdesk.common import clock
from helpdesk.common.errors import Refusal
from people.actors import Actor, of_user
from people.models import User
from tests.agents_ops.conftest import systems
from tests.agents_ops.test_complaints import PULSA, played
from tests.agents_ops.test_phishing import WORDS
from tests.cast import FileTicket
from tests.support.agent_systems import Server
from tests.support.quality import closed_case, filled
from tickets.models import EventKind, Ticket
from tickets.services import handle_ticket

__all__ = ["systems"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
AtOnce = Callable[..., list[Any]]


def codes(results: list[Any]) -> list[str]:
    return [each.code for each in results if isinstance(each, Refusal)]


@pytest.fixture
def rizal(people: dict[str, User]) -> Actor:
    return of_user(people["rizal"])


def case(file_ticket: FileTicket, people: dict[str, User], **words: Any) -> Ticket:
    ticket = file_ticket(actor=of_user(people["wahyu"]), reporter="agent", order_number="", **words)
    return handle_ticket(actor=of_user(people["rizal"]), ticket_id=ticket.pk)


@pytest.fixture
def pending(
    file_ticket: FileTicket, people: dict[str, User], rizal: Actor, systems: Server
) -> dict[str, Any]:
    """The call of a verb on a pending transaction at the step of its complaint."""
    ticket = case(file_ticket, people, subject="pulsa pending", description=PULSA)
    played(rizal, ticket.pk, destination="081234567890")
    call: dict[str, Any] = {"actor": rizal, "ticket_id": ticket.pk}
    do_step(**call, step="classify_pending", values={"supplier": "Mitra Pulsa"})
    systems.asked.clear()
    return call


class TestSuppliers:
    def test_one_of_two_complains_and_one_of_two_presses(
        self, pending: dict[str, Any], at_once: AtOnce
    ) -> None:
        results = at_once([partial(complain, **pending)] * 2)
        assert codes(results) == ["complained_already"]
        complaint = SupplierComplaint.objects.get()
        hard = partial(press_supplier, actor=pending["actor"], complaint_id=complaint.pk, hard=True)
        assert codes(at_once([hard, hard])) == ["hard_already"]
        assert SupplierMessage.objects.filter(kind="hard").count() == 1

    def test_workers_at_once_send_each_message_once(
        self, pending: dict[str, Any], systems: Server, at_once: AtOnce
    ) -> None:
        complain(**pending)
        assert sum(at_once([send_owed_complaints] * 4)) == 1
        assert systems.paths() == ["/v1/complaints"]

    def test_the_same_answer_at_once_is_one_and_of_two_final_words_one_counts(
        self, pending: dict[str, Any], at_once: AtOnce
    ) -> None:
        key = complain(**pending).pk
        answer = partial(answer_complaint, actor=pending["actor"], complaint_id=key)
        same = partial(answer, result="pending", reference="ANS-1")
        assert codes(at_once([same, same])) == []
        assert SupplierMessage.objects.filter(direction="in").count() == 1
        results = at_once([partial(answer, result="success"), partial(answer, result="failed")])
        assert codes(results) == ["not_open"]


class TestBlocks:
    @pytest.fixture
    def hacked(
        self, file_ticket: FileTicket, people: dict[str, User], rizal: Actor, systems: Server
    ) -> dict[str, Any]:
        ticket = case(file_ticket, people, subject="saldo hilang", description=WORDS)
        start_playbook(actor=rizal, ticket_id=ticket.pk, playbook="phishing")
        return {"ticket_id": ticket.pk}

    def test_pressed_at_once_it_is_one_block_that_the_server_hears_of_once(
        self,
        hacked: dict[str, Any],
        people: dict[str, User],
        rizal: Actor,
        systems: Server,
        at_once: AtOnce,
    ) -> None:
        press = partial(block_account, **hacked)
        assert (
            codes(
                at_once(
                    [partial(press, actor=rizal), partial(press, actor=of_user(people["sari"]))]
                )
            )
            == []
        )
        at_once([work_on_blocks] * 3)
        assert systems.paths().count("/v1/blocks") == 1
        assert AccountBlock.objects.get().state == "confirmed"

    def test_by_hand_and_by_the_server_at_once_it_is_told_once(
        self, hacked: dict[str, Any], people: dict[str, User], rizal: Actor, at_once: AtOnce
    ) -> None:
        by_hand = partial(block_by_hand, **hacked, words="Diblokir di Otomax")
        results = at_once(
            [
                partial(by_hand, actor=rizal),
                partial(by_hand, actor=of_user(people["sari"])),
                work_on_blocks,
            ]
        )
        assert set(codes(results)) == {"blocked_already"}
        assert AccountBlock.objects.get().is_done
        events = Ticket.objects.get(pk=hacked["ticket_id"]).events
        assert events.filter(kind=EventKind.ACCOUNT_BLOCKED).count() == 1


class TestReviews:
    def test_chosen_filled_answered_and_settled_at_once_each_counts_once(
        self, file_ticket: FileTicket, people: dict[str, User], rizal: Actor, at_once: AtOnce
    ) -> None:
        teguh = of_user(people["teguh"])
        ticket = closed_case(people, file_ticket)
        pick = partial(pick_ticket, actor=teguh, ticket_id=ticket.pk)
        one, other = at_once([pick, pick])
        assert one.pk == other.pk
        marks = [GivenMark(each, "met") for each in one.rules.sheet.criteria]
        fill = partial(fill_review, actor=teguh, review_id=one.pk, marks=marks)
        assert len(codes(at_once([fill, fill]))) == 1
        answer = partial(answer_review, actor=rizal, review_id=one.pk, words="Setuju")
        assert len(codes(at_once([answer, answer]))) == 1
        settle = partial(settle_review, actor=teguh, review_id=one.pk, words="Tetap")
        assert len(codes(at_once([settle, settle]))) == 1
        review = QaReview.objects.get()
        assert (review.state, review.score, review.marks.count()) == ("settled", 100, len(marks))
        for kind in ("told", "answered", "settled"):
            assert ticket.events.filter(kind=f"quality_{kind}").count() == 1

    def test_two_samples_at_once_share_no_ticket(
        self, file_ticket: FileTicket, people: dict[str, User], at_once: AtOnce
    ) -> None:
        for _case in range(3):
            closed_case(people, file_ticket)
        now = clock.now()
        draw = Draw(now - timedelta(days=1), now + timedelta(minutes=1), 2, 7)
        results = at_once([partial(draw_sample, actor=of_user(people["teguh"]), draw=draw)] * 2)
        assert codes(results) == []
        assert QaReview.objects.count() == 3

    def test_the_time_to_answer_ends_while_the_officer_answers(
        self, file_ticket: FileTicket, people: dict[str, User], rizal: Actor, at_once: AtOnce
    ) -> None:
        from sla.services import sweep

        teguh = people["teguh"]
        review = pick_ticket(actor=of_user(teguh), ticket_id=closed_case(people, file_ticket).pk)
        until = filled(review, teguh).answer_until
        assert until is not None
        with clock.shifted(until - clock.now() + timedelta(seconds=1)):
            answer = partial(answer_review, actor=rizal, review_id=review.pk, words="Setuju")
            results = at_once([sweep, answer])
        assert len(codes(results)) == 1
        # A sweep that finds the review in somebody's hands comes again in a moment.
        with clock.shifted(until - clock.now() + timedelta(seconds=10)):
            sweep()
        review.refresh_from_db()
        assert (review.state, review.answer) == ("settled", "")
