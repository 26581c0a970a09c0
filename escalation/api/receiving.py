"""A receiving team's work on a ticket: its plan, hearings, decision, freezes, what may be told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from escalation.api import receiving_shapes as shapes
from escalation.freezes import frozen_elsewhere
from escalation.selectors import (
    decisions_of,
    follow_ups_of,
    freezes_for,
    freezes_of,
    hearings_of,
    relays_of,
)
from escalation.services import (
    Ruling,
    ask_freeze,
    ask_unfreeze,
    decide_freeze,
    decide_mediation,
    finish_follow_up,
    move_follow_up,
    move_target,
    plan_follow_up,
    record_hearing,
    release_relay,
)
from helpdesk.common.api_docs import IF_MATCH, endpoint
from helpdesk.common.inputs import InputSerializer, QuerySerializer, read_query
from helpdesk.common.outputs import listed
from helpdesk.common.paging import next_link, page_of
from tickets.api.actions import verb
from tickets.api.edge import Call, actor_of, changed, person_of_id, read_call, read_look
from tickets.api.shapes import TicketDetailSerializer

TAG = "Receiving teams"


def papers(
    noun: str,
    *,
    names: tuple[str, str],
    reads: Callable[..., Any],
    shape: Any,
    answers: Any,
    body: type[InputSerializer],
    summaries: tuple[str, str],
    beside: Callable[[Call, Any], dict[str, Any]] | None = None,
) -> Callable[[Callable[[Call], Any]], Any]:
    """GET lists the papers of one kind; POST adds one by the decorated function, answers the ticket.

    `beside` is what the list says next to its results.
    """

    def wrap(add: Callable[[Call], Any]) -> Any:
        def view(request: Request, number: str) -> Response:
            if request.method == "POST":
                call = read_call(request, number, body)
                add(call)
                return changed(call)
            look = read_look(request, number, QuerySerializer)
            rows = reads(look.ticket, actor=look.actor)
            more = beside(look, rows) if beside else {}
            return Response({"results": listed(shape, rows, at_desk=True), **more})

        view.__name__, view.__doc__ = noun, add.__doc__
        listing = endpoint(
            summaries[0],
            name=names[0],
            tag=TAG,
            method="GET",
            description=f"{summaries[0]}. For the desk.",
            answers=answers,
            refuses=(403, 404),
        )
        adding = endpoint(
            summaries[1],
            name=names[1],
            tag=TAG,
            method="POST",
            description=add.__doc__ or "",
            body=body,
            answers=TicketDetailSerializer,
            headers=(IF_MATCH,),
            refuses=(403, 404, 409, 412),
        )
        return listing(adding(api_view(["GET", "POST"])(view)))

    return wrap


def _on_paper(call: Call, noun: str, act: Callable[..., Any]) -> Response:
    """Do it to the paper that the body names under `noun`; the service looks whether it is the ticket's."""
    values = dict(call.values)
    act(**call.change, **{f"{noun}_id": values.pop(noun)}, **values)
    return changed(call)


def _elsewhere(look: Call, rows: Any) -> dict[str, Any]:
    found = frozen_elsewhere(look.ticket, rows, actor=look.actor)
    return {"elsewhere": listed(shapes.FrozenElsewhereSerializer, found)}


@papers(
    "follow_ups",
    names=("list_follow_ups", "plan_follow_up"),
    reads=follow_ups_of,
    shape=shapes.FollowUpSerializer,
    answers=shapes.FollowUpListSerializer,
    body=shapes.NewFollowUp,
    summaries=("A ticket's follow-ups", "Plan a follow-up"),
)
def follow_ups(call: Call) -> None:
    """One more step of the receiving team's plan; it reminds its owner and, left open, escalates."""
    values = dict(call.values)
    owner = values.pop("owner", None)
    plan_follow_up(**call.change, **values, owner=person_of_id(owner, "owner"))


@verb("Finish a follow-up", name="finish_follow_up", body=shapes.FollowUpDone, tag=TAG)
def follow_up_done(request: Request, number: str) -> Response:
    """Done, with what came of it. The next news to CS is done by a progress report instead."""
    return _on_paper(read_call(request, number, shapes.FollowUpDone), "follow_up", finish_follow_up)


