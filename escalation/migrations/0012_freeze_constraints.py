from __future__ import annotations

from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("escalation", "0011_freeze_lifts")]

    operations = [
        migrations.AddIndex(
            model_name="freezerequest",
            index=models.Index(
                condition=models.Q(("action", "freeze"), ("approved", True)),
                fields=["subject", "reference"],
                name="freeze_of_a_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="freezerequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("approved", True)),
                fields=("lifts",),
                name="freeze_lifted_once",
            ),
        ),
        AddConstraintNotValid(
            model_name="freezerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("action", "freeze"), ("lifts__isnull", True)),
                    models.Q(("action", "unfreeze"), ("lifts__isnull", False)),
                    _connector="OR",
                ),
                name="unfreeze_names_its_freeze",
            ),
        ),
        ValidateConstraint(model_name="freezerequest", name="unfreeze_names_its_freeze"),
    ]
