"""Closed tickets come to be reviewed: drawn in a sample, or chosen by hand."""

from __future__ import annotations

from django.db import transaction
from django.http import Http404

from agents_ops.models import QaReview, QaSample, QualityRules
from agents_ops.quality.sampling import MOST_PER_OFFICER, Draw, drawn
from agents_ops.quality.scope import narrowed, scope_of
from agents_ops.quality.selectors import may_review
from agents_ops.quality.states import Picked
from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput, NotAllowed, WrongState
from helpdesk.common.one_at_a_time import one_at_a_time
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.selectors import team_of_code
from tickets.models import ClosingForm
from tickets.selectors import visible_tickets
from tickets.services import lock_ticket

LARGEST_SEED = 2**53


@transaction.atomic
def draw_sample(*, actor: Actor, draw: Draw, team: str = "") -> QaSample:
    """Draw as many closed tickets of each officer in the actor's scope, or of one squad in it.

    What is reviewed or waits already is not drawn again. Raises InvalidInput, NotAllowed and
    WrongState (`nothing_to_draw`).
    """
    person = actor.require_person("review_quality")
    _require_sound(draw)
    squad = team_of_code(team) if team else None
    scope = narrowed(scope_of(actor), team=team)
    if team and (squad is None or not scope.teams or squad.pk not in scope.teams):
        message = _("There is no such team among those that you lead.")
        raise InvalidInput(message, code="unknown_team", fields={"team": message})
    one_at_a_time("draw qa sample")
    found = drawn(draw, scope, without=person.pk)
    if not any(each.closings for each in found):
        raise WrongState(_("There is no closed ticket left to draw."), code="nothing_to_draw")
    now, rules = clock.now(), QualityRules.exactly_in_force()
    sample = QaSample.objects.create(
        seed=draw.seed,
        since=draw.since,
        until=draw.until,
        per_officer=draw.per_officer,
        team=squad,
        drawn_by=person,
        drawn_at=now,
    )
    QaReview.objects.bulk_create(
        [
            QaReview(
                ticket_id=closing.ticket_id,
                closing=closing,
                officer=each.officer,
                team=closing.ticket.home_team,
                rules=rules,
                sample=sample,
                picked=Picked.SAMPLE,
                picked_by=person,
                picked_at=now,
            )
            for each in found
            for closing in each.closings
        ],
        # Somebody may choose one of them by hand in this moment: it waits then already.
        ignore_conflicts=True,
    )
    return sample


@transaction.atomic
def pick_ticket(*, actor: Actor, ticket_id: int) -> QaReview:
    """Choose a closed ticket by hand; chosen twice it is one review.

    Raises Http404 for a ticket of others' teams, NotAllowed for one's own work, WrongState
    (`not_closed`).
    """
    person = actor.require_person("review_quality")
    if not visible_tickets(actor).filter(pk=ticket_id).exists():
        raise Http404("ticket")
    ticket = lock_ticket(ticket_id)
    form = ClosingForm.objects.filter(ticket=ticket, event__isnull=False).order_by("-pk").first()
    if (
        ticket.is_open
        or form is None
        or form.event is None
        or form.prepared_by is None
        or ticket.home_team is None
    ):
        raise WrongState(
            _("Only a ticket that an officer closed can be reviewed."), code="not_closed"
        )
    if earlier := QaReview.objects.filter(closing=form.event_id).first():
        return _checked(actor, earlier)
    review = QaReview(
        ticket=ticket,
        closing=form.event,
        officer=form.prepared_by,
        team=ticket.home_team,
        rules=QualityRules.exactly_in_force(),
        picked=Picked.BY_HAND,
        picked_by=person,
        picked_at=clock.now(),
    )
    _checked(actor, review)
    review.save()
    return review


def _checked(actor: Actor, review: QaReview) -> QaReview:
    if actor.user is not None and actor.user.pk == review.officer_id:
        raise NotAllowed(_("Nobody reviews their own work."), code="own_work")
    if not may_review(actor, review):
        raise NotAllowed(_("This officer's work is another lead's to review."))
    return review


def _require_sound(draw: Draw) -> None:
    problems = {}
    if not 1 <= draw.per_officer <= MOST_PER_OFFICER:
        problems["per_officer"] = _("Choose a number from 1 to %(most)s.") % {
            "most": MOST_PER_OFFICER
        }
    if not draw.since < draw.until:
        problems["until"] = _("The end lies before the beginning.")
    if not 0 <= draw.seed < LARGEST_SEED:
        problems["seed"] = _("The seed is a whole number, not negative, of at most 15 digits.")
    if problems:
        raise InvalidInput(_("Please mend the marked fields."), fields=problems)
