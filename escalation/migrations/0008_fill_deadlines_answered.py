"""What the ledger had to look up for every line stands on the line: read once from the logs.

In chunks, each committed alone, so that nobody waits for a lock; what is filled stays as it is, so
that it may run again.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations

CHUNK = 5_000
STATEMENTS = (
    """
    UPDATE escalation_escalation SET origin = CASE
        WHEN requested_by_id IS NOT NULL THEN 'hand'
        WHEN trigger LIKE 'breach.%%' THEN 'breach'
        WHEN trigger = 'follow_up' THEN 'follow_up'
        ELSE 'rule' END
    WHERE id >= %s AND id < %s AND origin = ''
    """,
    """
    UPDATE escalation_escalation e SET due_at = line.due_at, metric = line.metric,
        policy_version = line.policy_version, late_seconds = coalesce(line.late_seconds, 0),
        sweep_id = line.sweep_id, cause_id = line.cause_id
    FROM sla_clockevent line
    WHERE e.id >= %s AND e.id < %s AND e.origin = 'breach' AND e.due_at IS NULL
      AND line.ticket_id = e.ticket_id AND line.kind = 'breached' AND line.at = e.requested_at
      AND e.trigger = 'breach.' || line.metric
    """,
    """
    UPDATE escalation_escalation e SET due_at = timer.due_at, sweep_id = timer.sweep_id,
        late_seconds = extract(epoch FROM e.requested_at - timer.due_at)
    FROM sla_timer timer
    WHERE e.id >= %s AND e.id < %s AND e.origin = 'rule' AND e.due_at IS NULL
      AND timer.subject_type = 'ticket' AND timer.subject_id = e.ticket_id
      AND timer.state = 'fired' AND timer.fired_at = e.requested_at
      AND timer.kind LIKE 'escalation.%%'
    """,
    """
    UPDATE escalation_escalation e SET due_at = timer.due_at, sweep_id = timer.sweep_id,
        late_seconds = extract(epoch FROM e.requested_at - timer.due_at),
        cause_id = (SELECT max(id) FROM tickets_ticketevent news
                    WHERE news.ticket_id = e.ticket_id AND news.kind = 'follow_up_overdue'
                      AND news.at = e.requested_at)
    FROM escalation_escalation one
    JOIN escalation_followup step ON step.escalation_id = one.id
    JOIN sla_timer timer ON timer.subject_type = 'follow_up' AND timer.subject_id = step.id
    WHERE e.id >= %s AND e.id < %s AND e.origin = 'follow_up' AND e.due_at IS NULL
      AND one.ticket_id = e.ticket_id AND timer.state = 'fired'
      AND timer.fired_at = e.requested_at AND timer.kind = 'escalation.follow_up_overdue'
    """,
    """
    UPDATE escalation_escalation e SET due_at = clock.due_at, metric = clock.metric,
        policy_version = policy.version,
        late_seconds = CASE WHEN e.decided_at IS NOT NULL
            THEN greatest(0, extract(epoch FROM e.decided_at - clock.due_at)) END
    FROM sla_clock clock JOIN sla_slapolicy policy ON policy.id = clock.policy_id
    WHERE e.id >= %s AND e.id < %s AND e.origin = 'hand' AND e.due_at IS NULL
      AND clock.ticket_id = e.ticket_id AND clock.metric = 'verification'
      AND clock.started_at = e.requested_at
    """,
    """
    UPDATE escalation_escalation e SET cause_id = news.id
    FROM tickets_ticketevent news
    WHERE e.id >= %s AND e.id < %s AND e.origin = 'hand' AND e.cause_id IS NULL
      AND news.ticket_id = e.ticket_id AND news.kind = 'escalation_requested'
      AND news.at = e.requested_at
    """,
)


def fill(apps: Any, schema_editor: Any) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT min(id), max(id) FROM escalation_escalation")
        first, last = cursor.fetchone()
        for start in range(first, last + 1, CHUNK) if last else ():
            for statement in STATEMENTS:
                cursor.execute(statement, [start, start + CHUNK])


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("escalation", "0007_deadlines_answered"), ("sla", "0010_repairs")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
