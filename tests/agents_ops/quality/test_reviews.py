"""Reviews: filled, answered once, settled; nobody's own, and nobody else's to see."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from agents_ops.models import QaReview, QualityRules
from agents_ops.quality.scope import scope_of, scope_of_own
from agents_ops.quality.scores import Average, scores
from agents_ops.quality.selectors import reviews_for, waiting_for
from agents_ops.quality.services import (
    GivenMark,
    answer_review,
    fill_review,
    pick_ticket,
    settle_review,
)
from agents_ops.quality.spans import span_of
from agents_ops.quality.timers import ANSWER_OVER
from helpdesk.common import clock
from helpdesk.common.errors import Conflict, InvalidInput, NotAllowed, WrongState
from people.actors import Actor, of_user
from people.models import User
from sla.models import Timer
from sla.services import sweep
from tests.agents_ops.quality.conftest import Cases
from tickets.models import Message, Notice, Ticket

pytestmark = pytest.mark.django_db


def marks(ticket: Ticket, **changes: str) -> list[GivenMark]:
    """All met but those named, which are seen in the first message."""
    place = Message.objects.filter(ticket=ticket).order_by("pk")[0].pk
    sheet = QualityRules.in_force().sheet
    return [
        GivenMark(code, changes[code], message=place) if code in changes else GivenMark(code, "met")
        for code in sheet.criteria
    ]


@pytest.fixture
def review(cases: Cases, lead: Actor) -> QaReview:
    return pick_ticket(actor=lead, ticket_id=cases.closed().pk)


@pytest.fixture
def told(review: QaReview, lead: Actor) -> QaReview:
    given = marks(review.ticket, escalation="missed")
    return fill_review(actor=lead, review_id=review.pk, marks=given, words="Eskalasi lambat")


def test_the_whole_way(told: QaReview, cases: Cases, lead: Actor) -> None:
    rizal = cases.officer
    assert (told.score, told.failed, told.state) == (75, False, "told")
    assert Notice.objects.filter(recipient=rizal.user, event__kind="quality_told").count() == 1
    assert waiting_for(rizal) == 1
    answered = answer_review(actor=rizal, review_id=told.pk, words="Suplier baru menjawab")
    assert answered.state == "answered"
    assert Notice.objects.filter(recipient=lead.user, event__kind="quality_answered").exists()
    settled = settle_review(
        actor=lead,
        review_id=told.pk,
        words="Benar, suplier yang lambat",
        marks=marks(told.ticket, escalation="partly"),
    )
    assert (settled.score, settled.state, settled.settled_by) == (88, "settled", lead.user)
    assert sorted(settled.marks.values_list("round", flat=True)) == [1] * 5 + [2] * 5
    assert waiting_for(rizal) == 0
    events = settled.ticket.events.filter(kind__startswith="quality")
    assert all(event.data == {"review": told.pk} for event in events)


def test_marks_that_stand(told: QaReview, cases: Cases, lead: Actor) -> None:
    answer_review(actor=cases.officer, review_id=told.pk, words="Tidak setuju")
    settled = settle_review(actor=lead, review_id=told.pk, words="Tetap: SOP menyebut 2 menit")
    assert (settled.score, settled.marks.count()) == (75, 5)


def test_without_an_answer_it_stands_by_itself(told: QaReview, cases: Cases) -> None:
    timer = Timer.objects.get(kind=ANSWER_OVER, subject_id=told.pk)
    assert timer.due_at == told.answer_until
    with clock.at(timer.due_at + timedelta(seconds=1)):
        with pytest.raises(WrongState) as refused:
            answer_review(actor=cases.officer, review_id=told.pk, words="Terlambat")
        assert refused.value.code == "answer_too_late"
        sweep()
        sweep()
    told.refresh_from_db()
    assert (told.state, told.settled_by, told.score) == ("settled", None, 75)
    assert told.ticket.events.filter(kind="quality_settled").count() == 1


def test_twice_is_refused(told: QaReview, cases: Cases, lead: Actor) -> None:
    with pytest.raises(WrongState):
        fill_review(actor=lead, review_id=told.pk, marks=marks(told.ticket))
    with pytest.raises(WrongState):
        settle_review(actor=lead, review_id=told.pk, words="Belum dijawab")
    answer_review(actor=cases.officer, review_id=told.pk, words="Tidak setuju")
    with pytest.raises(WrongState):
        answer_review(actor=cases.officer, review_id=told.pk, words="Sekali lagi")
    settle_review(actor=lead, review_id=told.pk, words="Tetap")
    with pytest.raises(WrongState):
        settle_review(actor=lead, review_id=told.pk, words="Tetap")


def test_a_revision_seen_before_is_a_conflict(review: QaReview, lead: Actor) -> None:
    call: dict[str, Any] = {"actor": lead, "review_id": review.pk, "marks": marks(review.ticket)}
    fill_review(**call, revision=1)
    with pytest.raises(Conflict):
        fill_review(**call, revision=1)


def test_points_are_not_taken_away_without_evidence(review: QaReview, lead: Actor) -> None:
    given = [GivenMark(each.criterion, each.mark) for each in marks(review.ticket, tone="partly")]
    with pytest.raises(InvalidInput) as refused:
        fill_review(actor=lead, review_id=review.pk, marks=given)
    assert set(refused.value.fields) == {"marks.tone"}


@pytest.mark.parametrize("kind", ["message", "event"])
def test_evidence_is_of_this_ticket(kind: str, review: QaReview, cases: Cases, lead: Actor) -> None:
    other = cases.closed()
    rows = other.messages if kind == "message" else other.events
    foreign = rows.order_by("pk")[0].pk
    for pk in (foreign, 2**62, 2**70, 0):
        place: dict[str, Any] = {kind: pk}
        changed = [each for each in marks(review.ticket) if each.criterion != "tone"]
        given = [*changed, GivenMark("tone", "met", **place)]
        with pytest.raises(InvalidInput):
            fill_review(actor=lead, review_id=review.pk, marks=given)
    assert not review.marks.exists()


@pytest.mark.parametrize("drop", ["tone", "all"])
def test_a_sheet_is_filled_whole(drop: str, review: QaReview, lead: Actor) -> None:
    given = [each for each in marks(review.ticket) if drop not in (each.criterion, "all")]
    for wrong in (
        given,
        [*marks(review.ticket), GivenMark("moon", "met")],
        [GivenMark("tone", "x")],
    ):
        with pytest.raises(InvalidInput) as refused:
            fill_review(actor=lead, review_id=review.pk, marks=wrong)
        assert refused.value.code == "sheet_incomplete"


def test_secrets_in_the_words_are_masked(review: QaReview, lead: Actor) -> None:
    filled = fill_review(
        actor=lead, review_id=review.pk, marks=marks(review.ticket), words="PIN saya 482913"
    )
    assert "482913" not in filled.words


def test_nobody_reviews_their_own_work(cases: Cases, lead: Actor, manager: User) -> None:
    assert lead.user
    ticket = cases.open()
    cases.reply(ticket)
    cases.close(ticket, actor=lead)
    with pytest.raises(NotAllowed) as refused:
        pick_ticket(actor=lead, ticket_id=ticket.pk)
    assert refused.value.code == "own_work"
    review = pick_ticket(actor=of_user(manager), ticket_id=ticket.pk)
    assert review.officer == lead.user
    # Not told yet: to the one whose work it is it is not there.
    with pytest.raises(Http404):
        fill_review(actor=lead, review_id=review.pk, marks=marks(ticket))
    told = fill_review(actor=of_user(manager), review_id=review.pk, marks=marks(ticket))
    with pytest.raises(NotAllowed):
        settle_review(actor=lead, review_id=told.pk, words="Setuju")
    for name in ("reviewer", "settled_by"):
        with pytest.raises(IntegrityError), transaction.atomic():
            QaReview.objects.filter(pk=told.pk).update(**{name: lead.user})


def test_whose_reviews_one_sees(
    told: QaReview,
    cases: Cases,
    lead: Actor,
    people: dict[str, User],
) -> None:
    sees = {"rizal", "teguh", "hendra", "admin"}
    for name, person in people.items():
        found = reviews_for(of_user(User.objects.get(pk=person.pk))).filter(pk=told.pk)
        assert found.exists() == (name in sees), name


def test_foreign_hands_are_refused(
    told: QaReview, supervisor: User, officer: User, manager: User, admin: User, agent_user: User
) -> None:
    for person in (supervisor, officer, agent_user):
        for act in (answer_review, settle_review):
            with pytest.raises(Http404):
                act(actor=of_user(person), review_id=told.pk, words="x")
    for person in (manager, admin):
        with pytest.raises(NotAllowed):
            answer_review(actor=of_user(person), review_id=told.pk, words="x")
    with pytest.raises(NotAllowed):
        settle_review(actor=of_user(admin), review_id=told.pk, words="x")


def test_what_is_chosen_twice_is_one_review(
    review: QaReview, cases: Cases, lead: Actor, supervisor: User
) -> None:
    assert pick_ticket(actor=lead, ticket_id=review.ticket_id).pk == review.pk
    with pytest.raises(NotAllowed):
        pick_ticket(actor=of_user(supervisor), ticket_id=review.ticket_id)
    with pytest.raises(NotAllowed):
        pick_ticket(actor=cases.officer, ticket_id=review.ticket_id)
    with pytest.raises(WrongState) as refused:
        pick_ticket(actor=lead, ticket_id=cases.open().pk)
    assert refused.value.code == "not_closed"


def test_averages_are_of_the_latest_marks(
    told: QaReview, cases: Cases, lead: Actor, supervisor: User
) -> None:
    other = pick_ticket(actor=lead, ticket_id=cases.closed().pk)
    fill_review(actor=lead, review_id=other.pk, marks=marks(other.ticket, tone="missed"))
    answer_review(actor=cases.officer, review_id=told.pk, words="Bukan saya")
    settle_review(actor=lead, review_id=told.pk, words="Benar", marks=marks(told.ticket))
    rules, span = QualityRules.in_force(), span_of(clock.now(), 1)
    expected = Average(n=2, mean=50.0, failed=1, unsettled=1)
    found = scores(rules, span, scope_of(lead))
    assert (found.whole, list(found.weeks.values())) == (expected, [expected])
    assert found.officers == {told.officer_id: expected}
    assert {each.code: (each.mean, each.lost) for each in found.criteria}["tone"] == (50.0, 1)
    assert {each.code: (each.mean, each.lost) for each in found.criteria}["escalation"] == (100, 0)
    assert scores(rules, span, scope_of_own(cases.officer)).whole == expected
    assert scores(rules, span, scope_of(of_user(supervisor))).whole == Average()
