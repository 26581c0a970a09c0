"""What the reporter of a ticket may do with it now: the counterpart of desk/actions.py."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from desk.actions import Action
from people.actors import Actor
from tickets.models import ClosingForm, Ticket
from tickets.services import may_change_until, reopen_until
from tickets.turns import is_left, last_said


def reporter_actions(actor: Actor, ticket: Ticket, now: datetime) -> Iterator[Action]:
    """At most one query; nothing for somebody who neither is the customer nor filed it."""
    if not _is_reporter(actor, ticket):
        return
    if ticket.is_open:
        yield Action("write")
        if ticket.confirmation_asked_at is not None:
            yield Action("answer")
        if ticket.waiting_for_customer_since and is_left(ticket, last_said(ticket)):
            yield Action("need_reply")
        return
    if not actor.may("reopen_ticket"):
        in_time = now <= reopen_until(ticket)
        yield Action("reopen", "" if in_time else _("the time to reopen has passed"))
    if _may_answer(ticket, now):
        yield Action("survey")


def _is_reporter(actor: Actor, ticket: Ticket) -> bool:
    if actor.user is None:
        return actor.customer is not None and actor.customer.pk == ticket.customer_id
    return actor.user.pk in (ticket.customer.user_id, ticket.created_by_id)


def _may_answer(ticket: Ticket, now: datetime) -> bool:
    """The survey of the latest closing: not yet answered, or so lately that it can be changed."""
    forms = ClosingForm.objects.filter(ticket=ticket, event__isnull=False)
    latest = forms.select_related("survey").order_by("-id").first()
    survey = getattr(latest, "survey", None)
    return survey is None or now <= may_change_until(survey)
