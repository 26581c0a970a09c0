"""What the API reads and answers about a playbook that is being played."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from agents_ops.evidence import fields_of
from agents_ops.evidence_words import shown_value
from agents_ops.gates import gate_state
from agents_ops.models import PlaybookRun, StepRecord
from agents_ops.playbook.parts import Step
from agents_ops.states import FieldKind, How, Outcome, RunState, StepKind
from helpdesk.common.inputs import COMMON, InputSerializer, Text, WholeNumber
from helpdesk.common.outputs import Moment
from people.api.serializers import PersonSerializer

MASKED = (FieldKind.PHONE, FieldKind.ACCOUNT)


class Start(InputSerializer):
    playbook = Text(max_length=40, help_text="Its code.")


class StepDone(InputSerializer):
    step = Text(max_length=40, help_text="Code of the open step.")
    values = serializers.DictField(
        child=serializers.JSONField(),
        required=False,
        default=dict,
        error_messages={**COMMON},
        help_text="The answers by field: amounts as whole rupiah, moments in ISO 8601, "
        "attachments by key.",
    )
    revision = WholeNumber(
        min_value=0, required=False, help_text="That of the run last seen; another answers 409."
    )


class StepSkipped(InputSerializer):
    step = Text(max_length=40)
    to = Text(max_length=40, help_text="A step that lies ahead.")
    reason = Text()
    revision = WholeNumber(min_value=0, required=False)


class LeavePlaybook(InputSerializer):
    reason = Text()
    revision = WholeNumber(min_value=0, required=False)


class FieldSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    kind = serializers.ChoiceField(choices=FieldKind.choices)
    required = serializers.BooleanField()  # type: ignore[assignment]
    choices = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))


class GateSerializer(serializers.Serializer[Any]):
    """Whether the step may be finished, else what is missing and where it is done."""

    open = serializers.BooleanField()
    missing = serializers.CharField()
    url = serializers.CharField()
    outcome = serializers.CharField()
    shown = serializers.ListField(
        child=serializers.CharField(), help_text="What is there already, a line each; masked."
    )


class OpenStepSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    title = serializers.CharField()
    kind = serializers.ChoiceField(choices=StepKind.choices)
    ask = serializers.ListField(child=serializers.CharField())
    check = serializers.ListField(child=serializers.CharField())
    reply = serializers.CharField(help_text="The words for the agent, with their placeholders.")
    standard_seconds = serializers.IntegerField(allow_null=True)
    evidence = FieldSerializer(many=True)
    gate = GateSerializer()


class RecordSerializer(serializers.Serializer[Any]):
    step = serializers.CharField()
    title = serializers.CharField()
    how = serializers.ChoiceField(choices=How.choices)
    by = PersonSerializer()
    opened_at = Moment()
    at = Moment()
    seconds = serializers.IntegerField()
    standard_seconds = serializers.IntegerField(allow_null=True)
    gate = serializers.CharField(help_text="What the gate of the step said.")
    values = serializers.DictField(help_text="Phone and account numbers are masked.")
    reason = serializers.CharField()


class PlaybookRunSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    playbook = serializers.CharField()
    version = serializers.IntegerField(help_text="The version that it began with and keeps.")
    suggested = serializers.BooleanField()
    state = serializers.ChoiceField(choices=RunState.choices)
    ended_as = serializers.ChoiceField(choices=[("", "-"), *Outcome.choices])
    revision = serializers.IntegerField()
    started_by = PersonSerializer()
    started_at = Moment()
    ended_at = Moment(allow_null=True)
    step = OpenStepSerializer(allow_null=True)
    records = RecordSerializer(many=True)


class SuggestionSerializer(serializers.Serializer[Any]):
    playbook = serializers.CharField()
    why = serializers.CharField()


class TicketPlaybookSerializer(serializers.Serializer[Any]):
    run = PlaybookRunSerializer(allow_null=True)
    suggestions = SuggestionSerializer(many=True)


def run_parts(run: PlaybookRun, *, openly: bool) -> dict[str, Any]:
    """The run as the API tells it; `openly`: the reader sees contact data."""
    here = run.open_step
    names = ("id", "playbook", "suggested", "state", "revision")
    return {name: getattr(run, name) for name in names} | {
        "ended_as": run.outcome,
        "version": run.rules.version,
        "started_by": run.started_by,
        "started_at": run.started_at,
        "ended_at": run.ended_at,
        "step": _open_parts(run, here) if here else None,
        "records": [_record_parts(run, each, openly=openly) for each in run.records.all()],
    }


def _open_parts(run: PlaybookRun, step: Step) -> dict[str, Any]:
    names = ("code", "title", "kind", "ask", "check", "reply")
    return {name: getattr(step, name) for name in names} | {
        "standard_seconds": step.seconds,
        "evidence": fields_of(step),
        "gate": gate_state(run, step),
    }


def _record_parts(run: PlaybookRun, record: StepRecord, *, openly: bool) -> dict[str, Any]:
    step = run.script.by_code[record.step]
    fields = {each.code: each for each in step.fields}
    values = {
        code: shown_value(fields[code], value, openly=openly)
        if code in fields and fields[code].kind in MASKED
        else value
        for code, value in record.given.values.items()
    }
    names = ("step", "how", "by", "opened_at", "at", "seconds", "gate")
    return {name: getattr(record, name) for name in names} | {
        "title": step.title,
        "standard_seconds": record.standard,
        "values": values,
        "reason": record.given.reason,
    }
