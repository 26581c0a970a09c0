"""Runs in a process of its own: work that kills itself (SIGKILL) before its n-th step.

A step is a statement or a commit, as the database sees them, so this knows nothing of how a sweep is
written. Each step is logged before it is made; the last line is the one that it died before.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any

from django.db import connection


def sweep_until_step(fatal: int) -> None:
    """0: never; one more than there are steps: after all work, before an orderly end."""
    from sla.services import sweep

    _count_steps(fatal)
    sweep()
    _step("END", fatal)


def bulk_until_step(fatal: int) -> None:
    """As above, for a worker at the bulk jobs."""
    from tickets.services import work_on_bulk_jobs

    _count_steps(fatal)
    work_on_bulk_jobs()
    _step("END", fatal)


def post_until_step(fatal: int, key: str, body: str, idempotency_key: str) -> None:
    """As above, for a web worker that files a ticket."""
    from django.test import Client

    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": idempotency_key}
    _count_steps(fatal)
    Client(HTTP_HOST="127.0.0.1").post(
        "/api/v1/tickets", body, content_type="application/json", headers=headers
    )
    _step("END", fatal)


def webhooks_until_step(fatal: int) -> None:
    """As above, for a worker that owes and sends webhooks, to a receiver on this machine."""
    from django.conf import settings

    from tickets.tasks import deliver_webhooks

    settings.WEBHOOK_LOCAL_TARGETS = True
    _count_steps(fatal)
    deliver_webhooks()
    _step("END", fatal)


def suppliers_until_step(fatal: int, chosen: dict[str, Any]) -> None:
    """As above, for a worker that tells suppliers and blocks accounts, through the given connection."""
    from django.conf import settings

    from agents_ops.connectors import forget_connectors
    from agents_ops.services.block_work import work_on_blocks
    from agents_ops.services.complaint_sending import send_owed_complaints

    settings.SUPPLIERS = settings.AGENT_SYSTEMS = chosen
    forget_connectors()
    _count_steps(fatal)
    send_owed_complaints()
    work_on_blocks()
    _step("END", fatal)


_steps = 0


def _step(label: str, fatal: int) -> None:
    global _steps
    _steps += 1
    print(" ".join(label.split()), flush=True)
    if _steps == fatal:
        os.kill(os.getpid(), signal.SIGKILL)


def _count_steps(fatal: int) -> None:
    connection.ensure_connection()

    def before_statement(
        execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        _step(sql, fatal)
        return execute(sql, params, many, context)

    commit = connection._commit

    def before_commit() -> Any:
        _step("COMMIT", fatal)
        return commit()

    connection.execute_wrappers.append(before_statement)
    connection._commit = before_commit
