"""Keep a copy of the tickets: what changed since, none missed."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from helpdesk.common.api_docs import endpoint
from helpdesk.common.errors import InvalidInput
from helpdesk.common.inputs import Instant, Text, WholeNumber, read_query
from helpdesk.common.paging import MAX_PAGE_SIZE, cursor_number
from helpdesk.common.wording import gettext as _
from tickets.api.edge import actor_of
from tickets.api.shapes import TicketSerializer
from tickets.api.shaping import ShapedQuery, shown
from tickets.changes_feed import changes_after, place_before

PATIENCE = 1.0


class ChangesQuery(ShapedQuery):
    updated_since = Instant(
        required=False, help_text="To begin with: what changed at this instant or later."
    )
    after = Text(required=False, max_length=20, help_text="To go on: `cursor` of the last answer.")
    page_size = WholeNumber(required=False, default=50, min_value=1, max_value=MAX_PAGE_SIZE)


class ChangesSerializer(serializers.Serializer[Any]):
    results = TicketSerializer(many=True)
    cursor = serializers.CharField(help_text="Ask with it as `after` for what follows.")
    more = serializers.BooleanField(help_text="Ask again at once.")


@endpoint(
    "Tickets that changed",
    name="list_changed_tickets",
    tag="Tickets",
    description=(
        "The tickets that the caller may see, in the order of their last change, each as it is now. "
        "Begin without parameters (all) or with `updated_since`; go on with `after`. Whoever goes on "
        "from `cursor` misses no change, also of those whose transaction takes its time; a ticket "
        "that changes meanwhile comes again."
    ),
    answers=ChangesSerializer,
    query=ChangesQuery,
)
@api_view(["GET"])
def changes(request: Request) -> Response:
    actor, query = actor_of(request), read_query(request, ChangesQuery)
    found = changes_after(actor, _place(query), size=query["page_size"], patience=PATIENCE)
    results = shown(found.tickets, query, actor=actor)
    return Response({"results": results, "cursor": str(found.cursor), "more": found.more})


def _place(query: dict[str, Any]) -> int:
    after, since = query.get("after"), query.get("updated_since")
    if after is None:
        return place_before(since) if since else 0
    if since is not None:
        message = _("Begin with an instant or go on from a cursor, not both.")
        raise InvalidInput(message, code="two_beginnings", fields={"updated_since": message})
    return cursor_number(after, field="after")
