"""Blocking an agent's account before anything else: owed to the server at once, or done by hand."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from agents_ops.models import AccountBlock, PlaybookRun
from agents_ops.services.runs import locked_run
from agents_ops.states import StepKind
from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput, WrongState
from helpdesk.common.text import clean_text
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import User
from tickets.models import EventKind, Ticket
from tickets.services import clean_words, record

State = AccountBlock.State
MOST_WORDS = 500
MOST_CODE = 20


def owe_block(run: PlaybookRun, agent_code: str, *, by: User, at: datetime) -> AccountBlock:
    """The server is to block the account; under the ticket's lock. Once for a run."""
    made, _new = AccountBlock.objects.get_or_create(
        run=run,
        defaults={
            "agent_code": agent_code,
            "asked_by": by,
            "asked_at": at,
            "next_try_at": at,
        },
    )
    return made


@transaction.atomic
def block_account(*, actor: Actor, ticket_id: int, agent_code: str = "") -> AccountBlock:
    """Ask for the block of the open step, or ask the server again. `agent_code` where the ticket names no
    agent. Raises WrongState (`no_block`, `blocked_already`), InvalidInput."""
    run, ticket, person = _at_block(actor, ticket_id)
    found = AccountBlock.objects.filter(run=run).first()
    if found is None:
        return owe_block(run, _code(ticket, agent_code), by=person, at=clock.now())
    _require_not_done(found)
    found.next_try_at, found.attempts = clock.now(), 0
    found.save(update_fields=["next_try_at", "attempts"])
    return found


@transaction.atomic
def block_by_hand(
    *, actor: Actor, ticket_id: int, words: str, agent_code: str = ""
) -> AccountBlock:
    """Somebody blocked it in the server themselves; where and how is on record. Raises as above."""
    run, ticket, person = _at_block(actor, ticket_id)
    said = clean_words(words, field="words", max_length=MOST_WORDS)
    if not said:
        message = _("Write where and how it was blocked.")
        raise InvalidInput(message, fields={"words": message})
    found = AccountBlock.objects.filter(run=run).first()
    if found is None:
        found = owe_block(run, _code(ticket, agent_code), by=person, at=clock.now())
    _require_not_done(found)
    found.words = said
    # The logins are still collected by the server, if it answers.
    confirm(found, ticket, actor=actor, state=State.BY_HAND, at=clock.now())
    return found


def confirm(found: AccountBlock, ticket: Ticket, *, actor: Actor, state: str, at: datetime) -> None:
    """The account is blocked: the gate is open, and the logins are owed from now on."""
    found.state, found.blocked_at, found.trouble = state, at, ""
    found.next_try_at, found.attempts, found.leased_until = at, 0, None
    found.save()
    data = {"run": found.run_id, "block": found.pk, "by_hand": state == State.BY_HAND}
    record(ticket, actor=actor, kind=EventKind.ACCOUNT_BLOCKED, at=at, data=data)


def _at_block(actor: Actor, ticket_id: int) -> tuple[PlaybookRun, Ticket, User]:
    run, ticket, here = locked_run(actor, ticket_id)
    if here.kind != StepKind.BLOCK_ACCOUNT:
        raise WrongState(_("The open step blocks no account."), code="no_block")
    return run, ticket, actor.require_person("work_ticket")


def _code(ticket: Ticket, given: str) -> str:
    code = ticket.agent.code if ticket.agent else ""
    code = code or clean_text(given, field="agent_code", max_length=MOST_CODE).upper()
    if not code:
        message = _("Say whose account it is: the agent ID.")
        raise InvalidInput(message, fields={"agent_code": message})
    return code


def _require_not_done(found: AccountBlock) -> None:
    if found.is_done:
        raise WrongState(_("The account is blocked already."), code="blocked_already")
