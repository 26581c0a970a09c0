"""One review as its reader sees it: the case, the sheet filled or to be filled, what was said to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agents_ops.models import QaMark, QaReview
from agents_ops.quality.late_escalation import proposal_for
from agents_ops.quality.selectors import marks_of, may_review, notes_for
from agents_ops.quality.sheet import Criterion, Mark
from agents_ops.quality.states import ReviewState
from desk.quality.evidence import Place, places_of
from desk.quality.forms import NoteForm, SheetForm, WordsForm, place_code
from helpdesk.common import clock
from people.actors import Actor


@dataclass(frozen=True)
class ShownMark:
    """`before`: what it was before the settlement, where that changed it."""

    criterion: Criterion
    mark: Mark
    words: str
    place: Place | None
    proposed: bool
    before: Mark | None

    @property
    def lost(self) -> bool:
        return self.mark.needs_evidence


@dataclass
class ReviewPage:
    """The forms that the reader may send now; None for those that are not theirs."""

    review: QaReview
    places: list[Place]
    shown: list[ShownMark]
    own: bool
    sheet: SheetForm | None
    answer: WordsForm | None
    settle: SheetForm | None
    note: NoteForm | None


def review_page(actor: Actor, review: QaReview, data: Any = None, do: str = "") -> ReviewPage:
    """`data` is what was sent with the button `do`; the other forms are as if opened anew."""
    places = places_of(review, actor)
    rounds = marks_of(review)
    latest = rounds[max(rounds)] if rounds else []
    reviews, state = may_review(actor, review), review.state
    own = actor.user is not None and actor.user.pk == review.officer_id
    until = review.answer_until
    open_to_answer = own and state == ReviewState.TOLD and until and clock.now() <= until

    def sent(name: str) -> Any:
        return data if do == name else None

    fill = reviews and state == ReviewState.OPEN
    return ReviewPage(
        review=review,
        places=places,
        shown=_shown(review, rounds, places),
        own=own,
        sheet=SheetForm(review, places, proposal_for(review), data=sent("fill")) if fill else None,
        answer=_words(review, sent("answer")) if open_to_answer else None,
        settle=SheetForm(review, places, None, before=latest, data=sent("settle"))
        if reviews and state == ReviewState.ANSWERED
        else None,
        note=NoteForm(sent("note")) if reviews and state != ReviewState.OPEN else None,
    )


def context_of(actor: Actor, page: ReviewPage) -> dict[str, Any]:
    return {
        "section": "quality",
        "page": page,
        "review": page.review,
        "notes": notes_for(actor).filter(review=page.review),
    }


def _words(review: QaReview, data: Any) -> WordsForm:
    return WordsForm(data, auto_id="answer_%s", initial={"revision": review.revision})


def _shown(
    review: QaReview, rounds: Mapping[int, Sequence[QaMark]], places: Sequence[Place]
) -> list[ShownMark]:
    if not rounds:
        return []
    sheet, by_code = review.rules.sheet, {each.code: each for each in places if each.code}
    first = {each.criterion: each.mark for each in rounds[min(rounds)]}
    return [
        ShownMark(
            sheet.criteria[mark.criterion],
            sheet.marks[mark.mark],
            mark.words,
            by_code.get(place_code(mark)),
            mark.proposed,
            sheet.marks[first[mark.criterion]] if first[mark.criterion] != mark.mark else None,
        )
        for mark in rounds[max(rounds)]
    ]
