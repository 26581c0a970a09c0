from __future__ import annotations

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("escalation", "0008_fill_deadlines_answered")]

    operations = [
        AddIndexConcurrently(
            model_name="escalation",
            index=models.Index(
                fields=["to_team", "-requested_at", "-id"], name="escalation_ledger_to"
            ),
        ),
        AddIndexConcurrently(
            model_name="escalation",
            index=models.Index(
                fields=["from_team", "-requested_at", "-id"], name="escalation_ledger_from"
            ),
        ),
        AddIndexConcurrently(
            model_name="escalation",
            index=models.Index(
                fields=["origin", "-requested_at", "-id"], name="escalation_ledger_origin"
            ),
        ),
        AddIndexConcurrently(
            model_name="escalation",
            index=models.Index(
                condition=models.Q(("late_seconds__gt", 2.0)),
                fields=["-requested_at", "-id"],
                name="escalation_ledger_late",
            ),
        ),
    ]
