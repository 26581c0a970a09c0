"""A draft of the policy tried on the past of every ticket, and what applying it would move."""

from __future__ import annotations

import time
from collections.abc import Iterator
from copy import deepcopy
from datetime import timedelta

from benchmarks.table import Row
from helpdesk.common import clock
from helpdesk.common.alone import alone
from people.models import User
from sla.models import PolicyApplication, SlaPolicy, WhatIf
from sla.services.apply_work import count_moves
from sla.services.replaying import run_what_if

# The house's tickets are spread over two years: all of them are replayed.
DAYS = 800
# Whoever works on a job holds a lock; which one is nobody else's matter here.
LOCK = 800


def measure(people: dict[str, User]) -> Iterator[Row]:
    yield _what_if(people["sari"])
    yield _preview(people["sari"])


def _stricter() -> tuple[SlaPolicy, dict]:
    policy = SlaPolicy.objects.order_by("-version")[0]
    body = deepcopy(policy.body)
    for row in body["targets"]:
        if row["metric"] == "resolution" and "hours" in row["within"]:
            row["within"] = {"hours": row["within"]["hours"] // 2}
    return policy, body


def _what_if(person: User) -> Row:
    print("bench: a draft tried on the past", flush=True)
    policy, body = _stricter()
    now = clock.now()
    job = WhatIf.objects.create(
        started_by=person,
        created_at=now,
        base_version=policy.version,
        body=body,
        since=now - timedelta(days=DAYS),
        until=now,
    )
    began = time.monotonic()
    with alone(LOCK):
        run_what_if(job)
    spent = time.monotonic() - began
    job.refresh_from_db()
    if job.state != WhatIf.State.DONE:
        raise SystemExit(f"what-if ended as {job.state}: {job.error}")
    clocks = job.result["clocks"]
    return Row(
        f"what-if, {job.total:,} tickets",
        f"{spent:.1f} s",
        "",
        f"{clocks:,} promises judged twice; {clocks / spent:,.0f}/s in one process",
    )


def _preview(person: User) -> Row:
    print("bench: which deadlines a version moves", flush=True)
    _policy, body = _stricter()
    made = SlaPolicy.publish(body, note="bench")
    job = PolicyApplication.objects.create(
        policy=made, started_by=person, created_at=clock.now(), state="counting"
    )
    began = time.monotonic()
    with alone(LOCK):
        count_moves(job)
    spent = time.monotonic() - began
    job.refresh_from_db()
    counted = sum(row["earlier"] + row["later"] + row["same"] for row in job.preview["rows"])
    return Row(
        f"preview of a version, {job.total:,} open tickets",
        f"{spent:.1f} s",
        "",
        f"{counted:,} running clocks; {counted / spent:,.0f}/s",
    )
