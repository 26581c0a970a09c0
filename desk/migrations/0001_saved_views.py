import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0003_shifts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("private", "only for me"),
                            ("team", "for a team"),
                            ("all", "for everybody at the desk"),
                        ],
                        default="private",
                        max_length=7,
                        verbose_name="who has it",
                    ),
                ),
                ("body", models.JSONField()),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_views",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_views",
                        to="people.team",
                    ),
                ),
            ],
            options={
                "ordering": ("position", "id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("audience", "private"), _negated=True),
                        fields=["audience", "team"],
                        name="view_shared",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("owner"),
                        django.db.models.functions.text.Lower("name"),
                        name="one_view_of_a_name_each",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("audience", "team"), ("team__isnull", False)),
                            models.Q(
                                models.Q(("audience", "team"), _negated=True),
                                ("team__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="view_of_a_team_names_it",
                    ),
                ],
            },
        ),
    ]
