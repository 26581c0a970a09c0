"""A review's way: filled and told, answered once by the officer or not at all, settled.

Each verb locks the review. Nobody reviews or settles their own work: the verbs and the database
refuse it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from agents_ops.models import QaReview
from agents_ops.quality.selectors import may_review, review_for_actor_or_404
from agents_ops.quality.services.marking import GivenMark, write_marks
from agents_ops.quality.states import ReviewState
from agents_ops.quality.timers import ANSWER_OVER, REVIEW
from helpdesk.common import clock
from helpdesk.common.errors import Conflict, InvalidInput, NotAllowed, WrongState
from helpdesk.common.wording import gettext as _
from people.actors import SWEEP, Actor
from people.models import User
from sla.calendars import WHOLE_DAY, Calendar
from sla.services import arm, disarm
from tickets.models import EventKind
from tickets.services import clean_words, notify, record

MOST_WORDS = 2000
WORKING_DAYS = Calendar(week=(WHOLE_DAY,) * 5 + ((), ()), holidays=True)

__all__ = ["GivenMark", "answer_review", "fill_review", "settle_review", "settle_unanswered"]


@transaction.atomic
def fill_review(
    *,
    actor: Actor,
    review_id: int,
    marks: Sequence[GivenMark],
    words: str = "",
    revision: int | None = None,
) -> QaReview:
    """Fill the score sheet; the officer is told and may answer within the working days of the rules.

    Raises Http404 for what is not the actor's to see, NotAllowed, Conflict (another was faster),
    WrongState, InvalidInput (`sheet_incomplete`, a field for each criterion).
    """
    review, person = _locked_for_reviewer(actor, review_id, revision)
    _require_state(review, ReviewState.OPEN, _("This review has been filled already."))
    said = clean_words(words, field="words", max_length=MOST_WORDS)
    score = write_marks(review, marks, 1)
    now = clock.now()
    days = timedelta(days=review.rules.body["answer_working_days"])
    review.score, review.failed = score.percent, score.failed
    review.reviewer, review.words, review.told_at = person, said, now
    review.answer_until = WORKING_DAYS.add(now, days)
    review.state = ReviewState.TOLD
    _save(review)
    arm(ANSWER_OVER, REVIEW, review.pk, review.answer_until, at=now)
    _tell(review, EventKind.QUALITY_TOLD, actor, [review.officer], now)
    return review


@transaction.atomic
def answer_review(
    *, actor: Actor, review_id: int, words: str, revision: int | None = None
) -> QaReview:
    """The officer says what they think of it, once. Raises as `fill_review`."""
    review = _locked(actor, review_id, revision)
    if actor.user is None or actor.user.pk != review.officer_id:
        raise NotAllowed(_("Only the officer whose work it is may answer."))
    _require_state(review, ReviewState.TOLD, _("This review can no longer be answered."))
    now = clock.now()
    if review.answer_until is not None and now > review.answer_until:
        raise WrongState(_("The time to answer is over."), code="answer_too_late")
    review.answer = _required(words)
    review.answered_at, review.state = now, ReviewState.ANSWERED
    _save(review)
    disarm(REVIEW, review.pk, ANSWER_OVER)
    reviewers = [review.reviewer] if review.reviewer else []
    _tell(review, EventKind.QUALITY_ANSWERED, actor, reviewers, now)
    return review


@transaction.atomic
def settle_review(
    *,
    actor: Actor,
    review_id: int,
    words: str,
    marks: Sequence[GivenMark] | None = None,
    revision: int | None = None,
) -> QaReview:
    """Decide about the officer's answer, with reasons: the marks stand, or are given anew.

    Raises as `fill_review`.
    """
    review, person = _locked_for_reviewer(actor, review_id, revision)
    _require_state(
        review, ReviewState.ANSWERED, _("Only a review that the officer answered is settled.")
    )
    said = _required(words)
    if marks is not None:
        score = write_marks(review, marks, 2)
        review.score, review.failed = score.percent, score.failed
    _settle(review, actor, clock.now(), by=person, words=said)
    return review


def settle_unanswered(review: QaReview, now: datetime) -> None:
    """The time to answer went by: the marks stand. `review` is locked."""
    if review.state == ReviewState.TOLD:
        _settle(review, SWEEP, now, by=None, words="")


def _settle(review: QaReview, actor: Actor, now: datetime, *, by: User | None, words: str) -> None:
    review.settled_by, review.settled_at, review.settlement = by, now, words
    review.state = ReviewState.SETTLED
    _save(review)
    _tell(review, EventKind.QUALITY_SETTLED, actor, [review.officer], now)


def _locked(actor: Actor, review_id: int, revision: int | None) -> QaReview:
    review_for_actor_or_404(actor, review_id)
    rows = QaReview.objects.select_for_update(of=("self",), no_key=True)
    review = rows.select_related("ticket", "officer", "reviewer", "rules", "closing").get(
        pk=review_id
    )
    if revision not in (None, review.revision):
        raise Conflict(
            _("Somebody else went on with this review a moment ago. Look at it again."),
            code="review_moved_on",
        )
    return review


def _locked_for_reviewer(
    actor: Actor, review_id: int, revision: int | None
) -> tuple[QaReview, User]:
    review = _locked(actor, review_id, revision)
    if actor.user is not None and actor.user.pk == review.officer_id:
        raise NotAllowed(_("Nobody reviews their own work."), code="own_work")
    person = actor.require_person("review_quality")
    if not may_review(actor, review):
        raise NotAllowed(_("This officer's work is another lead's to review."))
    return review, person


def _require_state(review: QaReview, state: ReviewState, otherwise: str) -> None:
    if review.state != state:
        raise WrongState(otherwise, code="wrong_review_state")


def _required(words: str) -> str:
    said = clean_words(words, field="words", max_length=MOST_WORDS)
    if not said:
        message = _("Write a few words.")
        raise InvalidInput(message, code="words_needed", fields={"words": message})
    return said


def _save(review: QaReview) -> None:
    review.revision += 1
    review.save()


def _tell(review: QaReview, kind: str, actor: Actor, people: Sequence[User], now: datetime) -> None:
    """On the ticket's record without the score, and a notice to those whom it concerns."""
    event = record(review.ticket, actor=actor, kind=kind, at=now, data={"review": review.pk})
    notify(review.ticket, event, people)
