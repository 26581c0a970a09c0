"""Policies and clocks of the first release, in the shape in which clocks have a log.

Every stored version of the policy says the same as before; every clock gets the lines that tell its
row as far as the first release kept it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import migrations, transaction
from django.db.models import Exists, OuterRef

from helpdesk.common.append_only import append_only

CHUNK = 1000
ALL_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
RECEIVING = ("acceptance", "fraud_response", "mediator_assigned")
CHANNELS = {"email": "first-email", "social": "first-social", "live_chat": "first-chat"}


def convert(apps: Any, schema_editor: Any) -> None:
    for policy in apps.get_model("sla", "SlaPolicy").objects.all():
        if "targets" not in policy.body:
            policy.body = new_body(policy.body)
            # Its digest stays that of the old words: it is found again by nobody.
            policy.note = policy.note or "fixtures/"
            policy.save(update_fields=["body", "note"])
    last = 0
    while chunk := next_clocks(apps, last):
        fill(apps, chunk)
        last = chunk[-1].pk


def next_clocks(apps: Any, after: int) -> list[Any]:
    """Those without lines: after a kill it goes on with what is left."""
    lines = apps.get_model("sla", "ClockEvent").objects.filter(clock=OuterRef("pk"))
    clocks = apps.get_model("sla", "Clock").objects.filter(~Exists(lines), pk__gt=after)
    return list(clocks.select_related("ticket", "policy").order_by("pk")[:CHUNK])


def fill(apps: Any, clocks: list[Any]) -> None:
    for clock in clocks:
        clock.basis = basis_of(clock)
        clock.stood_still = timedelta(seconds=clock.paused_seconds)
        clock.running_since = clock.started_at + clock.stood_still
        ended = clock.paused_at or clock.breached_at or clock.met_at or clock.cancelled_at
        if ended:
            clock.used = ended - clock.running_since
        clock.level = 100 if clock.breached_at else 0
    names = ["basis", "stood_still", "running_since", "used", "level"]
    # A chunk is short, so that nobody waits long for its rows.
    with transaction.atomic():
        apps.get_model("sla", "Clock").objects.bulk_update(clocks, names)
        lines = [line for clock in clocks for line in lines_of(apps, clock)]
        apps.get_model("sla", "ClockEvent").objects.bulk_create(lines)


def lines_of(apps: Any, clock: Any) -> list[Any]:
    """A pause of the first release is told as one at the very start: its length is what it kept."""
    steps: list[tuple[str, Any]] = [("started", clock.started_at)]
    if clock.stood_still:
        steps += [("paused", clock.started_at), ("resumed", clock.running_since)]
    if clock.paused_at:
        steps.append(("paused", clock.paused_at))
    if clock.breached_at:
        steps.append(("breached", clock.breached_at))
    if clock.met_at:
        steps.append(("satisfied", clock.met_at))
    if clock.cancelled_at:
        steps.append(("cancelled", clock.cancelled_at))
    late = (clock.breached_at - clock.due_at).total_seconds() if clock.breached_at else None
    return [
        apps.get_model("sla", "ClockEvent")(
            clock=clock,
            ticket_id=clock.ticket_id,
            metric=clock.metric,
            kind=kind,
            at=at,
            due_at=clock.due_at,
            level=100 if kind == "breached" else None,
            late_seconds=late if kind in ("breached", "satisfied") else None,
            policy_version=clock.policy.version,
            basis=clock.basis,
            priority=clock.ticket.priority,
            team_id=clock.ticket.team_id,
        )
        for kind, at in steps
    ]


def basis_of(clock: Any) -> str:
    priority, channel = clock.ticket.priority.lower(), clock.ticket.channel
    if clock.metric == "resolution":
        return f"resolve-{priority}"
    if clock.metric == "first_response":
        codes = {"channel": CHANNELS.get(channel, ""), "tier": "first-tier"}
        return codes.get(clock.basis) or f"first-{priority}"
    return {"next_update": "update-daily"}.get(clock.metric, "accept-any")


def new_body(old: dict[str, Any]) -> dict[str, Any]:
    calendars: dict[str, Any] = {
        "always": {"name_id": "Sepanjang waktu", "name_en": "Around the clock"},
        "working_days": {
            "name_id": "Hari kerja",
            "name_en": "Working days",
            "zone": "Asia/Jakarta",
            "week": {day: [["00:00", "24:00"]] for day in ALL_DAYS[:5]},
            "holidays": True,
        },
    }
    targets: list[dict[str, Any]] = []

    def add(code: str, metric: str, target: dict[str, Any], **when: list[str]) -> None:
        within = {key: value for key, value in target.items() if key != "open"}
        calendar = "working_days" if "working_days" in within else "always"
        if "open" in target:
            calendar = f"{code}-hours"
            calendars[calendar] = {
                "name_id": code,
                "name_en": code,
                "zone": "Asia/Jakarta",
                "week": {day: [target["open"]] for day in ALL_DAYS},
                "holidays": False,
            }
        row = {"code": code, "metric": metric, "when": when, "within": within}
        targets.append(row | {"calendar": calendar})

    for priority, target in old["first_response"].items():
        add(f"first-{priority.lower()}", "first_response", target, priority=[priority])
    for channel, target in old["channel_first_response"].items():
        add(CHANNELS.get(channel, f"first-{channel}"), "first_response", target, channel=[channel])
    tiers = old["tier_first_response"]
    if tiers:
        add("first-tier", "first_response", next(iter(tiers.values())), tier=list(tiers))
    add("update-daily", "next_update", old["next_update"])
    for priority, target in old["resolution"].items():
        add(f"resolve-{priority.lower()}", "resolution", target, priority=[priority])
    for metric, code in (
        ("verification", "verify-any"),
        ("acceptance", "accept-any"),
        ("fraud_response", "fraud-response"),
        ("mediator_assigned", "mediator"),
    ):
        add(code, metric, {"hours": old["acceptance_hours"]})
    add("mediation", "mediation_decision", {"working_days": 5})
    return {
        "calendars": calendars,
        "closures": old["closures"],
        "targets": targets,
        "pauses": {"resolution": ["customer", "hold"], "next_update": ["hold"]},
        "warning_percent": old["warning_percent"],
        "warn_leads_from_percent": old["warn_leads_from_percent"],
        "breach": {
            **dict.fromkeys(("first_response", "next_update", "resolution"), "matrix"),
            **dict.fromkeys(RECEIVING, "operations"),
            "mediation_decision": "operations",
            "verification": "notify_operations",
        },
        "receiving": {},
        "after_acceptance": {},
        "customer_silence_hours": old["customer_silence_hours"],
        "confirmation_hours": old["confirmation_hours"],
    }


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("sla", "0002_clock_log")]
    operations = [
        migrations.RunPython(convert, migrations.RunPython.noop),
        append_only("sla_clockevent"),
    ]
