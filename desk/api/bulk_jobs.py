"""Orders on many tickets as jobs: given, looked at, confirmed, stopped, given again, their results."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from desk.bulk import matching
from desk.search import typed_in
from desk.work_page import Wanted
from helpdesk.common.api_docs import endpoint
from helpdesk.common.errors import InvalidInput
from helpdesk.common.inputs import QuerySerializer, read_body, read_query
from helpdesk.common.outputs import Moment, listed
from helpdesk.common.paging import PageQuery, next_link, page_of
from helpdesk.common.wording import LANGUAGES
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.api.serializers import PersonSerializer
from tickets.api import inputs
from tickets.api.bulk_inputs import BulkResultQuery, NewBulkJob, order_of
from tickets.api.edge import actor_of
from tickets.bulk_reads import (
    counts_of_job,
    items_left,
    job_for_actor_or_404,
    jobs_of,
    reasons_of,
    said,
)
from tickets.models import BulkItem, BulkJob
from tickets.services import (
    again_bulk_job,
    confirm_bulk_job,
    start_bulk_job,
    stop_bulk_job,
)
from tickets.tasks import work_on_bulk_jobs

TAG = "Many tickets"


class BulkReasonSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    detail = serializers.CharField(help_text="In the language of Accept-Language.")
    detail_id = serializers.CharField()
    detail_en = serializers.CharField()
    number = serializers.IntegerField()


class BulkJobSerializer(serializers.Serializer[BulkJob]):
    id = serializers.IntegerField(source="pk")
    url = serializers.SerializerMethodField()
    verb = serializers.CharField()
    state = serializers.ChoiceField(choices=BulkJob.State.choices)
    started_by = PersonSerializer()
    created_at = Moment()
    checked_at = Moment(allow_null=True)
    confirmed_at = Moment(allow_null=True)
    ended_at = Moment(allow_null=True)
    again_of = serializers.IntegerField(source="again_of_id", allow_null=True)
    total = serializers.IntegerField()

    def get_url(self, job: BulkJob) -> str:
        return _address(job)


class BulkCountsSerializer(serializers.Serializer[Any]):
    waiting = serializers.IntegerField(help_text="Not tried yet.")
    fits = serializers.IntegerField(help_text="Tried: would be done.")
    unfit = serializers.IntegerField(help_text="Tried: would be refused.")
    done = serializers.IntegerField()
    refused = serializers.IntegerField()


class BulkJobDetailSerializer(BulkJobSerializer):
    counts = serializers.SerializerMethodField()
    reasons = serializers.SerializerMethodField(help_text="The most frequent first.")

    @extend_schema_field(BulkCountsSerializer)
    def get_counts(self, job: BulkJob) -> Any:
        return BulkCountsSerializer(counts_of_job(job)).data

    @extend_schema_field(BulkReasonSerializer(many=True))
    def get_reasons(self, job: BulkJob) -> Any:
        rows = [
            {
                "code": reason.code,
                "detail": str(reason.why),
                **{f"detail_{language}": reason.why.said_in(language) for language in LANGUAGES},
                "number": reason.number,
            }
            for reason in reasons_of(job)
        ]
        return listed(BulkReasonSerializer, rows)


class BulkItemSerializer(serializers.Serializer[BulkItem]):
    number = serializers.CharField()
    state = serializers.ChoiceField(choices=BulkItem.State.choices)
    code = serializers.CharField(allow_blank=True, help_text="Why not; empty when it is done.")
    detail_id = serializers.SerializerMethodField()
    detail_en = serializers.SerializerMethodField()
    at = Moment(allow_null=True)

    def get_detail_id(self, item: BulkItem) -> str:
        return said(item.why).said_in("id")

    def get_detail_en(self, item: BulkItem) -> str:
        return said(item.why).said_in("en")


class BulkJobPageSerializer(serializers.Serializer[Any]):
    results = BulkJobSerializer(many=True)
    next = serializers.URLField(allow_null=True)


class BulkItemPageSerializer(serializers.Serializer[Any]):
    results = BulkItemSerializer(many=True)
    next = serializers.URLField(allow_null=True)


@endpoint(
    "Bulk jobs",
    name="list_bulk_jobs",
    tag=TAG,
    method="GET",
    description="The caller's own of the last 90 days; supervisors see everybody's. The latest first.",
    query=PageQuery,
    answers=BulkJobPageSerializer,
    refuses=(403,),
)
@endpoint(
    "Give an order on many tickets",
    name="create_bulk_job",
    tag=TAG,
    method="POST",
    description=(
        "Up to 10,000 tickets: `numbers`, or all of a `view` or `search` as it is at this moment. "
        "Who may do it to one ticket may do it to many; each is changed in a transaction of its own, "
        "none twice. With `preview` it is tried on each first and waits for `confirm`. Replies are "
        "not sent where somebody wrote after the order was given (`reply_crossed`)."
    ),
    body=NewBulkJob,
    status=202,
    answers=BulkJobDetailSerializer,
    refuses=(403, 409, 422, 429),
)
@api_view(["GET", "POST"])
def bulk_jobs(request: Request) -> Response:
    actor = actor_of(request)
    actor.require("work_ticket")
    if request.method == "GET":
        query = read_query(request, PageQuery)
        rows, more = page_of(jobs_of(actor), query, by=("created_at", "id"), descending=True)
        results = listed(BulkJobSerializer, rows)
        return Response({"results": results, "next": next_link(request, more)})
    values = read_body(request, NewBulkJob)
    job = start_bulk_job(
        actor=actor,
        order=order_of(values),
        **_chosen(actor, values),
        confirmed=not values["preview"],
    )
    return _accepted(job)


@endpoint(
    "A bulk job",
    name="get_bulk_job",
    tag=TAG,
    description="How far it came, and why tickets are refused.",
    answers=BulkJobDetailSerializer,
    refuses=(404,),
)
@api_view(["GET"])
def bulk_job(request: Request, pk: int) -> Response:
    read_query(request, QuerySerializer)
    return _answer(job_for_actor_or_404(actor_of(request), pk))


@endpoint(
    "What became of each ticket",
    name="list_bulk_results",
    tag=TAG,
    query=BulkResultQuery,
    answers=BulkItemPageSerializer,
    refuses=(404,),
)
@api_view(["GET"])
def results(request: Request, pk: int) -> Response:
    job = job_for_actor_or_404(actor_of(request), pk)
    query = read_query(request, BulkResultQuery)
    items = _of_outcome(job, query.get("outcome", "")).filter(place__gt=_place(query))
    size = query["page_size"]
    rows = list(items.order_by("place")[: size + 1])
    more = {**query, "cursor": str(rows[size - 1].place)} if len(rows) > size else None
    return Response(
        {"results": listed(BulkItemSerializer, rows[:size]), "next": next_link(request, more)}
    )


def _verb(
    summary: str, *, name: str, description: str, status: int = 200, refuses: tuple[int, ...] = ()
) -> Any:
    return endpoint(
        summary,
        name=name,
        tag=TAG,
        description=description,
        body=inputs.Nothing,
        status=status,
        answers=BulkJobDetailSerializer,
        refuses=(404, 409, *refuses),
    )


@_verb(
    "Do what was looked at",
    name="confirm_bulk_job",
    description="A job of `preview` that is `ready` runs. Twice changes nothing. For its owner.",
    refuses=(403,),
)
@api_view(["POST"])
def confirm(request: Request, pk: int) -> Response:
    actor = _found(request, pk)
    job = confirm_bulk_job(actor=actor, job_id=pk)
    work_on_bulk_jobs.delay_on_commit()  # type: ignore[attr-defined]
    return _answer(job)


@_verb(
    "Stop a bulk job",
    name="stop_bulk_job",
    description="No further ticket is begun; what is done stays done.",
)
@api_view(["POST"])
def stop(request: Request, pk: int) -> Response:
    actor = _found(request, pk)
    return _answer(stop_bulk_job(actor=actor, job_id=pk))


@_verb(
    "Again for those not reached",
    name="again_bulk_job",
    status=202,
    description="A new job, tried first, for the tickets that had no turn or were locked.",
)
@api_view(["POST"])
def again(request: Request, pk: int) -> Response:
    actor = _found(request, pk)
    return _accepted(again_bulk_job(actor=actor, job_id=pk))


def _found(request: Request, pk: int) -> Actor:
    """The job first: to somebody who may not see it, nothing else is told."""
    actor = actor_of(request)
    job_for_actor_or_404(actor, pk)
    read_body(request, inputs.Nothing)
    return actor


def _chosen(actor: Actor, values: dict[str, Any]) -> dict[str, Any]:
    """Exactly one of `numbers`, `view` and `search`."""
    given = [name for name in ("numbers", "view", "search") if values.get(name)]
    if len(given) != 1:
        message = _("Give numbers, a view or a search: one of them.")
        raise InvalidInput(message, code="choose_one", fields={"numbers": message})
    if given == ["numbers"]:
        return {"numbers": values["numbers"]}
    wanted = Wanted(values.get("view", "all"), {}, typed_in(values.get("search", "")), None)
    try:
        chosen = matching(actor, wanted)
    except Http404:
        message = _("There is no such view.")
        raise InvalidInput(message, code="unknown_view", fields={"view": message}) from None
    return {"ticket_ids": chosen.ids, "source": chosen.source}


def _of_outcome(job: BulkJob, outcome: str) -> Any:
    if outcome == "left":
        return items_left(job)
    states = {"refused": ("unfit", "refused"), "done": ("done",)}.get(outcome)
    return job.items.filter(state__in=states) if states else job.items.all()


def _place(query: dict[str, Any]) -> int:
    cursor = query.get("cursor")
    if cursor is None:
        return -1
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 9):
        message = _("This cursor was not made by us. Begin without one.")
        raise InvalidInput(message, code="bad_cursor", fields={"cursor": message})
    return int(cursor)


def _accepted(job: BulkJob) -> Response:
    work_on_bulk_jobs.delay_on_commit()  # type: ignore[attr-defined]
    response = _answer(job, status=202)
    response["Location"] = _address(job)
    return response


def _answer(job: BulkJob, *, status: int = 200) -> Response:
    return Response(BulkJobDetailSerializer(job).data, status=status)


def _address(job: BulkJob) -> str:
    return f"{settings.BASE_URL.rstrip('/')}/api/v1/bulk-jobs/{job.pk}"
