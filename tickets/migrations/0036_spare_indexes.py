import django.contrib.postgres.indexes
import django.contrib.postgres.operations
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from helpdesk.common.spare_indexes import drop_indexes

# What each column is found by stands in another index, or nothing looks for it.


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("people", "0008_team_assignment"),
        ("tickets", "0035_composing_events"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        django.contrib.postgres.operations.AddIndexConcurrently(
            "ticket", models.Index(fields=["category"], name="ticket_by_category")
        ),
        django.contrib.postgres.operations.AddIndexConcurrently(
            "ticket",
            django.contrib.postgres.indexes.GinIndex(
                fields=["tags"], name="ticket_tagged", condition=~models.Q(tags=[])
            ),
        ),
        django.contrib.postgres.operations.RemoveIndexConcurrently("ticket", "ticket_by_tag"),
        drop_indexes(
            {
                "tickets_classification_category_4319c2f7": "tickets_classification (category)",
                "tickets_classification_category_4319c2f7_like": "tickets_classification (category varchar_pattern_ops)",
                "tickets_classification_queue_87e7e5b9": "tickets_classification (queue)",
                "tickets_classification_queue_87e7e5b9_like": "tickets_classification (queue varchar_pattern_ops)",
                "tickets_message_ticket_id_a1134910": "tickets_message (ticket_id)",
                "tickets_notice_recipient_id_bdd6174f": "tickets_notice (recipient_id)",
                "tickets_outgoingmail_event_id_7f1c3843": "tickets_outgoingmail (event_id)",
                "tickets_ticketevent_ticket_id_b572d14b": "tickets_ticketevent (ticket_id)",
                "tickets_ticket_category_513c5970": "tickets_ticket (category)",
                "tickets_ticket_category_513c5970_like": "tickets_ticket (category varchar_pattern_ops)",
                "tickets_ticket_queue_f4e35f78": "tickets_ticket (queue)",
                "tickets_ticket_queue_f4e35f78_like": "tickets_ticket (queue varchar_pattern_ops)",
                "tickets_ticket_customer_id_f2d9135a": "tickets_ticket (customer_id)",
                "tickets_ticket_number_5f958fbb_like": "tickets_ticket (number varchar_pattern_ops)",
                "tickets_ticket_submission_key_96ec272e_like": "tickets_ticket (submission_key varchar_pattern_ops)",
            },
            state=[
                migrations.AlterField(
                    model_name="classification",
                    name="category",
                    field=models.SlugField(db_index=False, max_length=40),
                ),
                migrations.AlterField(
                    model_name="classification",
                    name="queue",
                    field=models.SlugField(db_index=False, max_length=40),
                ),
                migrations.AlterField(
                    model_name="message",
                    name="ticket",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="tickets.ticket",
                    ),
                ),
                migrations.AlterField(
                    model_name="notice",
                    name="recipient",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AlterField(
                    model_name="outgoingmail",
                    name="event",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mails",
                        to="tickets.ticketevent",
                    ),
                ),
                migrations.AlterField(
                    model_name="ticket",
                    name="category",
                    field=models.SlugField(
                        blank=True, db_index=False, max_length=40, verbose_name="category"
                    ),
                ),
                migrations.AlterField(
                    model_name="ticket",
                    name="customer",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to="people.customer",
                    ),
                ),
                migrations.AlterField(
                    model_name="ticket",
                    name="queue",
                    field=models.SlugField(
                        blank=True,
                        db_index=False,
                        max_length=40,
                        verbose_name="queue proposed by triage",
                    ),
                ),
                migrations.AlterField(
                    model_name="ticketevent",
                    name="ticket",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="tickets.ticket",
                    ),
                ),
            ],
        ),
    ]
