"""Escalating many: the team's own form of the matrix, filled in from each ticket's record."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import translation

from escalation.models import EscalationMatrix
from escalation.services.forms import filled_form
from escalation.services.sending import Form, request_escalation
from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import Team
from people.selectors import team_of_code
from tickets.models import Ticket
from tickets.services import BulkVerb, Order, bulk_verb, clean_words

PARTS = ("summary", "tried", "evidence", "wanted_outcome")


def _escalate(actor: Actor, ticket_id: int, order: Order) -> object:
    """What the order leaves open, the record says, in the house's language as on any such form."""
    team = _team(order)
    ticket = Ticket.objects.select_related("team", "customer").get(pk=ticket_id)
    with translation.override("id"):
        filled = filled_form(ticket, team.code, order.reason, EscalationMatrix.in_force())
    words = {name: order.text(name).strip() or filled[name] for name in PARTS}
    return request_escalation(
        actor=actor,
        ticket_id=ticket_id,
        form=Form(to_team=team, target_at=_target(order), **words),
        reason=order.reason,
    )


def _check(_actor: Actor, order: Order) -> None:
    problems: dict[str, Any] = {}
    if not clean_words(order.reason, field="reason"):
        problems["reason"] = _("Write why.")
    for name in PARTS:
        clean_words(order.text(name), field=name)
    if _team(order).kind == Team.Kind.SQUAD:
        problems["to_team"] = _("A squad accepts no escalations. Choose another team.")
    target = _target(order)
    if target is not None and target <= clock.now():
        problems["target_at"] = _("The target time must lie ahead.")
    if problems:
        raise InvalidInput(_("The escalation form is not complete."), fields=problems)


def _team(order: Order) -> Team:
    team = team_of_code(order.text("to_team")[:40])
    if team is None:
        message = _("There is no team with this code.")
        raise InvalidInput(message, code="unknown_team", fields={"to_team": message})
    return team


def _target(order: Order) -> datetime | None:
    return datetime.fromisoformat(order.text("target_at")) if order.text("target_at") else None


bulk_verb("escalate", BulkVerb("request_escalation", _escalate, _check))
