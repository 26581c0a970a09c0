"""Tickets by their words, with where these stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from helpdesk.common.api_docs import endpoint
from helpdesk.common.errors import InvalidInput
from helpdesk.common.inputs import QuerySerializer, Text, WholeNumber, read_query
from helpdesk.common.outputs import listed
from helpdesk.common.paging import MAX_PAGE_SIZE, next_link
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from tickets.api.edge import actor_of, sees_desk
from tickets.api.shapes import TicketSerializer
from tickets.models import Message, Ticket
from tickets.search.excerpts import Piece, Shown, shown
from tickets.search.finding import Found, Place, search_tickets
from tickets.search.typed import LONGEST
from tickets.selectors import visible_tickets, with_people

DESCRIPTION = (
    "Full text over subjects, messages, ticket and order numbers; for the desk over customers and "
    'internal notes too. Words in any form and with their synonyms, `"these words"`, `-without`, and '
    "filters by their Indonesian or English names: `status:`, `tim:` `team:`, `prioritas:` "
    "`priority:`, `kanal:` `channel:`, `pesanan:` `order:`, `sejak:` `since:`, `sampai:` `until:`; for "
    "the desk also `dari:` `from:` and `petugas:` `assignee:`. The best of the newest come first. A "
    "change is found within two seconds."
)


class SearchQuery(QuerySerializer):
    q = Text(max_length=LONGEST, help_text="What is searched for.")
    cursor = Text(required=False, max_length=80, help_text="`next` of the page before.")
    page_size = WholeNumber(
        required=False,
        default=50,
        min_value=1,
        max_value=MAX_PAGE_SIZE,
        help_text="Rows in a page.",
    )


class ExcerptSerializer(serializers.Serializer[Any]):
    where = serializers.ChoiceField(choices=["subject", "order_number", *Message.Kind.values])
    text = serializers.CharField()
    marks = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField()),
        help_text="Start and end of each hit, in characters of `text`.",
    )


class FoundTicketSerializer(TicketSerializer):
    excerpts = serializers.SerializerMethodField()

    @extend_schema_field(ExcerptSerializer(many=True))
    def get_excerpts(self, ticket: Ticket) -> list[dict[str, Any]]:
        row: Shown = self.context["shown"][ticket.pk]
        parts = [("subject", row.subject), ("order_number", row.order_number)]
        if row.excerpt is not None:
            parts.append((row.excerpt.kind, row.excerpt.pieces))
        return [_excerpt(name, pieces) for name, pieces in parts if any(p.hit for p in pieces)]


class SearchAnswerSerializer(serializers.Serializer[Any]):
    results = FoundTicketSerializer(many=True)
    count = serializers.IntegerField(help_text="Found at least; on a further page, from there on.")
    count_is_exact = serializers.BooleanField()
    corrected = serializers.CharField(
        allow_blank=True, help_text="Searched instead of `q`, which is found nowhere; else empty."
    )
    next = serializers.URLField(allow_null=True, help_text="The next page; null at the end.")


@endpoint(
    "Search tickets",
    name="search_tickets",
    tag="Tickets",
    description=DESCRIPTION,
    answers=SearchAnswerSerializer,
    query=SearchQuery,
)
@api_view(["GET"])
def search(request: Request) -> Response:
    actor, query = actor_of(request), read_query(request, SearchQuery)
    internal = sees_desk(actor)
    found = search_tickets(
        actor,
        query["q"],
        internal=internal,
        place=_place(query.get("cursor", "")),
        size=query["page_size"],
    )
    rows = _rows(actor, found, internal=internal)
    context = {"at_desk": internal, "shown": {row.ticket.pk: row for row in rows}}
    further = {**query, "cursor": str(found.more)} if found.more else None
    return Response(
        {
            "results": listed(FoundTicketSerializer, [row.ticket for row in rows], **context),
            "count": found.count,
            "count_is_exact": found.exact,
            "corrected": found.corrected,
            "next": next_link(request, further),
        }
    )


def _rows(actor: Actor, found: Found, *, internal: bool) -> list[Shown]:
    if not found.ids:
        return []
    by_id = with_people(visible_tickets(actor)).in_bulk(found.ids)
    tickets = [by_id[pk] for pk in found.ids if pk in by_id]
    return shown(tickets, found.wanted, internal=internal)


def _place(cursor: str) -> Place | None:
    place = Place.read(cursor)
    if cursor and place is None:
        message = _("This cursor was not made by us. Begin without one.")
        raise InvalidInput(message, code="bad_cursor", fields={"cursor": message})
    return place


def _excerpt(where: str, pieces: Sequence[Piece]) -> dict[str, Any]:
    marks: list[list[int]] = []
    at = 0
    for piece in pieces:
        if piece.hit:
            marks.append([at, at + len(piece.text)])
        at += len(piece.text)
    return {"where": where, "text": "".join(piece.text for piece in pieces), "marks": marks}
