"""Figures of quality: first contact, handling time, scores, and the sheet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import Http404
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from agents_ops.api.quality_shapes import (
    CasePageSerializer,
    CasesQuery,
    FiguresQuery,
    FirstContactSerializer,
    HandlingSerializer,
    ScoreSheetSerializer,
    ScoresSerializer,
)
from agents_ops.models import QualityRules
from agents_ops.quality.first_contact import cases, first_contact
from agents_ops.quality.handling import handling
from agents_ops.quality.scope import Scope, narrowed, scope_of, scope_of_own
from agents_ops.quality.scores import scores
from agents_ops.quality.spans import span_of
from helpdesk.common import clock
from helpdesk.common.api_docs import endpoint
from helpdesk.common.inputs import QuerySerializer, read_query
from helpdesk.common.paging import next_link, page_of
from people.actors import Actor
from people.models import User
from tickets.api.edge import actor_of

TAG = "Quality"
WHOSE = (
    "Leads see the work of their teams, management everybody's, an officer their own; another's is "
    "not found."
)


def figures(
    summary: str, *, name: str, answers: Any, query: Any, more: str
) -> Callable[[Any], Any]:
    return endpoint(
        summary,
        name=name,
        tag=TAG,
        description=f"{more} {WHOSE}",
        answers=answers,
        query=query,
        refuses=(403, 404),
    )


def scope_wanted(actor: Actor, asked: Mapping[str, Any]) -> Scope:
    """Raises NotAllowed, and Http404 where an officer asks for another's work."""
    leads = actor.may("review_quality") or actor.may("see_all_quality")
    if asked.get("mine") or not leads:
        own = scope_of_own(actor)
        if asked.get("officer") not in (None, own.person):
            raise Http404("person")
        return own
    return narrowed(scope_of(actor), person=asked.get("officer"), team=asked.get("team", ""))


@figures(
    "First-contact resolution",
    name="get_first_contact",
    answers=FirstContactSerializer,
    query=FiguresQuery,
    more="Of financial cases of reseller agents that were never escalated: docs/quality.md.",
)
@api_view(["GET"])
def contact(request: Request) -> Response:
    asked = read_query(request, FiguresQuery)
    scope = scope_wanted(actor_of(request), asked)
    rules, span = QualityRules.in_force(), span_of(clock.now(), asked["weeks"])
    found = first_contact(rules, span, scope)
    answer = {
        "goal": found.goal,
        "whole": found.whole,
        "weeks": _weekly(found.weeks, "cases"),
        "officers": _personal(found.officers, "cases"),
        "categories": [
            {"category": code, "cases": share} for code, share in sorted(found.categories.items())
        ],
    }
    return Response(FirstContactSerializer(answer).data)


@figures(
    "The cases behind first-contact resolution",
    name="list_first_contact_cases",
    answers=CasePageSerializer,
    query=CasesQuery,
    more="The latest closing first, each with what became of it.",
)
@api_view(["GET"])
def contact_cases(request: Request) -> Response:
    asked = read_query(request, CasesQuery)
    scope = scope_wanted(actor_of(request), asked)
    span = span_of(clock.now(), asked["weeks"])
    rows = cases(QualityRules.in_force(), span, scope)
    if outcome := asked.get("resolution"):
        rows = rows.filter(outcome=outcome)
    rows = rows.select_related("ticket", "closing_form__prepared_by")
    found, following = page_of(rows, asked, by=("at", "pk"), descending=True)
    answer = {"results": found, "next": next_link(request, following)}
    return Response(CasePageSerializer(answer).data)


@figures(
    "Handling time per step",
    name="get_handling_times",
    answers=HandlingSerializer,
    query=FiguresQuery,
    more="Median, 90th percentile and share within the standard of the playbooks' steps.",
)
@api_view(["GET"])
def times(request: Request) -> Response:
    asked = read_query(request, FiguresQuery)
    scope = scope_wanted(actor_of(request), asked)
    found = handling(span_of(clock.now(), asked["weeks"]), scope)
    answer = {
        "whole": found.whole,
        "steps": [
            {"playbook": playbook, "step": step, "times": each}
            for (playbook, step), each in sorted(found.steps.items())
        ],
        "weeks": _weekly(found.weeks, "times"),
        "officers": _personal(found.officers, "times"),
        "ended": found.ended,
        "case_seconds": found.case_seconds,
    }
    return Response(HandlingSerializer(answer).data)


@figures(
    "QA scores",
    name="get_qa_scores",
    answers=ScoresSerializer,
    query=FiguresQuery,
    more="Means of the reviews that officers were told of.",
)
@api_view(["GET"])
def qa_scores(request: Request) -> Response:
    asked = read_query(request, FiguresQuery)
    scope = scope_wanted(actor_of(request), asked)
    rules = QualityRules.in_force()
    found = scores(rules, span_of(clock.now(), asked["weeks"]), scope)
    answer = {
        "goal": found.goal,
        "whole": found.whole,
        "weeks": _weekly(found.weeks, "reviews"),
        "officers": _personal(found.officers, "reviews"),
        "criteria": found.criteria,
    }
    return Response(ScoresSerializer(answer).data)


@endpoint(
    "The score sheet in force",
    name="get_score_sheet",
    tag=TAG,
    description="Criteria with weights, and what each mark is worth. For the desk.",
    answers=ScoreSheetSerializer,
    refuses=(403,),
)
@api_view(["GET"])
def sheet(request: Request) -> Response:
    read_query(request, QuerySerializer)
    require_desk(actor_of(request))
    rules = QualityRules.exactly_in_force()
    names = ("criteria", "marks", "goal_percent")
    answer = {"version": rules.version, **{name: rules.body[name] for name in names}}
    return Response(ScoreSheetSerializer(answer).data)


def require_desk(actor: Actor) -> None:
    """Raises NotAllowed to who neither works at the desk nor looks on."""
    if not actor.may("see_all_quality"):
        scope_of_own(actor)


def _weekly(rows: Mapping[Any, Any], name: str) -> list[dict[str, Any]]:
    return [{"week": week, name: each} for week, each in sorted(rows.items())]


def _personal(rows: Mapping[Any, Any], name: str) -> list[dict[str, Any]]:
    people = User.objects.filter(pk__in=[pk for pk in rows if pk]).order_by("full_name", "pk")
    return [{"officer": person, name: rows[person.pk]} for person in people]
