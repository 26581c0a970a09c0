"""Tables that tell a channel of PostgreSQL when they changed: once for each transaction, no content.

Whoever listens reads what happened from the tables themselves, so a lost call costs time, never news.
"""

from __future__ import annotations

from django.db import migrations

EVENTS = "tuntas_events"
RIGHTS = "tuntas_rights"
PRESENCE = "tuntas_presence"

FUNCTION = """
CREATE OR REPLACE FUNCTION tuntas_tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify(TG_ARGV[0], '');
    RETURN NULL;
END $$;
"""


def tells(table: str, channel: str, *, on: str) -> migrations.RunSQL:
    """Migration operation: tell `channel` after `on` ("INSERT OR DELETE") of `table`.

    By statement, and PostgreSQL sends equal calls of one transaction once: a sweep's batch calls once.
    """
    name = f"{table}_tells"
    return migrations.RunSQL(
        FUNCTION
        + f"CREATE TRIGGER {name} AFTER {on} ON {table}"
        + f" FOR EACH STATEMENT EXECUTE FUNCTION tuntas_tell('{channel}');",
        f"DROP TRIGGER IF EXISTS {name} ON {table};",
    )
