from django.db import migrations

# A promise is kept by a line that satisfies it, unless a breach came before. Opening it again (the
# ticket was reopened) takes that back: it may yet be missed.
FORWARD = """
CREATE OR REPLACE FUNCTION sla_count_outcomes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM fresh WHERE kind IN ('satisfied', 'breached', 'resumed')) THEN
        RETURN NULL;
    END IF;
    INSERT INTO sla_outcometally (day, metric, priority, team_id, kept, missed)
    SELECT day, metric, priority, team_id, sum(kept), sum(missed) FROM (
        SELECT (f.at AT TIME ZONE 'Asia/Jakarta')::date AS day, f.metric, f.priority, f.team_id,
               (f.kind = 'satisfied')::int AS kept, (f.kind = 'breached')::int AS missed
        FROM fresh f
        WHERE f.kind = 'breached' OR (f.kind = 'satisfied' AND NOT EXISTS (
            SELECT 1 FROM sla_clockevent b WHERE b.clock_id = f.clock_id AND b.kind = 'breached'))
        UNION ALL
        SELECT (p.at AT TIME ZONE 'Asia/Jakarta')::date, p.metric, p.priority, p.team_id, -1, 0
        FROM fresh f
        CROSS JOIN LATERAL (
            SELECT kind, at, metric, priority, team_id FROM sla_clockevent
            WHERE clock_id = f.clock_id AND id < f.id ORDER BY id DESC LIMIT 1) p
        WHERE f.kind = 'resumed' AND p.kind = 'satisfied' AND NOT EXISTS (
            SELECT 1 FROM sla_clockevent b
            WHERE b.clock_id = f.clock_id AND b.kind = 'breached' AND b.id < f.id)
    ) line
    GROUP BY 1, 2, 3, 4;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER sla_count_outcomes AFTER INSERT ON sla_clockevent
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION sla_count_outcomes();
"""
# See 0007: one statement, of one instant, that nobody waits for.
COUNT = """
INSERT INTO sla_outcometally (day, metric, priority, team_id, kept, missed)
SELECT day, metric, priority, team_id, sum(kept), sum(missed) FROM (
    SELECT (at AT TIME ZONE 'Asia/Jakarta')::date AS day, metric, priority, team_id,
           count(*) FILTER (WHERE kind = 'satisfied') AS kept,
           count(*) FILTER (WHERE kind = 'breached') AS missed
    FROM (SELECT *, lead(kind) OVER line AS next, bool_or(kind = 'breached') OVER line AS missed
          FROM sla_clockevent WINDOW line AS (PARTITION BY clock_id ORDER BY id)) e
    WHERE kind = 'breached'
       OR (kind = 'satisfied' AND NOT missed AND next IS DISTINCT FROM 'resumed')
    GROUP BY 1, 2, 3, 4
    UNION ALL
    SELECT day, metric, priority, team_id, -sum(kept), -sum(missed)
    FROM sla_outcometally GROUP BY 1, 2, 3, 4
) lacking GROUP BY 1, 2, 3, 4 HAVING sum(kept) <> 0 OR sum(missed) <> 0;
"""
BACKWARD = """
DROP TRIGGER sla_count_outcomes ON sla_clockevent;
DROP FUNCTION sla_count_outcomes();
DELETE FROM sla_outcometally;
"""


class Migration(migrations.Migration):
    # Triggers first, in a moment; the count afterwards holds up no writer.
    atomic = False
    dependencies = [
        ("sla", "0007_risk_triggers"),
    ]
    operations = [
        migrations.RunSQL([FORWARD], [BACKWARD]),
        migrations.RunSQL([COUNT], migrations.RunSQL.noop),
    ]
