from django.db import migrations

from helpdesk.common.append_only import append_only
from helpdesk.common.telling import EVENTS, tells


class Migration(migrations.Migration):
    dependencies = [("seller_chat", "0001_conversations")]

    operations = [
        append_only("seller_chat_chatevent"),
        tells("seller_chat_chatevent", EVENTS, on="INSERT"),
    ]
