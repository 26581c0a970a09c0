from django.db import migrations, models


class Migration(migrations.Migration):
    """By itself: a table just written to cannot be altered in the same transaction."""

    dependencies = [
        ("people", "0009_token_scopes"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="apitoken",
            constraint=models.CheckConstraint(
                condition=models.Q(("scopes", []), _negated=True), name="api_token_has_a_scope"
            ),
        ),
    ]
