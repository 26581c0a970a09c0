-- Every ticket is open: 2.6 clocks and 3 armed timers each, none of them due now. One ticket in a hundred is
-- late, four are past their last warning. `bench_number` holds 1..n and a free ticket number each.

-- step: customers and officers
SET work_mem = '256MB';
INSERT INTO people_customer (name, email, tier, language, created_at)
SELECT 'Pelanggan ' || n, 'pelanggan' || n || '@example.com',
       (ARRAY['regular','regular','regular','silver','gold','platinum','diamond'])[1 + n % 7], 'id', now()
FROM generate_series(1, 10000) n;
INSERT INTO people_user (password, is_superuser, is_staff, is_active, date_joined, email, full_name, language, is_demo, preferences)
SELECT '!', false, false, true, now(), 'petugas' || n || '@example.com', 'Petugas ' || n, 'id', false, '{}'
FROM generate_series(1, 600) n;
CREATE TABLE bench_officer AS
SELECT u.id AS user_id, t.id AS team_id, row_number() OVER (PARTITION BY t.id ORDER BY u.id) AS place
FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM people_user WHERE email LIKE 'petugas%') u
JOIN (SELECT id, row_number() OVER (ORDER BY id) AS n FROM people_team) t
  ON t.n = 1 + u.n % (SELECT count(*) FROM people_team);
INSERT INTO people_teammembership (team_id, user_id, leads) SELECT team_id, user_id, false FROM bench_officer;
INSERT INTO people_shift (user_id, starts_at, ends_at)
SELECT user_id, now() - interval '2 hours', now() + interval '6 hours' FROM bench_officer WHERE place % 3 = 0;

-- step: what each ticket is about
CREATE TABLE bench_customer AS
SELECT id, row_number() OVER (ORDER BY id) AS place FROM people_customer WHERE name LIKE 'Pelanggan %';
CREATE TABLE bench_team AS SELECT id, row_number() OVER (ORDER BY id) AS place FROM people_team;
ANALYZE bench_number, bench_customer, bench_team, bench_officer;
-- `used` is the share of the nearest promise's 24 hours, `used_long` of the resolution's 72 hours. Neither lies
-- just before a half, four fifths or the whole: nothing falls due while the house is filled and looked at.
CREATE TABLE bench_ticket AS
SELECT b.n, b.number, c.id AS customer_id, t.id AS team_id, o.user_id AS officer_id,
       (ARRAY['URGENT','HIGH','HIGH','MEDIUM','MEDIUM','MEDIUM','LOW','LOW','LOW','MEDIUM'])[1 + b.n % 10] AS priority,
       (ARRAY['classified','handled','handled','classified','handled','escalated','handled','monitored',
              'classified','classified'])[1 + b.n % 10] AS state,
       CASE WHEN b.n % 100 = 0 THEN 1 + random() * 0.9
            WHEN b.n % 100 <= 4 THEN 0.81 + random() * 0.17
            ELSE r.used END AS used,
       r.used_long
FROM (SELECT *, random() * 0.74 AS r1, random() * 0.74 AS r2 FROM bench_number) b
CROSS JOIN LATERAL (SELECT CASE WHEN r1 > 0.47 THEN r1 + 0.035 ELSE r1 END AS used,
                           CASE WHEN r2 > 0.47 THEN r2 + 0.035 ELSE r2 END AS used_long) r
JOIN bench_customer c ON c.place = 1 + b.n % 10000
JOIN bench_team t ON t.place = 1 + (b.n / 7) % (SELECT count(*) FROM bench_team)
LEFT JOIN bench_officer o ON o.team_id = t.id AND o.place = 1 + (b.n / 101) % 30;

-- step: tickets
INSERT INTO tickets_ticket (number, state, version, category, priority, queue, expedited, team_id, home_team_id,
    assignee_id, customer_id, reporter, tier, channel, language, subject, description, order_number,
    wanted_solution, submission_digest, received_at, classified_at, first_response_at, escalated_at,
    reopen_count, next_due_at, next_due_kind, next_due_from)
SELECT number, state, 4, 'tracking', priority, 'general', b.n % 40 = 0, team_id, team_id,
    CASE WHEN state IN ('handled', 'monitored') THEN coalesce(officer_id, (SELECT min(user_id) FROM bench_officer)) END,
    customer_id, 'buyer', 'regular', (ARRAY['web','email','live_chat','phone','social'])[1 + b.n % 5], 'id',
    'Pesanan belum sampai juga ' || b.n, 'Pesanan saya belum sampai, mohon dibantu. ' || b.n || '. ' || w.body, 'INV/' || b.n, 'refund', '',
    now() - used_long * interval '72 hours', now() - used_long * interval '72 hours',
    CASE WHEN state IN ('handled', 'monitored') THEN now() - used * interval '24 hours' END,
    CASE WHEN state IN ('escalated', 'monitored') THEN now() - used_long * interval '72 hours' END,
    0, now() + (1 - used) * interval '24 hours',
    CASE WHEN state IN ('handled', 'monitored') THEN 'next_update' ELSE 'first_response' END,
    now() - used * interval '24 hours'
FROM bench_ticket b JOIN bench_words w ON w.n = 1 + b.n % (SELECT count(*) FROM bench_words)
ORDER BY b.n;
ALTER TABLE bench_ticket ADD COLUMN id bigint;
UPDATE bench_ticket b SET id = t.id FROM tickets_ticket t WHERE t.number = b.number;
ANALYZE bench_ticket, tickets_ticket;

-- step: messages
INSERT INTO tickets_message (ticket_id, kind, author_id, customer_id, body, masked, sent_at)
SELECT id, 'customer', NULL, customer_id, description, '{}', received_at FROM tickets_ticket;

