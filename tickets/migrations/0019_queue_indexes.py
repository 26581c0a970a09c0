import django.contrib.postgres.operations
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("tickets", "0018_notice_mentions")]
    operations = [
        django.contrib.postgres.operations.AddIndexConcurrently(
            "notice",
            models.Index(
                condition=models.Q(read_at__isnull=True),
                fields=["recipient", "ticket"],
                name="notice_unread_by_ticket",
            ),
        ),
        django.contrib.postgres.operations.AddIndexConcurrently(
            "notice",
            models.Index(
                condition=models.Q(mention=True),
                fields=["recipient", "ticket"],
                name="notice_mentions",
            ),
        ),
        django.contrib.postgres.operations.AddIndexConcurrently(
            "ticket",
            models.Index(
                fields=["home_team", "team"],
                name="ticket_sent_on",
                condition=models.Q(state__in=["escalated", "monitored"]),
            ),
        ),
    ]
