"""Whether somebody wrote an escalation's target. Of those that still stand it is known where no
promise of accepting has that deadline; of ended ones nobody is accused of having been later."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models
from django.db.models import Exists, OuterRef

RECEIVING = ("acceptance", "fraud_response", "mediator_assigned")


def ask_of_those_that_stand(apps: Any, schema_editor: Any) -> None:
    to_accept = apps.get_model("sla", "Clock").objects.filter(
        ticket=OuterRef("ticket"), metric__in=RECEIVING, due_at=OuterRef("target_at")
    )
    standing = apps.get_model("escalation", "Escalation").objects.filter(
        ~Exists(to_accept), state__in=("sent", "accepted"), trigger="officer"
    )
    standing.update(target_asked=True)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("escalation", "0020_watch_targets"), ("sla", "0014_spare_indexes")]

    operations = [
        migrations.AddField(
            model_name="escalation",
            name="target_asked",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.RunPython(ask_of_those_that_stand, migrations.RunPython.noop),
    ]