-- step: clocks
INSERT INTO sla_clock (ticket_id, metric, state, started_at, due_at, target, basis, policy_id, running_since, used,
    stood_still, level, breached_at)
SELECT b.id, CASE WHEN b.state IN ('handled', 'monitored') THEN 'next_update' ELSE 'first_response' END,
       CASE WHEN b.used > 1 THEN 'breached' ELSE 'running' END,
       now() - b.used * interval '24 hours', now() + (1 - b.used) * interval '24 hours', '{"hours": 24}',
       CASE WHEN b.state IN ('handled', 'monitored') THEN 'update-daily' ELSE 'first-medium' END, p.id,
       now() - b.used * interval '24 hours', interval '0', interval '0',
       CASE WHEN b.used > 1 THEN 100 WHEN b.used > 0.8 THEN 80 WHEN b.used > 0.5 THEN 50 ELSE 0 END,
       CASE WHEN b.used > 1 THEN now() + (1 - b.used) * interval '24 hours' + interval '1 second' END
FROM bench_ticket b, (SELECT max(id) AS id FROM sla_slapolicy) p;
INSERT INTO sla_clock (ticket_id, metric, state, started_at, due_at, target, basis, policy_id, running_since, used,
    stood_still, level)
SELECT b.id, 'resolution', 'running', now() - b.used_long * interval '72 hours',
       now() + (1 - b.used_long) * interval '72 hours', '{"hours": 72}', 'resolve-high', p.id,
       now() - b.used_long * interval '72 hours', interval '0', interval '0', CASE WHEN b.used_long > 0.5 THEN 50 ELSE 0 END
FROM bench_ticket b, (SELECT max(id) AS id FROM sla_slapolicy) p;
INSERT INTO sla_clock (ticket_id, metric, state, started_at, due_at, target, basis, policy_id, running_since, used,
    stood_still, level)
SELECT b.id, 'acceptance', 'running', now() - b.used_long * interval '24 hours',
       now() + (1 - b.used_long) * interval '24 hours', '{"hours": 24}', 'accept-any', p.id,
       now() - b.used_long * interval '24 hours', interval '0', interval '0', CASE WHEN b.used_long > 0.5 THEN 50 ELSE 0 END
FROM bench_ticket b, (SELECT max(id) AS id FROM sla_slapolicy) p WHERE b.state = 'escalated';
INSERT INTO sla_clock (ticket_id, metric, state, started_at, due_at, target, basis, policy_id, running_since, used,
    stood_still, level, met_at)
SELECT b.id, 'first_response', 'met', t.received_at, t.received_at + interval '24 hours', '{"hours": 24}',
       'first-medium', p.id, t.received_at, interval '0', interval '0', 0, t.received_at + interval '20 seconds'
FROM bench_ticket b JOIN tickets_ticket t ON t.id = b.id, (SELECT max(id) AS id FROM sla_slapolicy) p
WHERE b.state IN ('handled', 'monitored');

-- step: the clocks' log
INSERT INTO sla_clockevent (clock_id, ticket_id, metric, kind, at, due_at, level, late_seconds, policy_version, basis,
    priority, team_id)
SELECT c.id, c.ticket_id, c.metric, k.kind, CASE k.kind WHEN 'started' THEN c.started_at WHEN 'breached' THEN c.breached_at
       ELSE c.met_at END, c.due_at, CASE k.kind WHEN 'breached' THEN 100 END,
       CASE k.kind WHEN 'breached' THEN 0.2 + random() END, 1, c.basis, b.priority, b.team_id
FROM sla_clock c JOIN bench_ticket b ON b.id = c.ticket_id
JOIN (VALUES ('started'), ('breached'), ('satisfied')) k (kind)
  ON k.kind = 'started' OR (k.kind = 'breached' AND c.breached_at IS NOT NULL)
  OR (k.kind = 'satisfied' AND c.met_at IS NOT NULL);

-- step: timers
INSERT INTO sla_timer (kind, subject_type, subject_id, stage, due_at, urgency, state, attempts, last_error,
    policy_version, armed_at)
SELECT 'sla.' || c.metric, 'ticket', c.ticket_id, s.stage,
       c.started_at + (c.due_at - c.started_at) * s.stage / 100,
       array_position(ARRAY['URGENT','HIGH','MEDIUM','LOW'], b.priority) - 1, 'armed', 0, '', 1, c.started_at
FROM sla_clock c JOIN bench_ticket b ON b.id = c.ticket_id,
     LATERAL (SELECT CASE c.level WHEN 0 THEN 50 WHEN 50 THEN 80 ELSE 100 END AS stage) s
WHERE c.state = 'running';
INSERT INTO sla_timer (kind, subject_type, subject_id, stage, due_at, urgency, state, attempts, last_error,
    policy_version, armed_at)
SELECT k.kind, 'ticket', b.id, 100, now() + (1 + random() * 100) * interval '1 hour', 2, 'armed', 0, '', 0, now()
FROM bench_ticket b JOIN (VALUES ('sla.customer_silent', 5), ('escalation.dispute_age', 4)) k (kind, share)
  ON b.n % 10 < k.share;

-- step: kept and missed promises of 30 days
INSERT INTO sla_outcometally (day, metric, priority, team_id, kept, missed)
SELECT (now() AT TIME ZONE 'Asia/Jakarta')::date - d, m.metric, p.priority, t.id, 900 + d % 7, 40 + d % 11
FROM generate_series(0, 29) d, (VALUES ('first_response'), ('next_update'), ('resolution'), ('acceptance')) m (metric),
     (VALUES ('URGENT'), ('HIGH'), ('MEDIUM'), ('LOW')) p (priority), people_team t;

-- step: tidying up
VACUUM ANALYZE;
