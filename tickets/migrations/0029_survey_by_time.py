import django.contrib.postgres.operations
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("tickets", "0028_survey_changes")]
    operations = [
        django.contrib.postgres.operations.AddIndexConcurrently(
            "satisfactionsurvey",
            models.Index(fields=["answered_at"], name="survey_by_time"),
        ),
    ]
