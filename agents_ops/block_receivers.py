"""Where an account is in danger: it is blocked before anything else, and the case goes to its team by itself."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _

from agents_ops.events import RunEnded, StepOpened
from agents_ops.models import AccountBlock
from agents_ops.playbook.parts import Step
from agents_ops.services.blocks import owe_block
from agents_ops.states import StepKind
from escalation.services.automatic import escalate_automatically
from helpdesk.common.events import hears
from people.actors import SWEEP
from people.models import Team
from tickets.models import Ticket

TRIGGER = "agent_playbook"


@hears(StepOpened)
def _opened(news: StepOpened) -> None:
    step, agent = news.run.open_step, news.ticket.agent
    if step is None:
        return
    if step.kind == StepKind.BLOCK_ACCOUNT and agent is not None:
        owe_block(news.run, agent.code, by=news.run.started_by, at=news.at)
    if step.kind == StepKind.ESCALATE and step.options.get("automatic"):
        _escalate(news, step, news.ticket)


def _escalate(news: StepOpened, step: Step, ticket: Ticket) -> None:
    """The form is filled from the record; the officer may add to it on the escalation."""
    block = AccountBlock.objects.filter(run=news.run).first()
    with translation.override("id"):
        cause = _(
            "Playbook '%(name)s': the account is blocked, %(count)s logins are collected."
        ) % {
            "name": news.run.script.names["id"],
            "count": len(block.logins) if block else 0,
        }
    escalate_automatically(
        ticket,
        actor=SWEEP,
        to_team=Team.objects.get(code=step.team),
        trigger=TRIGGER,
        at=news.at,
        cause=cause,
        form=step.form,
        facts={"run": news.run.pk, "block": block.pk if block else None},
    )


@hears(RunEnded)
def _ended(news: RunEnded) -> None:
    """A playbook that was left blocks nobody any more."""
    AccountBlock.objects.filter(run=news.run, state=AccountBlock.State.ASKED).update(
        next_try_at=None
    )
