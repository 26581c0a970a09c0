import django.db.models.deletion
from django.db import migrations, models

from helpdesk.common.spare_indexes import drop_indexes

# What each column is found by stands in another index, or nothing looks for it.


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("people", "0008_team_assignment"),
        ("sla", "0013_clock_running_by_due"),
        ("tickets", "0035_composing_events"),
    ]

    operations = [
        drop_indexes(
            {
                "sla_clock_ticket_id_0a036dca": "sla_clock (ticket_id)",
                "sla_clockevent_clock_id_6b23ba1a": "sla_clockevent (clock_id)",
                "sla_clockevent_ticket_id_763b1040": "sla_clockevent (ticket_id)",
                "sla_clockevent_team_id_c9d7e2bc": "sla_clockevent (team_id)",
            },
            state=[
                migrations.AlterField(
                    model_name="clock",
                    name="ticket",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="clocks",
                        to="tickets.ticket",
                    ),
                ),
                migrations.AlterField(
                    model_name="clockevent",
                    name="clock",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="log",
                        to="sla.clock",
                    ),
                ),
                migrations.AlterField(
                    model_name="clockevent",
                    name="team",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.team",
                    ),
                ),
                migrations.AlterField(
                    model_name="clockevent",
                    name="ticket",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clock_log",
                        to="tickets.ticket",
                    ),
                ),
            ],
        ),
    ]
