"""Which answers a decision was made on: others are not approved by it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.utils.crypto import salted_hmac

from agents_ops.models import PlaybookRun
from agents_ops.playbook.parts import Field, Playbook
from agents_ops.selectors import active_run, answers_of
from agents_ops.states import FieldKind, StepKind
from tickets.models import Ticket


def digest_of(kind: str, agent_code: str, answers: Mapping[str, Any]) -> str:
    """Keyed: from a plain one an account number could be guessed."""
    words = json.dumps([kind, agent_code, answers], sort_keys=True)
    return salted_hmac("agents_ops.approval", words, algorithm="sha256").hexdigest()


def current_digest(ticket: Ticket, kind: str, agent_code: str) -> str:
    """Of what the running playbook asks for now; empty where it asks for nothing of this kind."""
    run = active_run(ticket)
    step = run.open_step if run else None
    if run is None or step is None or kind_of_step(step.kind, step.options) != kind:
        return ""
    return digest_of(kind, agent_code, answers_of(run))


def kind_of_step(kind: str, options: Mapping[str, Any]) -> str:
    return str(options.get("about", "")) if kind == StepKind.APPROVAL else ""


def amount_of(run: PlaybookRun, answers: Mapping[str, Any]) -> int | None:
    """The first amount that was asked for on the way."""
    amounts = (answers.get(each.code) for each in amount_fields(run.script))
    return next((int(value) for value in amounts if value), None)


def amount_fields(script: Playbook) -> list[Field]:
    fields = (each for step in script.steps for each in step.fields)
    return [each for each in fields if each.kind == FieldKind.AMOUNT]
