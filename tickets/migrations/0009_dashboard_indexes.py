import django.contrib.postgres.operations
from django.db import migrations, models

OPEN = models.Q(state__in=["received", "classified", "handled", "escalated", "monitored"])


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("tickets", "0008_open_tally_trigger"),
    ]
    operations = [
        django.contrib.postgres.operations.AddIndexConcurrently(
            "ticket",
            models.Index(
                fields=["next_due_at", "id"],
                name="ticket_open_due",
                include=["state", "priority", "team", "assignee"],
                condition=OPEN,
            ),
        ),
        django.contrib.postgres.operations.AddIndexConcurrently(
            "ticket",
            models.Index(fields=["received_at", "id"], name="ticket_open_by_age", condition=OPEN),
        ),
        django.contrib.postgres.operations.RemoveIndexConcurrently("ticket", "ticket_open_by_due"),
        django.contrib.postgres.operations.AddIndexConcurrently(
            "outgoingmail",
            models.Index(fields=["id"], name="mail_failed", condition=models.Q(state="failed")),
        ),
    ]
