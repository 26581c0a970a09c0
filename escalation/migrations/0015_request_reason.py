from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("escalation", "0013_carrying_over")]

    operations = [
        migrations.AddField(
            model_name="escalation",
            name="request_reason",
            field=models.TextField(
                blank=True, db_default="", default="", verbose_name="reason of the request"
            ),
        ),
    ]
