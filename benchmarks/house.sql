-- Every third ticket is open. `bench_number` holds 1..n and a free ticket number each.

-- step: customers
INSERT INTO people_customer (name, email, tier, language, created_at)
SELECT 'Pelanggan ' || n, 'pelanggan' || n || '@example.com',
       (ARRAY['regular','regular','regular','silver','gold','platinum','diamond'])[1 + n % 7],
       'id', now()
FROM generate_series(1, (SELECT GREATEST(1, count(*) / 2) FROM bench_number)) n;

-- step: what each ticket is about
CREATE TABLE bench_customer AS
SELECT id, row_number() OVER (ORDER BY id) AS place FROM people_customer WHERE name LIKE 'Pelanggan %';
ANALYZE bench_number, bench_customer, people_team;
CREATE TABLE bench_ticket AS
SELECT s.*, s.squad_id AS home_team_id,
       CASE WHEN s.state IN ('escalated', 'monitored') THEN
            (SELECT id FROM people_team WHERE code = (ARRAY['fraud','mediation','supervisors'])[1 + n % 3])
            ELSE s.squad_id END AS team_id,
       CASE WHEN state = 'closed' THEN now() - interval '8 days' - (n % 700) * interval '1 day'
            ELSE now() - (1 + n % 50) * interval '1 minute' END AS received_at
FROM (
    SELECT b.n, b.number, c.id AS customer_id, t.id AS squad_id, k.category,
           (ARRAY['URGENT','HIGH','HIGH','MEDIUM','MEDIUM','MEDIUM','LOW','LOW','LOW','MEDIUM'])[1 + b.n % 10]
               AS priority,
           CASE WHEN b.n % 3 > 0 THEN 'closed'
                ELSE (ARRAY['classified','handled','handled','classified','handled','escalated','handled',
                            'monitored','handled','classified'])[1 + (b.n / 3) % 10] END AS state
    FROM bench_number b
    JOIN bench_customer c ON c.place = 1 + b.n % (SELECT count(*) FROM bench_customer)
    JOIN (VALUES (0, 'tracking', 'cs_order'), (1, 'return_refund', 'cs_payment'),
                 (2, 'account_takeover', 'cs_account'), (3, 'general_question', 'cs_general'),
                 (4, 'payment_stuck', 'cs_payment'), (5, 'product_question', 'cs_order'),
                 (6, 'agent_transaction', 'cs_agent')) k (place, category, squad) ON k.place = b.n % 7
    JOIN people_team t ON t.code = k.squad
) s;
CREATE TABLE bench_member AS
SELECT DISTINCT ON (team_id) team_id, user_id FROM people_teammembership ORDER BY team_id, leads, user_id;

-- step: tickets
INSERT INTO tickets_ticket (number, state, version, category, priority, queue, expedited, team_id, home_team_id,
    assignee_id, customer_id, reporter, tier, channel, language, subject, description, order_number,
    wanted_solution, submission_digest, received_at, classified_at, first_response_at, escalated_at, closed_at,
    sealed_at, reopen_count, next_due_at, next_due_kind, next_due_from)
SELECT b.number, b.state, 4, b.category, b.priority, 'general', b.n % 40 = 0, b.team_id, b.home_team_id,
    CASE WHEN b.state IN ('handled', 'closed') THEN h.user_id WHEN b.state = 'monitored' THEN m.user_id END,
    b.customer_id, 'buyer', 'regular', (ARRAY['web','email','live_chat','phone','social'])[1 + b.n % 5], 'id',
    'Pesanan belum sampai juga ' || b.n,
    'Pesanan saya belum sampai sejak beberapa hari yang lalu, mohon dibantu karena barangnya penting. ' || b.n || '. ' || w.body,
    'INV/' || b.n, 'refund', '', b.received_at, b.received_at,
    CASE WHEN b.state IN ('handled', 'monitored', 'closed') THEN b.received_at + interval '20 seconds' END,
    CASE WHEN b.state IN ('escalated', 'monitored') THEN b.received_at + interval '40 seconds' END,
    CASE WHEN b.state = 'closed' THEN b.received_at + interval '1 day' END,
    CASE WHEN b.state = 'closed' THEN b.received_at + interval '8 days' END, 0, NULL, '', NULL
