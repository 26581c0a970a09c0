import django.contrib.postgres.indexes
import django.contrib.postgres.operations
from django.db import migrations

# Another trigger beside those of 0016: what a search filters by is kept true by the database.
FORWARD = """
CREATE TRIGGER tickets_search_tagged AFTER UPDATE OF tags ON tickets_ticket
    FOR EACH ROW WHEN (OLD.tags IS DISTINCT FROM NEW.tags)
    EXECUTE FUNCTION tickets_mark_ticket_for_search();
"""
BACKWARD = "DROP TRIGGER IF EXISTS tickets_search_tagged ON tickets_ticket;"


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("tickets", "0031_tags")]
    operations = [
        django.contrib.postgres.operations.AddIndexConcurrently(
            "ticket",
            django.contrib.postgres.indexes.GinIndex(fields=["tags"], name="ticket_by_tag"),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
