"""Making sure of an agent through the API: what each point came to, and the next answers."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from agents_ops.models import AgentRules, Verification
from agents_ops.selectors import active_run, verifications_of
from agents_ops.services import Looked, check_agent, fail_verification
from agents_ops.services.lock_lifting import lift_lock
from agents_ops.verification.comparing import Forgiven, Result
from agents_ops.verification.rules import Checked, Level, Rule, Strength
from agents_ops.verification.standing import Standing, asked_rule, standing_of
from helpdesk.common import clock
from helpdesk.common.api_docs import IF_MATCH, endpoint
from helpdesk.common.errors import InvalidInput
from helpdesk.common.inputs import COMMON, InputSerializer, QuerySerializer, Text
from helpdesk.common.outputs import Moment
from helpdesk.common.wording import gettext as _
from people.api.serializers import PersonSerializer
from tickets.api.edge import Call, read_call, read_look
from tickets.models import Ticket

TAG = "Agents"


class LookedAt(InputSerializer):
    result = Text(max_length=20, help_text="`matched`, `differs` or `not_comparable`.")
    file = Text(
        required=False, default="", allow_blank=True, max_length=64, help_text="Attachment's key."
    )


class Answers(InputSerializer):
    """At least one point; codes are those of the answer's `points`."""

    answers = serializers.DictField(
        child=serializers.JSONField(),
        required=False,
        default=dict,
        error_messages={**COMMON},
        help_text="What the agent says, by point: compared with the record, then forgotten.",
    )
    looked = serializers.DictField(
        child=LookedAt(),
        required=False,
        default=dict,
        error_messages={**COMMON},
        help_text="What the officer found, for points that no record compares.",
    )
    agent = Text(
        required=False,
        default="",
        allow_blank=True,
        max_length=20,
        help_text="The agent ID that is named, where the ticket has no agent.",
    )
    rule = Text(
        required=False,
        default="",
        allow_blank=True,
        max_length=40,
        help_text="Code of a rule; else that of the playbook's open step.",
    )


class Failure(InputSerializer):
    reason = Text()
    agent = Text(required=False, default="", allow_blank=True, max_length=20)
    rule = Text(required=False, default="", allow_blank=True, max_length=40)


class Unlock(InputSerializer):
    reason = Text(max_length=500)


class RuleQuery(QuerySerializer):
    rule = Text(required=False, default="", max_length=40, help_text="Code of a rule.")


class PointSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    level = serializers.ChoiceField(choices=Level.choices)
    checked = serializers.ChoiceField(choices=Checked.choices)
    strength = serializers.ChoiceField(choices=Strength.choices)
    result = serializers.ChoiceField(
        choices=[("", "-"), *Result.choices], help_text="Of the latest answer that still counts."
    )


class PartSerializer(serializers.Serializer[Any]):
    of = serializers.ListField(child=serializers.CharField())
    needs = serializers.IntegerField()


class AnswerSerializer(serializers.Serializer[Any]):
    point = serializers.CharField()
    result = serializers.ChoiceField(choices=Result.choices)
    checked = serializers.ChoiceField(choices=Checked.choices)
    forgiven = serializers.ListField(
        child=serializers.ChoiceField(choices=Forgiven.choices),
        help_text="In what they differ that was let pass.",
    )
    evidence = serializers.CharField(help_text="Key of the attachment that was looked at.")
    by = PersonSerializer()
    at = Moment()


class VerificationTrySerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    rule = serializers.CharField(help_text="Empty: the playbook named its own points.")
    state = serializers.ChoiceField(choices=Verification.State.choices)
    started_by = PersonSerializer()
    started_at = Moment()
    ended_at = Moment(allow_null=True)
    expires_at = Moment(allow_null=True, help_text="Until then it opens the playbook's step.")
    answers = AnswerSerializer(many=True)


