from __future__ import annotations

from typing import cast

from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from helpdesk.common.api_docs import endpoint
from helpdesk.common.outputs import listed
from helpdesk.common.scopes import ANY
from people.actors import of_user
from people.api.serializers import MeSerializer, OrganisationSerializer, TeamDetailSerializer
from people.models import User, organisation
from people.selectors import membership_of, teams_with_members


@endpoint(
    "Who the token or session belongs to",
    name="me",
    tag="People",
    answers=MeSerializer,
    scope=ANY,
)
@api_view(["GET"])
def me(request: Request) -> Response:
    user = cast("User", request.user)
    user.team_list = membership_of(user)  # type: ignore[attr-defined]
    return Response(MeSerializer(user).data)


@endpoint(
    "All teams",
    name="list_teams",
    tag="People",
    answers=TeamDetailSerializer(many=True),
    description="Squads and specialist teams with their codes; the desk also sees the members.",
)
@api_view(["GET"])
def teams(request: Request) -> Response:
    at_desk = of_user(cast("User", request.user)).at_desk
    return Response(listed(TeamDetailSerializer, teams_with_members(), at_desk=at_desk))


@endpoint(
    "The organisation's public profile",
    name="organisation",
    tag="People",
    answers=OrganisationSerializer,
)
@api_view(["GET"])
def profile(request: Request) -> Response:
    return Response(OrganisationSerializer(organisation()).data)
