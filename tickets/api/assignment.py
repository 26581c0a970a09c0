"""How tickets are given out: each team's way, and what each person takes and how much."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from helpdesk.common import clock
from helpdesk.common.api_docs import endpoint
from helpdesk.common.errors import NotAllowed
from helpdesk.common.inputs import (
    Choice,
    InputSerializer,
    QuerySerializer,
    Several,
    Text,
    WholeNumber,
    read_body,
    read_query,
)
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.api.serializers import PersonSerializer
from people.availability import Availability
from people.models import Team, User
from people.selectors import desk_person
from tickets.api.edge import actor_of
from tickets.choice import SKILLS
from tickets.models import WorkProfile
from tickets.services.assigning import candidates, members_of
from tickets.services.profiles import PERMISSION, set_profile, set_team_assignment

TAG = "Assignment"
EVERYTHING = "Codes; an empty list means everything."


def _codes() -> Several:
    return Several(
        child=Text(max_length=40),
        required=False,
        default=list,
        max_length=100,
        help_text=EVERYTHING,
    )


class ModeInput(InputSerializer):
    team = Text(max_length=40, help_text="Its code.")
    mode = Choice(choices=Team.Assignment.choices)


class ProfileInput(InputSerializer):
    """The whole profile: what is left out is emptied."""

    capacity = WholeNumber(
        required=False, allow_null=True, default=None, help_text="Open tickets; null: as usual."
    )
    categories = _codes()
    languages = _codes()
    channels = _codes()
    tiers = _codes()
    revision = WholeNumber(
        required=False, allow_null=True, default=None, help_text="As last seen; another one: 409."
    )


class ProfileSerializer(serializers.Serializer[Any]):
    person = PersonSerializer(source="user")
    capacity = serializers.IntegerField(allow_null=True)
    categories = serializers.ListField(child=serializers.CharField())
    languages = serializers.ListField(child=serializers.CharField())
    channels = serializers.ListField(child=serializers.CharField())
    tiers = serializers.ListField(child=serializers.CharField())
    revision = serializers.IntegerField()


class MemberSerializer(serializers.Serializer[Any]):
    person = PersonSerializer()
    status = serializers.ChoiceField(choices=Availability.choices)
    open = serializers.IntegerField()
    capacity = serializers.IntegerField()


class TeamModeSerializer(serializers.Serializer[Any]):
    team = serializers.CharField()
    mode = serializers.ChoiceField(choices=Team.Assignment.choices)
    members = MemberSerializer(many=True)


class TeamModeListSerializer(serializers.Serializer[Any]):
    results = TeamModeSerializer(many=True)


@endpoint(
    "How each team's tickets are given out",
    name="list_assignment",
    tag=TAG,
    method="GET",
    description="For those who see the dashboard: mode, and who may get tickets with their load.",
    answers=TeamModeListSerializer,
    refuses=(403,),
)
@endpoint(
    "Set how a team's tickets are given out",
    name="set_assignment",
    tag=TAG,
    method="PUT",
    description="Off, by load, or by skill and load; tickets that wait are looked at within seconds.",
    body=ModeInput,
    answers=TeamModeSerializer,
    refuses=(403,),
)
@api_view(["GET", "PUT"])
def teams(request: Request) -> Response:
    actor = actor_of(request)
    if request.method == "PUT":
        actor.require(PERMISSION)
        said = read_body(request, ModeInput)
        team = set_team_assignment(actor=actor, team_code=said["team"], mode=said["mode"])
        return Response(TeamModeSerializer(_team(team)).data)
    actor.require("view_dashboard")
    read_query(request, QuerySerializer)
    rows = [_team(team) for team in Team.objects.all()]
    return Response(TeamModeListSerializer({"results": rows}).data)


def _team(team: Team) -> dict[str, Any]:
    members = members_of(team)
    known = candidates(members, clock.now())
    rows = [
        {
            "person": members[pk],
            "status": one.standing.status,
            "open": one.candidate.load,
            "capacity": one.candidate.capacity,
        }
        for pk, one in known.items()
    ]
    return {"team": team.code, "mode": team.assignment, "members": rows}


@endpoint(
    "What somebody takes",
    name="get_work_profile",
    tag=TAG,
    method="GET",
    answers=ProfileSerializer,
    refuses=(403, 404),
)
@endpoint(
    "Set what somebody takes",
    name="set_work_profile",
    tag=TAG,
    method="PUT",
    description="Capacity and skills, for supervisors.",
    body=ProfileInput,
    answers=ProfileSerializer,
    refuses=(403, 404, 409),
)
@api_view(["GET", "PUT"])
def profile(request: Request, pk: int) -> Response:
    actor = actor_of(request)
    person = _person(actor, pk, change=request.method == "PUT")
    if request.method == "PUT":
        said = read_body(request, ProfileInput)
        set_profile(
            actor=actor,
            user_id=person.pk,
            capacity=said["capacity"],
            skills={name: said[name] for name in SKILLS},
            expected_revision=said["revision"],
        )
    else:
        read_query(request, QuerySerializer)
    found = WorkProfile.objects.filter(user=person).first() or WorkProfile(user=person)
    return Response(ProfileSerializer(found).data)


def _person(actor: Actor, pk: int, *, change: bool) -> User:
    if not (actor.at_desk and (actor.may(PERMISSION) or not change)):
        raise NotAllowed(_("Your role does not permit this."))
    person = desk_person(pk)
    if person is None:
        raise Http404("person")
    return person
