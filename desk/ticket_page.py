"""Everything that the ticket page shows, from the ticket's case file."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from desk.actions import Action, actions_for, facts, facts_of
from desk.assignment_sentences import weighing
from desk.case_file import CaseFile, read_case_file
from desk.composer import IN_COMPOSER, composer, leaving
from desk.customer_panel import details, look_context
from desk.forms import TicketForm
from desk.joined import Joined, joined, merge_among, origins, split_offs
from desk.offers import Offer
from desk.playbook.panel import playbook_panel
from desk.playbook.step_form import StepForm
from desk.promises import promises
from desk.reasons import marked_spans, reasons
from desk.receiving_panel import panel
from desk.sentences import Names
from desk.timeline import entries, stages_of
from desk.verbs import VERBS
from escalation.models import Escalation
from people.actors import Actor
from tickets.models import Classification, EventKind, Ticket, TicketEvent, TicketLink
from tickets.tag_reads import tags_of_ids
from tickets.turns import last_of

ON_OWN_PAGE = ("escalate",)
# A receiving team works on its document; here stand only the verbs that concern the squad as well.
ON_DOCUMENT = (
    *("target", "follow_up", "follow_up_done", "follow_up_move"),
    *("hearing", "decide", "relay"),
)
# What moves the case on stands first; the first of these is also the heading's button.
LEADING = ("verify", "accept", "handle", "take", "escalate", "close", "reopen")


def ticket_context(
    actor: Actor,
    ticket: Ticket,
    *,
    bound: dict[str, TicketForm] | None = None,
    opened: str = "",
    step_form: StepForm | None = None,
) -> dict[str, Any]:
    """The context of `desk/ticket/pane.html`. `bound` holds forms that came back with errors,
    `step_form` the one of the playbook's open step."""
    bound = bound or {}
    file = read_case_file(actor, ticket)
    linked = joined(ticket, file.links, file.linked_seen)
    merge = merge_among(ticket, linked)
    offers = _offers(actor, file, merge, bound, opened)
    names = Names(file.events, file.people, file.teams)
    told = reasons(_classifications(file.events))
    return {
        "ticket": ticket,
        "tags": tags_of_ids(ticket.tags),
        "offers": [offer for offer in offers if offer.name not in IN_COMPOSER],
        "lead": next((o for o in offers if o.name in LEADING and o.action.allowed), None),
        "composer": composer(file, offers, bound),
        "leaving": leaving(actor, file),
        "refused": _refused(bound, offers),
        "entries": entries(
            file.events,
            file.messages,
            file.files,
            names,
            origins(ticket, file.links),
            split_offs(file.events),
        ),
        "last_event": file.events[-1].pk if file.events else 0,
        "joined": linked,
        "merge": merge,
        "watchers": file.watchers,
        "member": file.member,
        "may_link": actor.may("work_ticket"),
        "marks": marked_spans(ticket, told),
        "stages": stages_of(ticket, file.events),
        "first_message_id": _first_message(file.events),
        "promises": promises(file.clocks),
        "playbook": playbook_panel(actor, file, step_form),
        "reasons": told,
        "weighing": weighing(file.events, names),
        "escalations": file.escalations,
        "teamwork": panel(
            actor,
            ticket,
            file.escalations,
            file.freezes,
            file.decisions,
            file.relays,
            file.messages,
        ),
        "requested": _requested(file),
        "confirmation_ends": file.confirmation.due_at if file.confirmation else None,
        "details": details(actor, ticket),
        **look_context(actor, ticket),
        "earlier": file.earlier,
        "satisfaction": file.satisfaction,
        "closing": next(iter(file.closings), None),
        "standing": _("paused, on hold") if ticket.held_until else "",
        "pulled_forward": _pulled_forward(file.events),
        "unread": file.unread,
        "page_title": ticket.subject,
    }


def dialog_context(actor: Actor, ticket: Ticket, verb: str) -> dict[str, Any] | None:
    """The context of `desk/ticket/dialog_form.html`; None where the verb is not possible now."""
    found = actions_for(actor, ticket, facts_of(ticket))
    action = next((each for each in found if each.verb == verb and each.allowed), None)
    if action is None or verb in ON_OWN_PAGE or not VERBS[verb].asks:
        return None
    requested = ticket.escalations.filter(state="requested").first() if verb == "verify" else None
    offer = _offer(action, actor, ticket, {}, opened=verb)
    return {"ticket": ticket, "offer": offer, "requested": requested}


def _offers(
    actor: Actor,
    file: CaseFile,
    merge: Joined | None,
    bound: dict[str, TicketForm],
    opened: str,
) -> list[Offer]:
    requested = _requested(file) is not None
    known = facts(
        file.ticket,
        last_of(file.ticket, file.events),
        file.work,
        requested=requested,
        merged=merge is not None,
        undoable=merge is not None and merge.undo_until is not None,
        linked=any(link.kind in TicketLink.BY_HAND for link in file.links),
        watchers=frozenset(person.pk for person in file.watchers),
        member=file.member,
    )
    found = actions_for(actor, file.ticket, known)
    actions = [action for action in found if action.verb not in ON_DOCUMENT]
    return [_offer(action, actor, file.ticket, bound, opened) for action in _sorted(actions)]


def _requested(file: CaseFile) -> Escalation | None:
    return next((row for row in file.escalations if row.state == "requested"), None)


def _classifications(events: list[TicketEvent]) -> list[Classification]:
    rows = [(event, getattr(event, "classification", None)) for event in events]
    for event, row in rows:
        if row is not None:
            row.event = event
    return [row for _event, row in rows if row is not None]


def _offer(
    action: Action, actor: Actor, ticket: Ticket, bound: dict[str, TicketForm], opened: str
) -> Offer:
    if action.verb in ON_OWN_PAGE:
        url = reverse("desk:escalate", args=[ticket.number])
        return Offer(action=action, verb=None, form=None, url=url, opened=False)
    verb = VERBS[action.verb]
    form = bound.get(action.verb)
    # The others are fetched when their dialog opens: most of them never do.
    if form is None and action.allowed and action.verb == opened:
        form = verb.make_form(ticket, actor)
    return Offer(
        action=action,
        verb=verb,
        form=form,
        url=reverse("desk:verb", args=[ticket.number, action.verb]),
        opened=action.verb in bound or action.verb == opened,
    )


def _sorted(actions: list[Action]) -> list[Action]:
    order = {verb: place for place, verb in enumerate(LEADING)}
    return sorted(actions, key=lambda action: order.get(action.verb, len(order)))


def _refused(bound: dict[str, TicketForm], offers: list[Offer]) -> list[str]:
    """What is wrong with a form whose verb is not offered (any more): shown above the ticket."""
    offered = {offer.name for offer in offers if offer.action.allowed}
    return [
        str(message)
        for name, form in bound.items()
        if name not in offered
        for messages in form.errors.values()
        for message in messages
    ]


def _first_message(events: list[Any]) -> int | None:
    received = next((event for event in events if event.kind == EventKind.RECEIVED), None)
    return received.data.get("message") if received else None


def _pulled_forward(events: list[Any]) -> bool:
    """By a supervisor, not by the customer's code."""
    moves = [event for event in events if event.kind == EventKind.PULLED_FORWARD]
    return bool(moves) and bool(moves[-1].data.get("on"))
