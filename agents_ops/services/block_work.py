"""Carries out owed blocks, then collects the logins: asked outside every transaction, under a lease.

A crash between the block and its mark asks once more, under the same key, which changes nothing.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta

from django.db import transaction

from agents_ops.connectors import Blocked, Login, Unavailable, accounts
from agents_ops.models import AccountBlock
from agents_ops.services.blocks import confirm
from helpdesk.common import clock, leases
from people.actors import Actor
from people.commerce import Trouble
from tickets.services import lock_ticket

State = AccountBlock.State
SERVER = Actor(system="account_server")
# Seconds between the tries; the account is in danger, so the first ones are short.
PAUSES = (1, 2, 5, 10, 20, 30, 60, 60, 120, 300, 600, 900, 1800, 3600)
LEASE = timedelta(seconds=30)
AT_ONCE = 10
Answer = Blocked | tuple[Login, ...]


def work_on_blocks() -> int:
    """One turn of what is owed, the oldest first; how many were answered. Outside a transaction."""
    lease, rows = _claim()
    return sum(_settle(row.pk, lease, *_ask(row)) for row in rows)


def _claim() -> tuple[datetime, list[AccountBlock]]:
    now = clock.now()
    due = AccountBlock.objects.filter(next_try_at__lte=now).order_by("next_try_at")
    return now + LEASE, leases.take(leases.unleased(due, now), AT_ONCE, now + LEASE)


def _ask(row: AccountBlock) -> tuple[Answer | None, str]:
    try:
        if row.is_done:
            return accounts().logins(row.agent_code), ""
        return accounts().block(row.agent_code, key=row.key), ""
    except Unavailable as error:
        return None, error.trouble.value


@transaction.atomic
def _settle(pk: int, lease: datetime, answer: Answer | None, trouble: str) -> bool:
    """Mark what came of it; a block that was made by hand meanwhile, or is in other hands, stays so."""
    rows = AccountBlock.objects.select_related("run")
    ticket = lock_ticket(rows.get(pk=pk).run.ticket_id, reply_leaves=False)
    row = leases.held(rows, pk, lease)
    if row is None:
        return False
    now = clock.now()
    if answer is None:
        _put_off(row, trouble)
    elif isinstance(answer, Blocked):
        if not row.is_done:
            row.reference = answer.reference
            confirm(row, ticket, actor=SERVER, state=State.CONFIRMED, at=now)
    else:
        row.logins = [{**asdict(each), "at": each.at.isoformat()} for each in answer]
        row.logins_at, row.next_try_at, row.leased_until, row.trouble = now, None, None, ""
        row.save()
    return answer is not None


def _put_off(row: AccountBlock, trouble: str) -> None:
    """Without a connection, and after the last try, a person has to do it."""
    row.trouble, row.leased_until = trouble, None
    if trouble == Trouble.OFF or row.attempts >= len(PAUSES):
        row.next_try_at = None
    else:
        row.next_try_at = clock.now() + timedelta(seconds=PAUSES[row.attempts])
        row.attempts += 1
    row.save()
