"""The six fixed stops of a ticket (domain section 2), as the customer reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from tickets.models import EventKind, Ticket, TicketEvent
from tickets.states import Channel, State
from tickets.story import Story, urgency

_REACHED_BY = {
    State.RECEIVED: (EventKind.RECEIVED,),
    State.CLASSIFIED: (EventKind.CLASSIFIED,),
    State.HANDLED: (EventKind.HANDLED, EventKind.RETURNED, EventKind.REOPENED),
    State.ESCALATED: (EventKind.ESCALATED, EventKind.REDIRECTED),
    State.MONITORED: (EventKind.ACCEPTED,),
    State.CLOSED: (EventKind.CLOSED, EventKind.MERGED),
}


@dataclass(frozen=True)
class Stop:
    """`css` is 'done', 'now' or nothing; `at` when it was last reached."""

    title: str
    note: str
    css: str
    at: datetime | None


def stops(ticket: Ticket, story: Story) -> list[Stop]:
    return [_stop(State(state), ticket, story) for state in State.values]


def _stop(state: State, ticket: Ticket, story: Story) -> Stop:
    event = story.last(*_REACHED_BY[state])
    here = ticket.state == state
    # After a reopening the ticket is not closed any more, though it once was.
    if event is None or (state == State.CLOSED and not here):
        return Stop(_ahead(state), _skipped(state, ticket), "", None)
    css = "now" if here and ticket.is_open else "done"
    title, note = _behind(state, event, ticket, story)
    return Stop(title, note, css, event.at)


def _ahead(state: State) -> str:
    return {
        State.RECEIVED: _("Complaint received"),
        State.CLASSIFIED: _("Checked"),
        State.HANDLED: _("Handled by our care team"),
        State.ESCALATED: _("Passed on to a specialist team, if needed"),
        State.MONITORED: _("Watched over until it is settled"),
        State.CLOSED: _("Closed after you agree"),
    }[state]


def _skipped(state: State, ticket: Ticket) -> str:
    """Why a stop that was never reached stays empty; nothing while it still lies ahead."""
    if not ticket.is_open:
        return _("This was not needed.")
    order = list(State)
    behind = order.index(state) < order.index(State(ticket.state))
    return _("It was passed straight on.") if behind else ""


def _behind(state: State, event: TicketEvent, ticket: Ticket, story: Story) -> tuple[str, str]:
    if state == State.RECEIVED:
        return _("Complaint received"), _("by %(channel)s") % {
            "channel": Channel(ticket.channel).label
        }
    if state == State.CLASSIFIED:
        note = _("marked as %(urgency)s") % {"urgency": urgency(ticket.priority)}
        return _("Checked"), note
    if state == State.HANDLED:
        handled = story.last(EventKind.HANDLED)
        name = story.name(handled.data.get("assignee")) if handled else ""
        return _("Handled"), _("by %(name)s") % {"name": name} if name else ""
    if state == State.ESCALATED:
        return _("Passed on to %(team)s") % {"team": story.team(event, "to_team")}, ""
    if state == State.MONITORED:
        return _("Watched over until it is settled"), story.team(event, "team")
    return _("Closed"), ""
