from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0019_queue_indexes"),
    ]

    operations = [
        migrations.AlterField(
            model_name="ticketevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("received", "Complaint received"),
                    ("classified", "Classified"),
                    ("reclassified", "Classification changed"),
                    ("assigned", "Assigned"),
                    ("handled", "Handling started"),
                    ("replied", "Reply to the customer"),
                    ("customer_wrote", "Customer wrote"),
                    ("customer_silent", "Customer does not answer"),
                    ("noted", "Internal note"),
                    ("mentioned", "You were mentioned"),
                    ("reply_not_needed", "No reply needed"),
                    ("reply_needed", "A reply is needed after all"),
                    ("corrected", "Facts corrected"),
                    ("signalled", "Signal reported"),
                    ("held", "Put on hold"),
                    ("released", "Taken off hold"),
                    ("pulled_forward", "Pulled forward"),
                    ("confirmation_asked", "Confirmation asked"),
                    ("confirmed", "Customer confirmed"),
                    ("disputed", "Customer disputed"),
                    ("escalation_requested", "Escalation requested"),
                    ("escalation_declined", "Escalation declined"),
                    ("escalated", "Escalated"),
                    ("redirected", "Escalation passed on"),
                    ("alerted", "Specialist team alerted"),
                    ("accepted", "Escalation accepted"),
                    ("returned", "Returned to the squad"),
                    ("progress", "Progress report"),
                    ("follow_up_planned", "Follow-up planned"),
                    ("follow_up_done", "Follow-up done"),
                    ("follow_up_overdue", "Follow-up overdue"),
                    ("heard", "Party heard"),
                    ("decided", "Mediation decided"),
                    ("freeze_asked", "Freeze asked"),
                    ("freeze_decided", "Freeze decided"),
                    ("relay_released", "Released for the customer"),
                    ("recomputed", "Deadlines recomputed"),
                    ("warned", "Deadline warning"),
                    ("breached", "Deadline missed"),
                    ("timer_fired", "Time trigger"),
                    ("closed", "Closed"),
                    ("reopened", "Reopened"),
                    ("sealed", "Reopen window ended"),
                    ("surveyed", "Satisfaction answered"),
                ],
                max_length=24,
            ),
        ),
    ]
