"""The customer's mark for a closed ticket: given once for each closing, changed while it is fresh."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput, WrongState
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import organisation
from tickets.models import ClosingForm, EventKind, SatisfactionSurvey, Ticket, TicketEvent
from tickets.services.changes import lock_ticket, record, require_own, require_unmerged
from tickets.services.notices import notify_team
from tickets.services.words import clean_words
from tickets.states import State

LOWEST, HIGHEST = 1, 5


def may_change_until(survey: SatisfactionSurvey) -> datetime:
    """A mark may be changed until then; the comment as well."""
    return survey.answered_at + timedelta(days=organisation()["survey"]["change_days"])


@transaction.atomic
def answer_survey(
    *,
    actor: Actor,
    ticket_id: int,
    score: int,
    comment: str = "",
    closing_id: int | None = None,
    expected_version: int | None = None,
) -> SatisfactionSurvey:
    """The customer's mark for the latest closing, 1 to 5, with an optional comment.

    A changed mind within the organisation's `survey.change_days` takes the place of the first answer;
    the same answer again changes nothing. `closing_id` names the closing that a link was made for: a
    mark meant for an earlier one is refused. A low mark tells the leads of the ticket's squad.
    """
    ticket = lock_ticket(ticket_id, expected_version=expected_version)
    require_own(ticket, actor)
    require_unmerged(ticket)
    form = _closing_of(ticket, closing_id)
    if not LOWEST <= score <= HIGHEST:
        message = _("Choose a mark from 1 to 5.")
        raise InvalidInput(message, fields={"score": message})
    text = clean_words(comment, field="comment")
    before = SatisfactionSurvey.objects.filter(closing=form).first()
    if before is None:
        return _keep(ticket, actor, form, score, text)
    if (before.score, before.comment) == (score, text):
        return before
    if clock.now() > may_change_until(before):
        raise WrongState(_("You have already answered. Thank you."), code="already_answered")
    return _change(ticket, actor, before, score, text)


def _closing_of(ticket: Ticket, closing_id: int | None) -> ClosingForm:
    form = ticket.closing_forms.filter(event__isnull=False).order_by("-id").first()
    if form is None or ticket.state != State.CLOSED:
        raise WrongState(_("The ticket is not closed."))
    if closing_id is not None and form.pk != closing_id:
        raise WrongState(
            _(
                "Your ticket was opened again and closed anew since this letter. Use the newer letter."
            ),
            code="older_closing",
        )
    return form


def _keep(
    ticket: Ticket, actor: Actor, form: ClosingForm, score: int, comment: str
) -> SatisfactionSurvey:
    now = clock.now()
    survey = SatisfactionSurvey.objects.create(
        closing=form, ticket=ticket, score=score, comment=comment, answered_at=now
    )
    event = record(ticket, actor=actor, kind=EventKind.SURVEYED, at=now, data={"score": score})
    if _is_low(score):
        _tell_leads(ticket, event)
    return survey


def _change(
    ticket: Ticket, actor: Actor, survey: SatisfactionSurvey, score: int, comment: str
) -> SatisfactionSurvey:
    earlier = survey.score
    survey.score, survey.comment, survey.changed_at = score, comment, clock.now()
    survey.save(update_fields=["score", "comment", "changed_at"])
    data = {"score": score, "before": earlier}
    event = record(ticket, actor=actor, kind=EventKind.SURVEYED, at=survey.changed_at, data=data)
    if _is_low(score) and not _is_low(earlier):
        _tell_leads(ticket, event)
    return survey


def _is_low(score: int) -> bool:
    return score <= int(organisation()["survey"]["tell_lead_up_to"])


def _tell_leads(ticket: Ticket, event: TicketEvent) -> None:
    if ticket.home_team is not None:
        notify_team(ticket, event, ticket.home_team, leads_only=True)
