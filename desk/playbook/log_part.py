"""What the panel shows of the official transaction log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from agents_ops.connectors import Unavailable, accounts
from agents_ops.models import PlaybookRun, TransactionLog
from agents_ops.playbook.parts import Step
from agents_ops.selectors import answers_of


@dataclass(frozen=True)
class LogPart:
    """`by_hand`: the server is away, so that its own log may be given out by a person."""

    logs: Sequence[TransactionLog]
    connected: bool
    by_hand: bool
    needs_code: bool


def log_part(run: PlaybookRun, step: Step) -> LogPart:
    try:
        accounts()
        connected = True
    except Unavailable:
        connected = False
    logs = list(TransactionLog.objects.filter(run=run).annotate(taken=Count("downloads")))
    row = run.lookups.filter(step=step.code).first()
    away = not connected or (row is not None and bool(row.trouble))
    known = run.ticket.agent is not None or bool(answers_of(run).get("agent_id"))
    return LogPart(logs, connected, away and not logs, not known)
