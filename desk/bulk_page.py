"""A job on many tickets as its page shows it: how far it came, what is refused and why, each ticket."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from desk.bulk_verbs import MANY_VERBS
from desk.csv_file import BYTE_ORDER_MARK, Echo, safe
from helpdesk.common.durations import WIB
from people.actors import Actor
from tickets.bulk_reads import (
    counts_of_job,
    items_in_order,
    items_left,
    jobs_of,
    reasons_of,
    said,
)
from tickets.models import BulkItem, BulkJob
from tickets.selectors import visible_tickets

PAGE_SIZE = 100
OUTCOMES = ("refused", "left", "done")
LIST_SIZE = 50


def jobs_context(actor: Actor) -> dict[str, Any]:
    return {"section": "queue", "jobs": [(job, verb_of(job)) for job in jobs_of(actor)[:LIST_SIZE]]}


def job_context(actor: Actor, job: BulkJob, outcome: str = "", page: int = 1) -> dict[str, Any]:
    """`outcome` is one of OUTCOMES or ''. Six queries, whatever the number of tickets."""
    counts = counts_of_job(job)
    outcome = outcome if outcome in OUTCOMES else ""
    rows = items_in_order(job, outcome)
    begin = (page - 1) * PAGE_SIZE
    found = list(rows[begin : begin + PAGE_SIZE + 1])
    turns = counts.tried if job.state == BulkJob.State.CHECKING else counts.ended
    return {
        "section": "queue",
        "job": job,
        "verb": verb_of(job),
        "counts": counts,
        "turns": turns,
        "percent": min(100, turns * 100 // job.total) if job.total else 100,
        "reasons": reasons_of(job),
        "lines": _lines(actor, found[:PAGE_SIZE]),
        "outcome": outcome,
        "page": page,
        "next_page": page + 1 if len(found) > PAGE_SIZE else None,
        "left": items_left(job).count() if job.has_ended else 0,
        "mine": actor.user is not None and job.started_by_id == actor.user.pk,
    }


def verb_of(job: BulkJob) -> Any:
    return MANY_VERBS.get(job.verb) or MANY_VERBS["assign"]


def csv_of(actor: Actor, job: BulkJob, outcome: str = "") -> Iterator[str]:
    """The result list row by row, safe to open in a spreadsheet."""
    writer = csv.writer(Echo())
    yield BYTE_ORDER_MARK
    yield writer.writerow([_("Ticket"), _("Subject"), _("Result"), _("Code"), _("Reason"), _("At")])
    items = items_in_order(job, outcome if outcome in OUTCOMES else "")
    seen = set(
        visible_tickets(actor)
        .filter(pk__in=job.items.values("ticket"))
        .values_list("pk", flat=True)
    )
    for item in items.iterator(chunk_size=500):
        subject = item.ticket.subject if item.ticket and item.ticket_id in seen else ""
        at = item.at.astimezone(WIB).isoformat(sep=" ", timespec="seconds") if item.at else ""
        result = str(item.get_state_display())
        cells = [item.number, subject, result, item.code, str(said(item.why)), at]
        yield writer.writerow([safe(cell) for cell in cells])


def _lines(actor: Actor, items: list[BulkItem]) -> list[dict[str, Any]]:
    """A ticket that has left the reader's sight keeps its number and loses its subject."""
    ids = [item.ticket_id for item in items if item.ticket_id]
    subjects = dict(visible_tickets(actor).filter(pk__in=ids).values_list("pk", "subject"))
    return [
        {
            "item": item,
            "subject": subjects.get(item.ticket_id or 0, ""),
            "why": said(item.why) if item.code else "",
        }
        for item in items
    ]
