from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0017_search_marks")]
    operations = [
        migrations.AddField(
            "notice", "mention", models.BooleanField(db_default=False, default=False)
        ),
    ]
