"""Celery moves work; it holds none. PERIODIC is the one table of everything that runs by itself.

Redis may be flushed or away at any moment: what is due stands in PostgreSQL, and the next wake-up
from this table finds it. So a wake-up that could not be sent is logged and forgotten.
"""

from __future__ import annotations

import logging
import os
import sys
import time
import warnings
from typing import Any
from urllib.parse import parse_qs, urlsplit

from celery import Celery
from celery.contrib.django.task import DjangoTask
from celery.signals import beat_init, setup_logging, worker_init
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from kombu import Queue
from kombu.exceptions import OperationalError

from helpdesk.steadily import Steadily

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")

logger = logging.getLogger(__name__)
BROKER_REST_SECONDS = 5.0
_broker_rests_until = 0.0
HOUR = 3600.0
DAY = 24 * HOUR

# A worker judges by its own clock how old a wake-up is. An old one costs a look at an index; one
# dropped because a clock is fast costs a deadline. So it lasts longer than a clock is ever wrong.
SURELY = 3 * HOUR

# The sweep's wake-ups wait behind nothing: a worker of their own serves this queue and no other.
SWEEP_QUEUE, QUEUE = "sweep", "celery"

# name: (task, every so many seconds, dropped when not begun within so many seconds)
PERIODIC: dict[str, tuple[str, float, float]] = {
    "sweep due deadlines": ("sla.tasks.sweep_deadlines", 1.0, SURELY),
    "deliver waiting mail": ("tickets.tasks.deliver_mail", 5.0, SURELY),
    "deliver webhooks": ("tickets.tasks.deliver_webhooks", 2.0, SURELY),
    "add up the counters of tickets": ("tickets.tasks.compact_counters", 10.0, SURELY),
    "add up the counters of promises": ("sla.tasks.compact_counters", 10.0, SURELY),
    "index what changed": ("tickets.tasks.index_for_search", 1.0, SURELY),
    "answer the tickets of incidents": ("tickets.tasks.work_on_incidents", 2.0, SURELY),
    "look who can take what waits": ("sla.tasks.look_for_takers", 10.0, SURELY),
    "send the canary": ("sla.tasks.send_canary", 600.0, SURELY),
    "housekeeping: count open tickets anew": ("sla.tasks.recount", DAY, DAY + HOUR),
    "work on policies": ("sla.tasks.work_on_policies", 5.0, SURELY),
    "audit a part of the deadlines": ("sla.tasks.check_deadlines", 30.0, SURELY),
    "go on with bulk jobs": ("tickets.tasks.work_on_bulk_jobs", 3.0, SURELY),
    "try drafts of the triage rules": ("tickets.tasks.work_on_trials", 3.0, SURELY),
    "report on triage": ("tickets.tasks.report_on_triage", 300.0, SURELY),
    "block accounts in danger": ("agents_ops.tasks.block_accounts", 1.0, SURELY),
    "tell suppliers": ("agents_ops.tasks.tell_suppliers", 2.0, SURELY),
    "carry the matrix over": ("escalation.tasks.carry_over", 5.0, SURELY),
    "deliver letters to shops": ("seller_chat.tasks.deliver_letters", 5.0, SURELY),
    "evaluate shops": ("seller_chat.tasks.evaluate_sellers", 20.0, SURELY),
    "housekeeping: check reply clocks": ("seller_chat.tasks.check_reply_clocks", DAY, DAY + HOUR),
    "housekeeping: forget the past": ("people.tasks.forget_the_past", DAY, DAY + HOUR),
    "housekeeping: forget past work": ("tickets.tasks.forget_the_past", DAY, DAY + HOUR),
}


class WakeUpTask(DjangoTask):
    """A task whose sending after a commit may fail: the work waits in the database anyway."""

    def delay_on_commit(self, *args: Any, **kwargs: Any) -> None:  # type: ignore[override]
        transaction.on_commit(lambda: self._wake(*args, **kwargs), robust=True)

    def _wake(self, *args: Any, **kwargs: Any) -> None:
        """Sends, unless a sending failed just now: a visitor waits for a dead Redis once at most."""
        global _broker_rests_until
        if time.monotonic() < _broker_rests_until:
            return
        try:
            self.delay(*args, **kwargs)
        except OperationalError as error:
            _broker_rests_until = time.monotonic() + BROKER_REST_SECONDS
            logger.warning("%s not sent, beat will wake it: %s", self.name, error)


def broker_address(redis_url: str) -> str:
    """Celery's spelling of a Redis address: it writes a unix socket as redis+socket://."""
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    number = parse_qs(parts.query).get("db", ["0"])[0]
    return f"redis+socket://{parts.path}?virtual_host={number}"


app = Celery("tuntas", task_cls=WakeUpTask)
app.conf.update(
    broker_url=broker_address(settings.REDIS_URL),
    broker_connection_retry_on_startup=True,
    broker_connection_timeout=1,
    # Short enough that a dead Redis holds up no request, and under the hard limit of every task.
    broker_transport_options={
        "visibility_timeout": 3600,
        "socket_connect_timeout": 1,
        # A worker's own wait for work is answered every second.
        "socket_timeout": 2,
        "max_retries": 1,
        "interval_start": 0,
        "socket_keepalive": True,
        "retry_on_timeout": False,
    },
    task_publish_retry=False,
    task_default_queue=QUEUE,
    # Named here, so that a worker that is told of no queue serves both.
    task_queues=[Queue(name, routing_key=name) for name in (QUEUE, SWEEP_QUEUE)],
    task_routes={"sla.tasks.sweep_deadlines": {"queue": SWEEP_QUEUE}},
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_time_limit=60,
    task_soft_time_limit=45,
    task_ignore_result=True,
    task_serializer="json",
    accept_content=["json"],
    timezone="UTC",
    enable_utc=True,
    worker_hijack_root_logger=False,
    worker_send_task_events=False,
    beat_schedule_filename=str(settings.VAR_DIR / "celerybeat-schedule"),
    beat_max_loop_interval=1,
    beat_sync_every=20,
    beat_schedule={
        name: {"task": task, "schedule": Steadily(seconds), "options": {"expires": expires}}
        for name, (task, seconds, expires) in PERIODIC.items()
    },
)
app.autodiscover_tasks()

if settings.TUNTAS_MODE == "demo":
    # On one's own machine root is nobody to be warned of; only JSON is accepted anyway.
    warnings.filterwarnings("ignore", message="(?s).*superuser privileges")


@setup_logging.connect
def keep_djangos_logging(**kwargs: Any) -> None:
    """Django has configured the log already; without a receiver Celery would replace it."""


@worker_init.connect
@beat_init.connect
def refuse_wrong_database(**kwargs: Any) -> None:
    from helpdesk.checks import (
        refuse_demo_people_in_production,
        refuse_unprepared_database_in_production,
    )

    try:
        refuse_demo_people_in_production()
        refuse_unprepared_database_in_production()
    except ImproperlyConfigured as refusal:
        # Celery logs an error of a signal's receiver and goes on; it does end for this.
        sys.exit(str(refusal))
