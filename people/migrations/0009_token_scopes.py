import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def give_each_its_own_lineage_and_all_scopes(apps, schema_editor):
    """A token that worked before goes on as it did."""
    for token in apps.get_model("people", "ApiToken").objects.all():
        token.scopes, token.lineage = ["*"], uuid.uuid4()
        token.save(update_fields=["scopes", "lineage"])


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0008_team_assignment"),
    ]

    operations = [
        migrations.AddField(
            model_name="apitoken",
            name="created_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="apitoken",
            name="last_used_at",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="last used"
            ),
        ),
        migrations.AddField(
            model_name="apitoken",
            name="rotated_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="apitoken",
            name="lineage",
            field=models.UUIDField(default=uuid.uuid4, editable=False),
        ),
        migrations.AddField(
            model_name="apitoken",
            name="scopes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=32), default=list, size=None
            ),
        ),
        migrations.RunPython(
            give_each_its_own_lineage_and_all_scopes, migrations.RunPython.noop, elidable=True
        ),
    ]
