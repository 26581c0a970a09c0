from __future__ import annotations

from django.db import migrations

from helpdesk.common.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("escalation", "0002_triggers_and_signals"),
    ]

    operations = [append_only("escalation_signal")]
