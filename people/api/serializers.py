from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from helpdesk.common.inputs import Choice, InputSerializer, Instant
from helpdesk.common.outputs import Moment, listed
from people.availability import Availability
from people.models import Team, TeamMembership, User


class PersonSerializer(serializers.Serializer[User]):
    """Somebody at the desk, as colleagues see them."""

    id = serializers.IntegerField()
    name = serializers.CharField(source="full_name")


class TeamSerializer(serializers.Serializer[Team]):
    code = serializers.CharField()
    name = serializers.CharField(help_text="In the language of the request.")


class MembershipSerializer(serializers.Serializer[TeamMembership]):
    code = serializers.CharField(source="team.code")
    name = serializers.CharField(source="team.name")
    leads = serializers.BooleanField()


class MeSerializer(serializers.Serializer[User]):
    id = serializers.IntegerField()
    email = serializers.EmailField()
    name = serializers.CharField(source="full_name")
    language = serializers.CharField()
    roles = serializers.SerializerMethodField()
    permissions = serializers.SerializerMethodField()
    teams = MembershipSerializer(many=True, source="team_list")

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_roles(self, user: User) -> list[str]:
        return sorted(user.roles)

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_permissions(self, user: User) -> list[str]:
        names = user.get_all_permissions()
        return sorted(
            name.removeprefix("tickets.") for name in names if name.startswith("tickets.")
        )


class TeamDetailSerializer(TeamSerializer):
    kind = serializers.ChoiceField(choices=Team.Kind.choices)
    talks_to_customer = serializers.BooleanField()
    members = serializers.SerializerMethodField(help_text="Only for the desk.", required=False)

    @extend_schema_field(PersonSerializer(many=True))
    def get_members(self, team: Team) -> list[Any]:
        people = [membership.user for membership in team.memberships.all()]
        return listed(PersonSerializer, people)

    def to_representation(self, instance: Team) -> dict[str, Any]:
        if not self.context["at_desk"]:
            self.fields.pop("members", None)
        return dict(super().to_representation(instance))


class OrganisationSerializer(serializers.Serializer[Any]):
    """The public parts of the organisation's profile."""

    name = serializers.CharField()
    product_name = serializers.CharField()
    hashtag = serializers.CharField()
    own_domains = serializers.ListField(child=serializers.CharField())
    email = serializers.DictField()
    help_center = serializers.DictField()
    chatbot = serializers.DictField()
    community = serializers.DictField()
    live_chat = serializers.DictField()
    call_center = serializers.DictField()
    social_media = serializers.DictField()
    press = serializers.DictField()
    partnership = serializers.DictField()
    head_office = serializers.DictField()
    reopen_days = serializers.IntegerField()


class StatusInput(InputSerializer):
    status = Choice(choices=Availability.choices)
    until = Instant(
        required=False,
        allow_null=True,
        default=None,
        help_text="For `away`: when it ends by itself, within 31 days.",
    )


class StatusChangeSerializer(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=Availability.choices)
    until = Moment(allow_null=True)
    at = Moment()
    by = serializers.CharField(source="set_by.full_name", allow_null=True, default=None)


class StatusSerializer(serializers.Serializer[Any]):
    """How somebody stands now, and what was said of it lately (the latest first)."""

    person = PersonSerializer()
    status = serializers.ChoiceField(choices=Availability.choices)
    until = Moment(allow_null=True, help_text="When it ends by itself, where that is known.")
    by_plan = serializers.BooleanField(help_text="The shift plan says so, nobody by hand.")
    history = StatusChangeSerializer(many=True)