class StandingSerializer(serializers.Serializer[Any]):
    """How far the agent is verified now. No answer and nothing of the record stands here."""

    rule = serializers.CharField()
    parts = PartSerializer(many=True)
    points = PointSerializer(many=True)
    missing = serializers.IntegerField(help_text="How many points are missing at least.")
    verified_until = Moment(allow_null=True)
    locked_until = Moment(allow_null=True, help_text="After too many wrong answers, on any ticket.")
    verifications = VerificationTrySerializer(many=True, help_text="The latest first.")


@endpoint(
    "A ticket's verification of the agent",
    name="get_verification",
    tag=TAG,
    method="GET",
    query=RuleQuery,
    description="What the rule asks for, what each point came to, and every try. For the desk.",
    answers=StandingSerializer,
    refuses=(403, 404),
)
@endpoint(
    "Check answers of the agent",
    name="check_agent",
    tag=TAG,
    method="POST",
    description="Answers are compared and forgotten; the answer says what matches, never the record. "
    "Too many wrong ones lock the agent on every ticket (409 `agent_locked`) and tell the fraud team.",
    body=Answers,
    headers=(IF_MATCH,),
    answers=StandingSerializer,
    refuses=(403, 404, 409, 412),
)
@api_view(["GET", "POST"])
def verifications(request: Request, number: str) -> Response:
    if request.method == "POST":
        call = read_call(request, number, Answers)
        values = call.values
        done = check_agent(
            **call.change,
            answers=values["answers"],
            looked={code: Looked(**each) for code, each in values["looked"].items()},
            agent_code=values["agent"],
            rule=values["rule"],
        )
        return _answer(call, call.ticket, done.asked)
    call = read_look(request, number, RuleQuery)
    return _answer(call, call.ticket, _rule(call.ticket, call.values["rule"]))


@endpoint(
    "Record that the agent could not be verified",
    name="fail_verification",
    tag=TAG,
    body=Failure,
    headers=(IF_MATCH,),
    answers=StandingSerializer,
    refuses=(403, 404, 409, 412),
)
@api_view(["POST"])
def failure(request: Request, number: str) -> Response:
    call = read_call(request, number, Failure)
    values = call.values
    done = fail_verification(
        **call.change, reason=values["reason"], agent_code=values["agent"], rule=values["rule"]
    )
    return _answer(call, call.ticket, done.asked)


@endpoint(
    "Lift the lock of the agent",
    name="unlock_agent",
    tag=TAG,
    body=Unlock,
    description="Before its time, by those who lead or the fraud team; never by whose checks led to it (403 "
    "`own_lock`). 409 `not_locked`.",
    answers=StandingSerializer,
    refuses=(403, 404, 409),
)
@api_view(["POST"])
def unlock(request: Request, number: str) -> Response:
    call = read_call(request, number, Unlock)
    lift_lock(actor=call.actor, ticket_id=call.ticket.pk, reason=call.values["reason"])
    return _answer(call, call.ticket, _rule(call.ticket, ""))


def _rule(ticket: Ticket, code: str) -> Rule:
    found = asked_rule(active_run(ticket), AgentRules.exactly_in_force().book, code)
    if found is None:
        message = _("This rule of verification is not known.")
        raise InvalidInput(message, code="unknown_rule", fields={"rule": message})
    return found


def _answer(call: Call, ticket: Ticket, rule: Rule) -> Response:
    tries = list(verifications_of(ticket, actor=call.actor))
    standing = standing_of(ticket, rule, clock.now())
    passed, lock = standing.passed, standing.lock
    told = {
        "rule": rule.code,
        "parts": [part.as_row() for part in rule.parts],
        "points": _points(rule, standing),
        "missing": standing.missing,
        "verified_until": passed.expires_at if passed and not lock else None,
        "locked_until": lock.until if lock else None,
        "verifications": tries,
    }
    return Response(StandingSerializer(told).data)


def _points(rule: Rule, standing: Standing) -> list[dict[str, str]]:
    known = AgentRules.exactly_in_force().book.points
    return [
        {
            "code": code,
            "level": known[code].level,
            "checked": known[code].checked,
            "strength": known[code].strength,
            "result": standing.latest[code].result if code in standing.latest else "",
        }
        for code in rule.points
        if code in known
    ]
