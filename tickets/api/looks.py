"""Looking at masked contact data, and the record of who did."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from helpdesk.common.api_docs import endpoint
from helpdesk.common.inputs import Choice, InputSerializer, Instant, Text, WholeNumber, read_query
from helpdesk.common.outputs import Moment, listed
from helpdesk.common.paging import PageQuery, next_link
from people.api.serializers import PersonSerializer
from tickets.api.edge import actor_of, read_call
from tickets.looks import Wanted, counts_of, looks, page_of_looks
from tickets.models import DataLook
from tickets.personal_data import CONTACTS
from tickets.services import look_at

TAG = "Customer data"

LOOKABLE = [(code.value, code.value) for code in CONTACTS]


class NewLook(InputSerializer):
    field = Choice(choices=LOOKABLE)
    reason = Text(
        required=False,
        allow_blank=True,
        default="",
        max_length=40,
        help_text="A code of the organisation's list (`GET tickets/{number}/customer` names them); "
        "needed by those whose role must say why.",
    )


class LookedSerializer(serializers.Serializer[Any]):
    look = serializers.IntegerField(help_text="The id of the look on record.")
    field = serializers.CharField()
    value = serializers.CharField(help_text="Openly, in this answer alone.")
    at = Moment()


class LooksQuery(PageQuery):
    since = Instant(required=False, help_text="At or after this instant.")
    until = Instant(required=False, help_text="Before this instant.")
    person = WholeNumber(required=False, min_value=1, max_value=2**31 - 1, help_text="Who looked.")
    customer = Text(
        required=False,
        max_length=254,
        help_text="Whose data: a ticket number of theirs, or their e-mail address or phone number.",
    )


class LookSerializer(serializers.Serializer[DataLook]):
    """One look. Whose it was is told by ticket and id, never by the data that were looked at."""

    id = serializers.IntegerField()
    at = Moment()
    person = PersonSerializer(source="user")
    ticket = serializers.CharField(source="ticket.number")
    customer = serializers.IntegerField(source="customer_id")
    field = serializers.ChoiceField(choices=DataLook.Field.choices)
    reason = serializers.CharField(allow_blank=True)
    via = serializers.ChoiceField(choices=[(code, code) for code in DataLook.Via.values])


class LookCountSerializer(serializers.Serializer[Any]):
    person = PersonSerializer()
    looks = serializers.IntegerField()
    customers = serializers.IntegerField(help_text="How many different ones.")
    most_in_a_day = serializers.IntegerField(help_text="The most of one day in WIB.")
    unusual = serializers.BooleanField(help_text="More than usual on some day.")


class LookPageSerializer(serializers.Serializer[Any]):
    counts = LookCountSerializer(many=True, help_text="Of all that the query finds, by person.")
    results = LookSerializer(many=True)
    next = serializers.URLField(allow_null=True)


@endpoint(
    "Look at masked data",
    name="look_at_contact",
    tag=TAG,
    description=(
        "Shows one masked field of the ticket's customer or agent, in this answer alone. The look is "
        "recorded before it is answered: who, whose, which field, when and why."
    ),
    body=NewLook,
    answers=LookedSerializer,
    refuses=(403, 404),
)
@api_view(["POST"])
def look(request: Request, number: str) -> Response:
    call = read_call(request, number, NewLook)
    looked = look_at(actor=call.actor, ticket=call.ticket, via=DataLook.Via.API, **call.values)
    row = looked.look
    answer = {"look": row.pk, "field": row.field, "value": looked.value, "at": row.at}
    response = Response(LookedSerializer(answer).data)
    response["Cache-Control"] = "no-store"
    return response


@endpoint(
    "Who looked at masked data",
    name="list_looks",
    tag=TAG,
    description="Each look, the latest first, and how often each person looked.",
    answers=LookPageSerializer,
    query=LooksQuery,
    refuses=(403,),
)
@api_view(["GET"])
def looks_list(request: Request) -> Response:
    query = read_query(request, LooksQuery)
    names = ("since", "until", "person", "customer")
    wanted = Wanted(**{name: query[name] for name in names if name in query})
    rows = looks(wanted, actor=actor_of(request))
    found, following = page_of_looks(rows, query)
    return Response(
        {
            "counts": listed(LookCountSerializer, counts_of(rows)),
            "results": listed(LookSerializer, found),
            "next": next_link(request, following),
        }
    )
