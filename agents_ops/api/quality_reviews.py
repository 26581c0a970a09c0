"""Reviews and coaching notes through the API."""

from __future__ import annotations

from typing import Any

from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from agents_ops.api.quality import TAG, WHOSE, require_desk
from agents_ops.api.quality_shapes import (
    DrawInput,
    NoteInput,
    NotePageSerializer,
    NoteSerializer,
    NotesReadSerializer,
    QaReviewDetailSerializer,
    QaReviewPageSerializer,
    ReviewAnswer,
    ReviewFilled,
    ReviewPicked,
    ReviewSettled,
    ReviewsQuery,
    SampleSerializer,
)
from agents_ops.quality.late_escalation import proposal_for
from agents_ops.quality.sampling import Draw
from agents_ops.quality.selectors import (
    may_review,
    notes_for,
    review_for_actor_or_404,
    reviews_for,
)
from agents_ops.quality.services import (
    GivenMark,
    answer_review,
    draw_sample,
    fill_review,
    pick_ticket,
    read_coaching_notes,
    settle_review,
    write_coaching_note,
)
from agents_ops.quality.states import ReviewState
from helpdesk.common.api_docs import endpoint
from helpdesk.common.inputs import QuerySerializer, read_body, read_query
from helpdesk.common.paging import PageQuery, next_link, page_of
from people.actors import Actor
from tickets.api.edge import actor_of, find_ticket


@endpoint(
    "Reviews",
    name="list_quality_reviews",
    tag=TAG,
    method="GET",
    description=f"The latest chosen first. {WHOSE}",
    answers=QaReviewPageSerializer,
    query=ReviewsQuery,
    refuses=(403,),
)
@endpoint(
    "Choose a closed ticket to review",
    name="pick_review",
    tag=TAG,
    method="POST",
    description="Chosen twice it is one review. For those who lead the ticket's squad.",
    body=ReviewPicked,
    answers=QaReviewDetailSerializer,
    status=201,
    refuses=(403, 404, 409),
)
@api_view(["GET", "POST"])
def reviews(request: Request) -> Response:
    actor = actor_of(request)
    if request.method == "POST":
        actor.require("review_quality")
        number = read_body(request, ReviewPicked)["ticket"]
        review = pick_ticket(actor=actor, ticket_id=find_ticket(actor, number).pk)
        return _answer(actor, review.pk, status=201)
    asked = read_query(request, ReviewsQuery)
    require_desk(actor)
    rows = reviews_for(actor)
    if state := asked.get("state"):
        rows = rows.filter(state=state)
    if (officer := asked.get("officer")) is not None:
        rows = rows.filter(officer=officer)
    found, following = page_of(rows, asked, by=("picked_at", "pk"), descending=True)
    answer = {"results": found, "next": next_link(request, following)}
    return Response(QaReviewPageSerializer(answer).data)


@endpoint(
    "A review",
    name="get_quality_review",
    tag=TAG,
    description=f"With its marks, the officer's answer and how it was settled. {WHOSE}",
    answers=QaReviewDetailSerializer,
    refuses=(404,),
)
@api_view(["GET"])
def review(request: Request, pk: int) -> Response:
    read_query(request, QuerySerializer)
    return _answer(actor_of(request), pk)


@endpoint(
    "Fill the score sheet",
    name="fill_review",
    tag=TAG,
    description="One mark of each criterion; what takes points away names a message or an event of "
    "the ticket. The officer is told.",
    body=ReviewFilled,
    answers=QaReviewDetailSerializer,
    refuses=(403, 404, 409),
)
@api_view(["POST"])
def marks(request: Request, pk: int) -> Response:
    actor = actor_of(request)
    review_for_actor_or_404(actor, pk)
    asked = read_body(request, ReviewFilled)
    fill_review(actor=actor, review_id=pk, **{**asked, "marks": _given(asked["marks"])})
    return _answer(actor, pk)


