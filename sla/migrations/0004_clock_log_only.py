from django.db import migrations, models


class Migration(migrations.Migration):
    """What the log tells is kept no second time."""

    dependencies = [("sla", "0003_fill_clock_log")]
    operations = [
        migrations.AlterField("clock", "running_since", models.DateTimeField()),
        migrations.RemoveField("clock", "paused_seconds"),
    ]
