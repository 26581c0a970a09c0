from django.db import migrations

# Creating a trigger holds writers of tickets off until the transaction ends, so that the first
# count and the differences after it leave no gap.
FORWARD = """
CREATE FUNCTION tickets_count_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.state <> 'closed' THEN
        INSERT INTO tickets_opentally (state, priority, team_id, assignee_id, n)
        VALUES (OLD.state, OLD.priority, OLD.team_id, OLD.assignee_id, -1);
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.state <> 'closed' THEN
        INSERT INTO tickets_opentally (state, priority, team_id, assignee_id, n)
        VALUES (NEW.state, NEW.priority, NEW.team_id, NEW.assignee_id, 1);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER tickets_count_open_new AFTER INSERT OR DELETE ON tickets_ticket
    FOR EACH ROW EXECUTE FUNCTION tickets_count_open();
CREATE TRIGGER tickets_count_open_changed
    AFTER UPDATE OF state, priority, team_id, assignee_id ON tickets_ticket
    FOR EACH ROW WHEN (
        OLD.state <> NEW.state OR OLD.priority <> NEW.priority
        OR OLD.team_id IS DISTINCT FROM NEW.team_id
        OR OLD.assignee_id IS DISTINCT FROM NEW.assignee_id
    ) EXECUTE FUNCTION tickets_count_open();
INSERT INTO tickets_opentally (state, priority, team_id, assignee_id, n)
SELECT state, priority, team_id, assignee_id, count(*) FROM tickets_ticket
WHERE state <> 'closed' GROUP BY 1, 2, 3, 4;
"""
BACKWARD = """
DROP TRIGGER tickets_count_open_new ON tickets_ticket;
DROP TRIGGER tickets_count_open_changed ON tickets_ticket;
DROP FUNCTION tickets_count_open();
DELETE FROM tickets_opentally;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0007_open_tally"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
