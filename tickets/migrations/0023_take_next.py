import django.contrib.postgres.operations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("tickets", "0022_freeze_events"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        django.contrib.postgres.operations.AddIndexConcurrently(
            "ticket",
            models.Index(
                models.F("team"),
                models.OrderBy(models.F("expedited"), descending=True),
                models.OrderBy(models.F("next_due_at"), nulls_last=True),
                models.F("id"),
                name="ticket_to_take",
                condition=models.Q(state="classified", assignee=None, held_until=None),
            ),
        ),
    ]
