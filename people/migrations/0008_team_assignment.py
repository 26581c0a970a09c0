from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0007_preferences"),
    ]

    operations = [
        migrations.AddField(
            model_name="team",
            name="assignment",
            field=models.CharField(
                choices=[
                    ("off", "off: people take or assign by hand"),
                    ("load", "by load: whoever has least for their capacity"),
                    ("skill", "by skill and load"),
                ],
                db_default="off",
                default="off",
                max_length=10,
                verbose_name="automatic assignment",
            ),
        ),
    ]