@verb("Move a follow-up", name="move_follow_up", body=shapes.FollowUpMove, tag=TAG)
def follow_up_move(request: Request, number: str) -> Response:
    """To another moment, with a reason."""
    return _on_paper(read_call(request, number, shapes.FollowUpMove), "follow_up", move_follow_up)


@verb("Move the team's target", name="move_target", body=shapes.TargetMove, tag=TAG)
def target(request: Request, number: str) -> Response:
    """To another date than the one promised, with a reason; it warns and is missed anew."""
    call = read_call(request, number, shapes.TargetMove)
    move_target(**call.change, **call.values)
    return changed(call)


@papers(
    "hearings",
    names=("list_hearings", "record_hearing"),
    reads=hearings_of,
    shape=shapes.HearingSerializer,
    answers=shapes.HearingListSerializer,
    body=shapes.NewHearing,
    summaries=("A mediation's hearings", "Record a hearing"),
)
def hearings(call: Call) -> None:
    """What the buyer or the seller said, or why that side could not be heard."""
    record_hearing(**call.change, **call.values)


@papers(
    "decisions",
    names=("list_decisions", "decide_mediation"),
    reads=decisions_of,
    shape=shapes.DecisionSerializer,
    answers=shapes.DecisionListSerializer,
    body=shapes.NewDecision,
    summaries=("A mediation's decisions", "Decide a mediation"),
)
def decisions(call: Call) -> None:
    """By the assigned mediator, once both sides are heard; each side gets a letter with its reasons."""
    decide_mediation(**call.change, ruling=Ruling(**call.values))


@papers(
    "freezes",
    names=("list_ticket_freezes", "ask_freeze"),
    reads=freezes_of,
    shape=shapes.FreezeSerializer,
    answers=shapes.FreezeListSerializer,
    body=shapes.NewFreeze,
    summaries=("A ticket's freezes", "Ask for a freeze"),
    beside=_elsewhere,
)
def freezes(call: Call) -> None:
    """Ask that an account, shop, transaction or balance be frozen; another person decides."""
    ask_freeze(**call.change, **call.values)


@verb("Ask to lift a freeze", name="ask_unfreeze", body=shapes.NewUnfreeze, tag=TAG)
def freeze_lift(request: Request, number: str) -> Response:
    """One freeze of this ticket; another person decides. What other tickets froze stays frozen."""
    return _on_paper(read_call(request, number, shapes.NewUnfreeze), "freeze", ask_unfreeze)


@verb("Decide a freeze", name="decide_freeze", body=shapes.FreezeVerdict, tag=TAG)
def freeze_decision(request: Request, number: str) -> Response:
    """A supervisor, the operations manager or a lead of the fraud team; never who asked."""
    return _on_paper(read_call(request, number, shapes.FreezeVerdict), "freeze", decide_freeze)


@endpoint(
    "Freezes of all tickets",
    name="list_freezes",
    tag=TAG,
    description=(
        "Oldest first. The desk sees those of its tickets; a system that executes freezes sees "
        "every approved one, by the moment of the decision, and asks again with the last cursor. "
        "For each row it does what `frozen` says: true, the thing is or stays frozen; false, free."
    ),
    query=shapes.FreezeQuery,
    answers=shapes.FreezePageSerializer,
    refuses=(403,),
)
@api_view(["GET"])
def all_freezes(request: Request) -> Response:
    actor = actor_of(request)
    rows = freezes_for(actor)
    query = read_query(request, shapes.FreezeQuery)
    if wanted := query.get("state"):
        decided = {"pending": None, "approved": True, "declined": False}[wanted]
        rows = rows.filter(approved=decided)
    by = ("asked_at", "id") if actor.at_desk else ("decided_at", "id")
    found, following = page_of(rows, query, by=by)
    shown = listed(shapes.FreezeSerializer, found, at_desk=actor.at_desk)
    return Response({"results": shown, "next": next_link(request, following)})


@papers(
    "relays",
    names=("list_relays", "release_relay"),
    reads=relays_of,
    shape=shapes.RelaySerializer,
    answers=shapes.RelayListSerializer,
    body=shapes.NewRelay,
    summaries=("What may be told", "Release words for the customer"),
)
def relays(call: Call) -> None:
    """A team that never writes to customers says what the officer may tell."""
    release_relay(**call.change, **call.values)
