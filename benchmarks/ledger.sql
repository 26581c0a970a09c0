-- Two years of past escalations on closed tickets: one in 500 fired late and one in 1,000 went to legal, all of
-- those more than 90 days ago, where a search through the latest ones would find them last.
INSERT INTO escalation_escalation (ticket_id, state, from_team_id, to_team_id, trigger, origin, facts, follows_matrix,
    matrix_version, summary, tried, evidence, wanted_outcome, target_at, requested_at, requested_by_id, decided_at,
    decision_reason, plan, ended_at, due_at, metric, policy_version, late_seconds)
SELECT t.id, 'finished', t.home_team_id, CASE WHEN e.old AND e.n %% 1000 = 0 THEN legal.id ELSE team.id END,
       e.trigger, e.origin, '{}', true, 1, t.subject, 'Sudah diperiksa.', 'Percakapan.', 'Selesai.',
       e.at + interval '1 day', e.at, CASE WHEN e.origin = 'hand' THEN t.assignee_id END, e.at, '', '',
       e.at + interval '2 days', e.at - late.by * interval '1 second', e.metric, 1, late.by
FROM (SELECT n, now() - n * interval '730 days' / %(count)s AS at, n > %(count)s / 8 AS old,
             (ARRAY['breach.first_response','breach.next_update','breach.resolution','officer','rule.dispute_age',
                    'breach.acceptance','officer','follow_up'])[1 + n %% 8] AS trigger,
             (ARRAY['breach','breach','breach','hand','rule','breach','hand','follow_up'])[1 + n %% 8] AS origin,
             (ARRAY['first_response','next_update','resolution','verification','','acceptance','verification',''])
                 [1 + n %% 8] AS metric
      FROM generate_series(1, %(count)s) n) e
JOIN (SELECT id, home_team_id, subject, assignee_id, row_number() OVER (ORDER BY id) - 1 AS place
      FROM tickets_ticket WHERE state = 'closed') t
  ON t.place = e.n %% (SELECT count(*) FROM tickets_ticket WHERE state = 'closed')
JOIN people_team team ON team.code = (ARRAY['supervisors','fraud','mediation','supervisors','operations'])[1 + e.n %% 5]
JOIN people_team legal ON legal.code = 'legal'
CROSS JOIN LATERAL (SELECT CASE WHEN e.old AND e.n %% 500 = 0 THEN 60 + e.n %% 900 ELSE (e.n %% 150) / 100.0 END AS by) late;
