import django.contrib.postgres.operations
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("sla", "0012_restored_clocks")]
    operations = [
        django.contrib.postgres.operations.AddIndexConcurrently(
            "clock",
            models.Index(
                fields=["due_at"],
                include=["ticket"],
                name="clock_running_by_due",
                condition=models.Q(state="running"),
            ),
        ),
        django.contrib.postgres.operations.RemoveIndexConcurrently("clock", "clock_running"),
    ]
