from django.db import migrations


class Migration(migrations.Migration):
    """Apart from the triggers, whose making holds writers off until its transaction ends. The worker
    writes the entries afterwards; `manage.py reindex_search --go-on` does it at once."""

    dependencies = [
        ("tickets", "0016_search_triggers"),
    ]
    operations = [
        migrations.RunSQL(
            "INSERT INTO tickets_searchmark (ticket_id) SELECT id FROM tickets_ticket ORDER BY id",
            migrations.RunSQL.noop,
        )
    ]
