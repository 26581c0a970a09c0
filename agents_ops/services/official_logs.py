"""The official transaction log: fetched and signed outside every transaction, kept, and given out on record.

While the server is away, a person gives out the server's own log; that is on record as well.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction

from agents_ops.connectors import Transaction, Unavailable, accounts
from agents_ops.models import Lookup, PlaybookRun, TransactionLog, TransactionLogDownload
from agents_ops.official_log.paper import Head, drawn_log
from agents_ops.official_log.signing import signed
from agents_ops.selectors import answers_of
from agents_ops.services.runs import locked_run
from agents_ops.states import StepKind
from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput, WrongState
from helpdesk.common.text import clean_text
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import ResellerAgent
from tickets.models import EventKind, Ticket
from tickets.models.message import attachment_key
from tickets.services import clean_words, record

SYSTEM, ISSUED = "transaction_log", "issued"
DAYS, MOST_DAYS = 30, 366
MOST_WORDS, MOST_CODE = 500, 20


def issue_log(
    *, actor: Actor, ticket_id: int, days: int = DAYS, agent_code: str = ""
) -> TransactionLog | Lookup:
    """Of the last `days`; or, where the server is away, the record of that.

    Outside a transaction. Raises WrongState (`no_log`, `no_signing_key`), InvalidInput, Conflict when
    somebody went on meanwhile.
    """
    run, ticket, code = _begun(actor, ticket_id, days, agent_code)
    until = clock.now()
    since = until - timedelta(days=days)
    try:
        rows = accounts().transactions(code, since, until)
    except Unavailable as error:
        return _away(actor, ticket_id, run, error.trouble.value)
    key = attachment_key()
    made = TransactionLog(
        run=run,
        key=key,
        agent_code=code,
        since=since,
        until=until,
        rows=len(rows),
        made_at=until,
        made_by=actor.require_person("work_ticket"),
        content_type="application/pdf",
    )
    document = _document(made, ticket, rows)
    return _kept(actor, ticket_id, run, made, document)


@transaction.atomic
def issue_by_hand(*, actor: Actor, ticket_id: int, words: str) -> Lookup:
    """Somebody gave out the server's own log: which, and to whom. Raises as above."""
    run, ticket, here = _at_log(actor, ticket_id)
    said = clean_words(words, field="words", max_length=MOST_WORDS)
    if not said:
        message = _("Write what was checked, and where.")
        raise InvalidInput(message, fields={"words": message})
    return _noted(run, ticket, actor, here, result=ISSUED, by_hand=True, words=said)


@transaction.atomic
def take_log(*, actor: Actor, log: TransactionLog) -> TransactionLog:
    """One download, on record. `log` comes from the funnel (`log_for_actor_or_404`)."""
    person = actor.require_person("work_ticket")
    now = clock.now()
    TransactionLogDownload.objects.create(log=log, by=person, at=now)
    data = {"run": log.run_id, "log": log.pk}
    record(log.run.ticket, actor=actor, kind=EventKind.LOG_DOWNLOADED, at=now, data=data)
    return log


@transaction.atomic
def _begun(
    actor: Actor, ticket_id: int, days: int, agent_code: str
) -> tuple[PlaybookRun, Ticket, str]:
    run, ticket, _here = _at_log(actor, ticket_id)
    if not 1 <= days <= MOST_DAYS:
        message = _("A number of days from 1 to 366 is needed.")
        raise InvalidInput(message, fields={"days": message})
    code = ticket.agent.code if ticket.agent else str(answers_of(run).get("agent_id", ""))
    code = code or clean_text(agent_code, field="agent_code", max_length=MOST_CODE).upper()
    if not code:
        message = _("Say whose account it is: the agent ID.")
        raise InvalidInput(message, fields={"agent_code": message})
    return run, ticket, code


def _document(made: TransactionLog, ticket: Ticket, rows: tuple[Transaction, ...]) -> bytes:
    names = ResellerAgent.objects.filter(code=made.agent_code).values_list("name", flat=True)
    head = Head(
        number=made.number,
        agent_code=made.agent_code,
        agent_name=names.first() or "",
        ticket=ticket.number,
        since=made.since,
        until=made.until,
        made_at=made.made_at,
    )
    return signed(drawn_log(head, rows), reason=f"Log transaksi resmi {made.number}")


@transaction.atomic
def _kept(
    actor: Actor, ticket_id: int, seen: PlaybookRun, made: TransactionLog, document: bytes
) -> TransactionLog:
    run, ticket, _here = _at_log(actor, ticket_id, seen.revision)
    made.run, made.name = run, f"log-transaksi-{made.agent_code}-{made.made_at:%Y%m%d}.pdf"
    made.size, made.sha256 = len(document), hashlib.sha256(document).hexdigest()
    made.file.save(made.name, ContentFile(document), save=False)
    made.save()
    data = {"run": run.pk, "log": made.pk, "rows": made.rows}
    record(ticket, actor=actor, kind=EventKind.LOG_ISSUED, at=made.made_at, data=data)
    return made


@transaction.atomic
def _away(actor: Actor, ticket_id: int, seen: PlaybookRun, trouble: str) -> Lookup:
    run, ticket, here = _at_log(actor, ticket_id, seen.revision)
    return _noted(run, ticket, actor, here, trouble=trouble)


def _at_log(
    actor: Actor, ticket_id: int, revision: int | None = None
) -> tuple[PlaybookRun, Ticket, str]:
    run, ticket, here = locked_run(actor, ticket_id, revision=revision)
    if here.kind != StepKind.TRANSACTION_LOG:
        raise WrongState(_("The open step makes no transaction log."), code="no_log")
    return run, ticket, here.code


def _noted(run: PlaybookRun, ticket: Ticket, actor: Actor, step: str, **values: Any) -> Lookup:
    at: datetime = clock.now()
    row = Lookup.objects.create(
        run=run, step=step, system=SYSTEM, by=actor.require_person("work_ticket"), at=at, **values
    )
    data = {
        "run": run.pk,
        "lookup": row.pk,
        "system": SYSTEM,
        "result": row.result,
        "trouble": row.trouble,
        "by_hand": row.by_hand,
    }
    record(ticket, actor=actor, kind=EventKind.LOOKED_UP, at=at, data=data)
    return row