@endpoint(
    "Answer a review of one's own work",
    name="answer_review",
    tag=TAG,
    description="Once, as long as `answer_until` lies ahead.",
    body=ReviewAnswer,
    answers=QaReviewDetailSerializer,
    refuses=(403, 404, 409),
)
@api_view(["POST"])
def answer(request: Request, pk: int) -> Response:
    actor = actor_of(request)
    review_for_actor_or_404(actor, pk)
    answer_review(actor=actor, review_id=pk, **read_body(request, ReviewAnswer))
    return _answer(actor, pk)


@endpoint(
    "Settle a review",
    name="settle_review",
    tag=TAG,
    description="After the officer's answer: the marks stand, or are given anew, with reasons.",
    body=ReviewSettled,
    answers=QaReviewDetailSerializer,
    refuses=(403, 404, 409),
)
@api_view(["POST"])
def settlement(request: Request, pk: int) -> Response:
    actor = actor_of(request)
    review_for_actor_or_404(actor, pk)
    asked = read_body(request, ReviewSettled)
    given = _given(asked["marks"]) if "marks" in asked else None
    settle_review(actor=actor, review_id=pk, **{**asked, "marks": given})
    return _answer(actor, pk)


@endpoint(
    "Draw a sample",
    name="draw_sample",
    tag=TAG,
    description="As many closed tickets of each officer, by chance from a seed. For those who lead.",
    body=DrawInput,
    answers=SampleSerializer,
    status=201,
    refuses=(403, 409),
)
@api_view(["POST"])
def samples(request: Request) -> Response:
    actor = actor_of(request)
    actor.require("review_quality")
    asked = read_body(request, DrawInput)
    team = asked.pop("team")
    made = draw_sample(actor=actor, draw=Draw(**asked), team=team)
    names = ("id", "seed", "since", "until", "per_officer", "drawn_at")
    shape: dict[str, Any] = {name: getattr(made, name) for name in names}
    shape["reviews"] = reviews_for(actor).filter(sample=made).order_by("pk")
    return Response(SampleSerializer(shape).data, status=201)


@endpoint(
    "Coaching notes",
    name="list_coaching_notes",
    tag=TAG,
    method="GET",
    description="The latest first: to oneself, by oneself, and to whom one leads.",
    answers=NotePageSerializer,
    query=PageQuery,
    refuses=(403,),
)
@endpoint(
    "Write a coaching note",
    name="write_coaching_note",
    tag=TAG,
    method="POST",
    description="To an officer whom one leads, perhaps about a review.",
    body=NoteInput,
    answers=NoteSerializer,
    status=201,
    refuses=(403, 404),
)
@api_view(["GET", "POST"])
def notes(request: Request) -> Response:
    actor = actor_of(request)
    if request.method == "POST":
        asked = read_body(request, NoteInput)
        made = write_coaching_note(
            actor=actor,
            officer_id=asked["officer"],
            text=asked["text"],
            review_id=asked.get("review"),
        )
        return Response(NoteSerializer(made).data, status=201)
    asked = read_query(request, PageQuery)
    require_desk(actor)
    found, following = page_of(notes_for(actor), asked, by=("at", "pk"), descending=True)
    answer = {"results": found, "next": next_link(request, following)}
    return Response(NotePageSerializer(answer).data)


@endpoint(
    "Say that one's notes were read",
    name="read_coaching_notes",
    tag=TAG,
    answers=NotesReadSerializer,
    refuses=(403,),
)
@api_view(["POST"])
def notes_read(request: Request) -> Response:
    actor = actor_of(request)
    require_desk(actor)
    return Response({"read": read_coaching_notes(actor=actor)})


def _given(rows: list[dict[str, Any]]) -> list[GivenMark]:
    return [GivenMark(**row) for row in rows]


def _answer(actor: Actor, pk: int, *, status: int = 200) -> Response:
    found = review_for_actor_or_404(actor, pk)
    waits = found.state == ReviewState.OPEN and may_review(actor, found)
    context = {"proposal": proposal_for(found) if waits else None}
    return Response(QaReviewDetailSerializer(found, context=context).data, status=status)
