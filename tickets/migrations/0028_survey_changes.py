from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0027_looks")]
    operations = [
        migrations.AddField(
            model_name="satisfactionsurvey",
            name="changed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