FROM bench_ticket b
JOIN bench_member h ON h.team_id = b.home_team_id
JOIN bench_member m ON m.team_id = b.team_id
JOIN bench_words w ON w.n = 1 + b.n % (SELECT count(*) FROM bench_words)
ORDER BY b.received_at;

-- step: messages
INSERT INTO tickets_message (ticket_id, kind, author_id, customer_id, body, masked, sent_at)
SELECT id, 'customer', NULL, customer_id, description, '{}', received_at FROM tickets_ticket;
INSERT INTO tickets_message (ticket_id, kind, author_id, customer_id, body, masked, sent_at)
SELECT id, 'reply', assignee_id, NULL, 'Terima kasih, kami sedang memeriksa pesanan Anda. ' || w.body, '{}', first_response_at
FROM tickets_ticket JOIN bench_words w ON w.n = 1 + (id * 7919) % (SELECT count(*) FROM bench_words)
WHERE first_response_at IS NOT NULL;

-- step: events
INSERT INTO tickets_ticketevent (ticket_id, at, kind, actor_id, actor_label, from_state, to_state, data)
SELECT t.id, t.received_at + e.after, e.kind, CASE WHEN e.actor = 'officer' THEN t.assignee_id END, e.actor,
       e.before, e.becomes, e.data::jsonb
FROM tickets_ticket t
JOIN (VALUES
    (1, interval '0', 'received', 'visitor', '', '', '{}', 0),
    (2, interval '0', 'classified', 'triage', 'received', 'classified', '{"rules_version": 1}', 0),
    (3, interval '10 seconds', 'handled', 'officer', 'classified', 'handled', '{}', 1),
    (4, interval '20 seconds', 'replied', 'officer', '', '', '{"waiting": false, "first": true, "files": 0}', 1),
    (5, interval '1 day', 'closed', 'officer', 'handled', 'closed', '{"confirmation": "confirmed"}', 2)
) e (place, after, kind, actor, before, becomes, data, needs)
  ON e.needs = 0 OR (e.needs = 1 AND t.first_response_at IS NOT NULL) OR (e.needs = 2 AND t.state = 'closed')
ORDER BY t.id, e.place;

-- step: classifications
INSERT INTO tickets_classification (ticket_id, event_id, category, priority, queue, rules_version, reasons, flags, at)
SELECT t.id, e.id, t.category, t.priority, 'general', 1, '[]', '[]', e.at
FROM tickets_ticketevent e JOIN tickets_ticket t ON t.id = e.ticket_id WHERE e.kind = 'classified';

-- step: escalations
INSERT INTO escalation_escalation (ticket_id, state, from_team_id, to_team_id, trigger, facts, follows_matrix,
    origin, matrix_version, summary, tried, evidence, wanted_outcome, target_at, requested_at, decided_at,
    decision_reason, accepted_by_id, accepted_at, plan)
SELECT id, CASE state WHEN 'escalated' THEN 'sent' ELSE 'accepted' END, home_team_id, team_id, 'officer', '{}', true, 'hand', 1,
    subject, 'Sudah diperiksa.', 'Percakapan.', 'Selesai.', escalated_at + interval '1 day', escalated_at,
    escalated_at, '', CASE state WHEN 'monitored' THEN assignee_id END,
    CASE state WHEN 'monitored' THEN escalated_at END, ''
FROM tickets_ticket WHERE state IN ('escalated', 'monitored');
INSERT INTO tickets_ticket_involved_teams (ticket_id, team_id)
SELECT id, team_id FROM tickets_ticket WHERE state IN ('escalated', 'monitored');

-- step: clocks
INSERT INTO sla_clock (ticket_id, metric, state, started_at, due_at, target, basis, policy_id, running_since, used,
    stood_still, level, met_at)
