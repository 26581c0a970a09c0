from django.db import migrations

FORWARD = """
CREATE OR REPLACE FUNCTION sla_is_promise(kind text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT kind IN ('sla.first_response', 'sla.next_update', 'sla.resolution', 'sla.verification',
                    'sla.acceptance', 'sla.fraud_response', 'sla.mediator_assigned',
                    'sla.mediation_decision')
$$;

-- Each ticket counts once, however many of its promises are at risk: what matters is whether it
-- had any before this statement and has any after it.
CREATE OR REPLACE FUNCTION sla_count_risk() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed jsonb;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT jsonb_object_agg(subject_id, n) INTO changed FROM (
            SELECT subject_id, count(*) AS n FROM fresh
            WHERE state = 'armed' AND stage = 100 AND sla_is_promise(kind) GROUP BY 1) c;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT jsonb_object_agg(subject_id, n) INTO changed FROM (
            SELECT subject_id, -count(*) AS n FROM stale
            WHERE state = 'armed' AND stage = 100 AND sla_is_promise(kind) GROUP BY 1) c;
    ELSE
        SELECT jsonb_object_agg(subject_id, n) INTO changed FROM (
            SELECT subject_id, sum(d) AS n FROM (
                SELECT subject_id, 1 AS d FROM fresh
                WHERE state = 'armed' AND stage = 100 AND sla_is_promise(kind)
                UNION ALL
                SELECT subject_id, -1 FROM stale
                WHERE state = 'armed' AND stage = 100 AND sla_is_promise(kind)
            ) both_sides GROUP BY 1 HAVING sum(d) <> 0) c;
    END IF;
    IF changed IS NULL THEN
        RETURN NULL;
    END IF;
    INSERT INTO sla_risktally (state, priority, team_id, assignee_id, n)
    SELECT t.state, t.priority, t.team_id, t.assignee_id,
           (r.now > 0)::int - (r.now - c.value::bigint > 0)::int
    FROM jsonb_each_text(changed) c
    CROSS JOIN LATERAL (
        SELECT state, priority, team_id, assignee_id FROM tickets_ticket
        WHERE id = c.key::bigint LIMIT 1) t
    CROSS JOIN LATERAL (
        SELECT count(*) AS now FROM sla_timer
        WHERE subject_id = c.key::bigint AND state = 'armed' AND stage = 100
          AND sla_is_promise(kind)) r
    WHERE (r.now > 0) <> (r.now - c.value::bigint > 0);
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER sla_count_risk_new AFTER INSERT ON sla_timer
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION sla_count_risk();
CREATE OR REPLACE TRIGGER sla_count_risk_changed AFTER UPDATE ON sla_timer
    REFERENCING OLD TABLE AS stale NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION sla_count_risk();
CREATE OR REPLACE TRIGGER sla_count_risk_gone AFTER DELETE ON sla_timer
    REFERENCING OLD TABLE AS stale FOR EACH STATEMENT EXECUTE FUNCTION sla_count_risk();

-- A ticket at risk that changes hands is counted where it now lies.
CREATE OR REPLACE FUNCTION sla_move_risk() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM sla_timer WHERE subject_id = NEW.id AND state = 'armed'
               AND stage = 100 AND sla_is_promise(kind)) THEN
        INSERT INTO sla_risktally (state, priority, team_id, assignee_id, n) VALUES
            (OLD.state, OLD.priority, OLD.team_id, OLD.assignee_id, -1),
            (NEW.state, NEW.priority, NEW.team_id, NEW.assignee_id, 1);
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER sla_move_risk
    AFTER UPDATE OF state, priority, team_id, assignee_id ON tickets_ticket
    FOR EACH ROW WHEN (
        OLD.state <> NEW.state OR OLD.priority <> NEW.priority
        OR OLD.team_id IS DISTINCT FROM NEW.team_id
        OR OLD.assignee_id IS DISTINCT FROM NEW.assignee_id
    ) EXECUTE FUNCTION sla_move_risk();
"""
# What is and what the triggers have told since, in one statement and so of one instant: whoever
# writes meanwhile is in both or in neither, and nobody waits for it.
COUNT = """
INSERT INTO sla_risktally (state, priority, team_id, assignee_id, n)
SELECT state, priority, team_id, assignee_id, sum(n) FROM (
    SELECT t.state, t.priority, t.team_id, t.assignee_id, count(*) AS n
    FROM (SELECT DISTINCT subject_id FROM sla_timer
          WHERE state = 'armed' AND stage = 100 AND sla_is_promise(kind)) r
    JOIN tickets_ticket t ON t.id = r.subject_id
    GROUP BY 1, 2, 3, 4
    UNION ALL
    SELECT state, priority, team_id, assignee_id, -sum(n) FROM sla_risktally GROUP BY 1, 2, 3, 4
) lacking GROUP BY 1, 2, 3, 4 HAVING sum(n) <> 0;
"""
BACKWARD = """
DROP TRIGGER sla_move_risk ON tickets_ticket;
DROP TRIGGER sla_count_risk_new ON sla_timer;
DROP TRIGGER sla_count_risk_changed ON sla_timer;
DROP TRIGGER sla_count_risk_gone ON sla_timer;
DROP FUNCTION sla_move_risk();
DROP FUNCTION sla_count_risk();
DROP FUNCTION sla_is_promise(text);
DELETE FROM sla_risktally;
"""


class Migration(migrations.Migration):
    # Triggers first, in a moment; the count afterwards holds up no writer.
    atomic = False
    dependencies = [
        ("sla", "0006_tallies"),
        ("tickets", "0007_open_tally"),
    ]
    operations = [
        migrations.RunSQL([FORWARD], [BACKWARD]),
        migrations.RunSQL([COUNT], migrations.RunSQL.noop),
    ]
