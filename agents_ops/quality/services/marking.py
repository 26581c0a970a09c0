"""What a reviewer ticks, checked against the review's sheet and its ticket."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agents_ops.models import QaMark, QaReview
from agents_ops.quality.late_escalation import proposal_for
from agents_ops.quality.sheet import Score
from helpdesk.common.errors import InvalidInput
from helpdesk.common.wording import gettext as _
from tickets.models import Message, TicketEvent
from tickets.services import clean_words

MOST_WORDS = 500


@dataclass(frozen=True)
class GivenMark:
    """A mark for a criterion; `message` or `event`: the id of where it is seen, on this ticket."""

    criterion: str
    mark: str
    message: int | None = None
    event: int | None = None
    words: str = ""


def write_marks(review: QaReview, given: Sequence[GivenMark], number: int) -> Score:
    """Store the marks as this round and say their score. Raises InvalidInput with a field for each problem."""
    rows = _checked(review, given, number)
    score = review.rules.sheet.score({row.criterion: row.mark for row in rows})
    QaMark.objects.bulk_create(rows)
    return score


def _checked(review: QaReview, given: Sequence[GivenMark], number: int) -> list[QaMark]:
    sheet, problems = review.rules.sheet, {}
    rows: dict[str, QaMark] = {}
    proposal = proposal_for(review)
    for each in given:
        field = f"marks.{each.criterion}"
        if each.criterion not in sheet.criteria or each.criterion in rows:
            problems["marks"] = _("The sheet asks for one mark of each criterion.")
            continue
        mark = sheet.marks.get(each.mark)
        if mark is None:
            problems[field] = _("Choose a mark.")
            continue
        if mark.needs_evidence and each.message is None and each.event is None:
            problems[field] = _("Say where it is seen: choose a message or an event.")
        elif not _on_ticket(review, each):
            problems[field] = _("Choose one message or one event of this ticket.")
        rows[each.criterion] = QaMark(
            review=review,
            round=number,
            criterion=each.criterion,
            mark=each.mark,
            percent=mark.percent,
            message_id=each.message,
            event_id=each.event,
            words=clean_words(each.words, field=field, max_length=MOST_WORDS),
            proposed=proposal is not None
            and (proposal.criterion, proposal.mark, proposal.event_id)
            == (each.criterion, each.mark, each.event),
        )
    for code in sheet.criteria:
        if code not in rows:
            problems.setdefault(f"marks.{code}", _("Choose a mark."))
    if problems:
        raise InvalidInput(
            _("The score sheet is not complete."), code="sheet_incomplete", fields=problems
        )
    return list(rows.values())


def _on_ticket(review: QaReview, given: GivenMark) -> bool:
    """At most one place, and one that the ticket has."""
    if given.message is not None and given.event is not None:
        return False
    if given.message is not None:
        return Message.objects.filter(pk=given.message, ticket=review.ticket_id).exists()
    if given.event is not None:
        return TicketEvent.objects.filter(pk=given.event, ticket=review.ticket_id).exists()
    return True
