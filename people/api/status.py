"""Available, away, off shift: one's own, and for supervisors that of others."""

from __future__ import annotations

from typing import cast

from django.http import Http404
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from helpdesk.common import clock
from helpdesk.common.api_docs import endpoint
from helpdesk.common.errors import NotAllowed
from helpdesk.common.inputs import QuerySerializer, read_body, read_query
from helpdesk.common.wording import gettext as _
from people.actors import Actor, of_user
from people.api.serializers import StatusInput, StatusSerializer
from people.models import User, standings
from people.selectors import desk_person, status_history
from people.services import set_status
from people.services.status import FOR_OTHERS

TAG = "People"


@endpoint(
    "The caller's own status",
    name="get_my_status",
    tag=TAG,
    method="GET",
    answers=StatusSerializer,
    refuses=(403,),
)
@endpoint(
    "Set the caller's own status",
    name="set_my_status",
    tag=TAG,
    method="PUT",
    description=(
        "Who is away or off shift is given nothing automatically. Outside all planned shifts one is "
        "off shift whatever one says: 409, code `off_shift`."
    ),
    body=StatusInput,
    answers=StatusSerializer,
    refuses=(403, 409),
)
@api_view(["GET", "PUT"])
def own(request: Request) -> Response:
    actor = of_user(cast("User", request.user))
    user = actor.user
    if user is None or not actor.at_desk:
        raise NotAllowed(_("Your role does not permit this."))
    return _answer(request, actor, user)


@endpoint(
    "Somebody's status",
    name="get_status",
    tag=TAG,
    method="GET",
    answers=StatusSerializer,
    refuses=(403, 404),
)
@endpoint(
    "Set somebody's status",
    name="set_status",
    tag=TAG,
    method="PUT",
    description="For supervisors; the history says who set it.",
    body=StatusInput,
    answers=StatusSerializer,
    refuses=(403, 404, 409),
)
@api_view(["GET", "PUT"])
def of_person(request: Request, pk: int) -> Response:
    actor = of_user(cast("User", request.user))
    if not (actor.at_desk and (actor.may(FOR_OTHERS) or request.method == "GET")):
        raise NotAllowed(_("Your role does not permit this."))
    person = desk_person(pk)
    if person is None:
        raise Http404("person")
    return _answer(request, actor, person)


def _answer(request: Request, actor: Actor, person: User) -> Response:
    if request.method == "PUT":
        said = read_body(request, StatusInput)
        set_status(actor=actor, user_id=person.pk, **said)
    else:
        read_query(request, QuerySerializer)
    standing = standings([person.pk], clock.now())[person.pk]
    history = status_history(person, limit=20)
    answer = {
        "person": person,
        "status": standing.status,
        "until": standing.until,
        "by_plan": standing.by_plan,
        "history": history,
    }
    return Response(StatusSerializer(answer).data)
