"""An unfreezing names the freeze that it lifts: until now the latest one of its ticket."""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def name_the_freeze(apps: Any, schema_editor: Any) -> None:
    requests = apps.get_model("escalation", "FreezeRequest")
    for row in requests.objects.filter(action="unfreeze").iterator():
        frozen = requests.objects.filter(
            ticket=row.ticket_id,
            subject=row.subject,
            reference=row.reference,
            action="freeze",
            approved=True,
            decided_at__lte=row.asked_at,
        )
        row.lifts = frozen.latest("decided_at", "id")
        row.save(update_fields=["lifts"])


class Migration(migrations.Migration):
    dependencies = [("escalation", "0010_follow_ups_without_timer")]

    operations = [
        migrations.AddField(
            model_name="freezerequest",
            name="lifts",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lifted_by",
                to="escalation.freezerequest",
            ),
        ),
        migrations.RunPython(name_the_freeze, migrations.RunPython.noop),
    ]