SELECT t.id, 'first_response', CASE WHEN t.first_response_at IS NULL THEN 'running' ELSE 'met' END,
       t.received_at, t.received_at + interval '24 hours', '{"hours": 24}', 'first-medium', p.id, t.received_at,
       coalesce(t.first_response_at - t.received_at, interval '0'), interval '0', 0, t.first_response_at
FROM tickets_ticket t, sla_slapolicy p;
INSERT INTO sla_clock (ticket_id, metric, state, started_at, due_at, target, basis, policy_id, running_since, used,
    stood_still, level, met_at)
SELECT t.id, 'resolution', CASE WHEN t.state = 'closed' THEN 'met' ELSE 'running' END, t.received_at,
       t.received_at + interval '72 hours', '{"hours": 72}', 'resolve-high', p.id, t.received_at,
       coalesce(t.closed_at - t.received_at, interval '0'), interval '0', 0, t.closed_at
FROM tickets_ticket t, sla_slapolicy p;
INSERT INTO sla_clock (ticket_id, metric, state, started_at, due_at, target, basis, policy_id, running_since, used,
    stood_still, level)
SELECT t.id, 'next_update', 'running', t.first_response_at, t.first_response_at + interval '24 hours',
       '{"hours": 24}', 'update-daily', p.id, t.first_response_at, interval '0', interval '0', 0
FROM tickets_ticket t, sla_slapolicy p WHERE t.state IN ('handled', 'monitored');
INSERT INTO sla_clock (ticket_id, metric, state, started_at, due_at, target, basis, policy_id, running_since, used,
    stood_still, level)
SELECT t.id, 'acceptance', 'running', t.escalated_at, t.escalated_at + interval '24 hours', '{"hours": 24}',
       'accept-any', p.id, t.escalated_at, interval '0', interval '0', 0
FROM tickets_ticket t, sla_slapolicy p WHERE t.state = 'escalated';

-- step: the clocks' log
INSERT INTO sla_clockevent (clock_id, ticket_id, metric, kind, at, due_at, policy_version, basis, priority, team_id)
SELECT c.id, c.ticket_id, c.metric, 'started', c.started_at, c.due_at, 1, c.basis, t.priority, t.team_id
FROM sla_clock c JOIN tickets_ticket t ON t.id = c.ticket_id;
INSERT INTO sla_clockevent (clock_id, ticket_id, metric, kind, at, due_at, policy_version, basis, priority, team_id)
SELECT c.id, c.ticket_id, c.metric, 'satisfied', c.met_at, c.due_at, 1, c.basis, t.priority, t.team_id
FROM sla_clock c JOIN tickets_ticket t ON t.id = c.ticket_id WHERE c.met_at IS NOT NULL;

-- step: timers
INSERT INTO sla_timer (kind, subject_type, subject_id, stage, due_at, urgency, state, attempts, last_error,
    policy_version, armed_at)
SELECT 'sla.' || c.metric, 'ticket', c.ticket_id, 50, c.started_at + (c.due_at - c.started_at) / 2,
    array_position(ARRAY['URGENT','HIGH','MEDIUM','LOW'], t.priority::text) - 1, 'armed', 0, '', 1, c.started_at
FROM sla_clock c JOIN tickets_ticket t ON t.id = c.ticket_id WHERE c.state = 'running';
INSERT INTO sla_timer (kind, subject_type, subject_id, stage, due_at, urgency, state, attempts, last_error,
    policy_version, armed_at, fired_at)
SELECT 'sla.reopen_window', 'ticket', id, 100, closed_at + interval '7 days', 2, 'fired', 0, '', 0, closed_at,
    closed_at + interval '7 days'
FROM tickets_ticket WHERE state = 'closed';

-- step: what queues sort by
UPDATE tickets_ticket t SET next_due_at = c.due_at, next_due_kind = c.metric, next_due_from = c.started_at
FROM (SELECT DISTINCT ON (ticket_id) ticket_id, due_at, metric, started_at FROM sla_clock
      WHERE state = 'running' ORDER BY ticket_id, due_at, id) c
WHERE c.ticket_id = t.id;

-- step: tidying up
VACUUM ANALYZE;
