from django.db import migrations

from helpdesk.common.telling import EVENTS, tells


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0012_macros"),
    ]
    operations = [tells("tickets_ticketevent", EVENTS, on="INSERT")]
