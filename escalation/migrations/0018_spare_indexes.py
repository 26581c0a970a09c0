import django.db.models.deletion
from django.db import migrations, models

from helpdesk.common.spare_indexes import drop_indexes

# What each column is found by stands in another index, or nothing looks for it.


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("escalation", "0017_sent_back"),
        ("people", "0008_team_assignment"),
    ]

    operations = [
        drop_indexes(
            {
                "escalation_escalation_from_team_id_82d23c0c": "escalation_escalation (from_team_id)",
                "escalation_escalation_to_team_id_8e94893a": "escalation_escalation (to_team_id)",
            },
            state=[
                migrations.AlterField(
                    model_name="escalation",
                    name="from_team",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.team",
                    ),
                ),
                migrations.AlterField(
                    model_name="escalation",
                    name="to_team",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="escalations",
                        to="people.team",
                    ),
                ),
            ],
        ),
    ]
