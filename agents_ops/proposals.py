"""Answers that the conversation, the ticket or the agent's record already give: proposed, never taken
without somebody who confirms them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agents_ops.evidence import fields_of
from agents_ops.login_log import login_text
from agents_ops.models import AccountBlock
from agents_ops.playbook.parts import Field, Step
from helpdesk.common.money import idr_text
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from tickets.models import Message, Ticket
from tickets.personal_data import sees_openly
from tickets.said import Said, said_in_text

# Of a long conversation the latest words count.
READ = 20


@dataclass(frozen=True)
class Proposal:
    """`value` as a form takes it, `shown` as people read it; `at`: when it was said, None where it
    comes from the record."""

    value: str
    shown: str
    at: datetime | None


def proposals_for(
    step: Step, ticket: Ticket, messages: Iterable[Message], actor: Actor
) -> dict[str, Proposal]:
    """By field. What is masked for the reader is proposed from the customer's own words alone."""
    wanted = {each.code: each for each in fields_of(step) if each.source in _OF_TEXT}
    if not wanted:
        return {}
    found = {
        code: proposal
        for code, field in wanted.items()
        if (proposal := _of_record(field, ticket, actor)) is not None
    }
    for at, said in _read(messages):
        for code in [each for each in wanted if each not in found]:
            value = next(iter(_OF_TEXT[wanted[code].source](said)), None)
            if value is not None:
                found[code] = _proposal(value, at)
    for code in [each for each in wanted if each not in found]:
        if wanted[code].source == "amount" and ticket.amount_idr is not None:
            found[code] = _proposal(ticket.amount_idr, None)
    return found


def _of_record(field: Field, ticket: Ticket, actor: Actor) -> Proposal | None:
    agent = ticket.agent
    if agent is not None and field.source == "agent_code":
        return _proposal(agent.code, None)
    if field.source == "login_log":
        return _of_logins(ticket)
    if agent is not None and field.source == "agent_phone" and sees_openly(actor):
        return _proposal(agent.phone, None)
    return None


def _of_logins(ticket: Ticket) -> Proposal | None:
    """The logins that were collected, masked as an officer sees them."""
    block = AccountBlock.objects.filter(run__ticket=ticket).last()
    if block is None or not block.logins:
        return None
    words = _("%(count)s logins") % {"count": len(block.logins)}
    return Proposal(login_text(block), words, None)


def _read(messages: Iterable[Message]) -> Iterator[tuple[datetime, Said]]:
    """The customer's words, the latest first."""
    theirs = [each for each in messages if each.kind == Message.Kind.CUSTOMER]
    for message in reversed(theirs[-READ:]):
        yield message.sent_at, said_in_text(message.body)


def _proposal(value: Any, at: datetime | None) -> Proposal:
    shown = idr_text(value) if isinstance(value, int) else str(value)
    return Proposal(f"{value:,}".replace(",", ".") if isinstance(value, int) else shown, shown, at)


_OF_TEXT: dict[str, Callable[[Said], Iterable[Any]]] = {
    "amount": lambda said: said.amounts,
    "agent_code": lambda said: said.agents,
    "agent_phone": lambda said: said.phones,
    "phone": lambda said: said.phones,
    "account": lambda said: said.accounts,
    "bank": lambda said: said.banks,
    "login_log": lambda _said: (),
}
