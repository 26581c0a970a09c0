"""The feed of events: whoever reads along misses none."""

from __future__ import annotations

import threading
import time
from typing import Any

from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from helpdesk.common.api_docs import endpoint
from helpdesk.common.inputs import QuerySerializer, Text, WholeNumber, read_query
from helpdesk.common.paging import cursor_number
from people.actors import Actor
from tickets.api.edge import actor_of
from tickets.event_feed import event_document, highest_id, settled, told_events

# Events looked at for one answer, whoever may see how many of them.
WINDOW = 5_000
MAX_PAGE, LONGEST_WAIT, LOOK_EVERY = 500, 25, 0.5
PATIENCE = 1.0
NOW = "now"
# Each waiting reader holds a thread of this process: beyond these the answer comes at once.
_waiting = threading.BoundedSemaphore(4)


class FeedQuery(QuerySerializer):
    after = Text(
        required=False,
        max_length=20,
        help_text="`cursor` of the last answer; absent: from the first event; `now`: what comes.",
    )
    page_size = WholeNumber(required=False, default=100, min_value=1, max_value=MAX_PAGE)
    wait = WholeNumber(
        required=False,
        default=0,
        min_value=0,
        max_value=LONGEST_WAIT,
        help_text="Seconds to wait for an event when there is none.",
    )


class ToldDataSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    ticket = serializers.CharField()
    url = serializers.URLField()
    from_state = serializers.CharField(allow_blank=True)
    to_state = serializers.CharField(allow_blank=True)
    actor = serializers.CharField(help_text="A role, or a part of the system.")
    details = serializers.DictField(required=False, help_text="Only for the desk.")


class FeedEventSerializer(serializers.Serializer[Any]):
    type = serializers.CharField(help_text="Such as `ticket.closed`.")
    version = serializers.CharField()
    timestamp = serializers.DateTimeField()
    data = ToldDataSerializer()  # type: ignore[assignment]


class FeedSerializer(serializers.Serializer[Any]):
    results = FeedEventSerializer(many=True)
    cursor = serializers.CharField(help_text="Ask with it as `after` for what follows.")
    more = serializers.BooleanField(help_text="Ask again at once.")


@endpoint(
    "The feed of events",
    name="event_feed",
    tag="Events",
    scope="events:read",
    description=(
        "What happens on all tickets that the caller may see, in the shape of the webhooks. None is "
        "missed and none comes twice to whoever goes on from `cursor`; it holds for good. With `wait` "
        "the answer comes as soon as there is an event, or empty when the time is over."
    ),
    answers=FeedSerializer,
    query=FeedQuery,
)
@api_view(["GET"])
def feed(request: Request) -> Response:
    actor, query = actor_of(request), read_query(request, FeedQuery)
    after, size = _place(query.get("after")), query["page_size"]
    answer = _read(actor, after, size)
    if query["wait"] and not answer["results"] and not answer["more"]:
        answer = _wait(actor, answer, size, query["wait"])
    return Response(answer)


def _wait(actor: Actor, answer: dict[str, Any], size: int, seconds: int) -> dict[str, Any]:
    stop_at = time.monotonic() + seconds
    if not _waiting.acquire(blocking=False):
        return answer
    try:
        while not answer["results"] and time.monotonic() < stop_at:
            time.sleep(min(LOOK_EVERY, max(0.0, stop_at - time.monotonic())))
            answer = _read(actor, int(answer["cursor"]), size)
    finally:
        _waiting.release()
    return answer


def _read(actor: Actor, after: int, size: int) -> dict[str, Any]:
    upto = settled(after=after, patience=PATIENCE)
    end = min(upto, after + WINDOW)
    rows = told_events(actor).filter(pk__gt=after, pk__lte=end).select_related("ticket")
    found = list(rows.order_by("pk")[: size + 1])
    if len(found) > size:
        found = found[:size]
        end = found[-1].pk
    return {
        "results": [event_document(event, at_desk=actor.at_desk) for event in found],
        "cursor": str(max(after, end)),
        "more": end < upto,
    }


def _place(after: str | None) -> int:
    if after is None:
        return 0
    if after == NOW:
        return highest_id()
    return cursor_number(after, field="after")
