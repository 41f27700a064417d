-- Changes in the runs of this month
-- The changes new, added, changed and gone, in finished runs that started in the month (UTC).
-- :month = now: the month, such as 2026-11; now is the current month
SELECT substr(r.started_at, 1, 10) AS day, s.run_id, s.project_id, s.change, s.changed_fields, s.webhook_url,
  before.webhook_url AS previous_webhook_url
FROM runs AS r
-- CROSS JOIN makes SQLite read only the rows of these runs.
CROSS JOIN results AS s ON s.run_id = r.id
LEFT JOIN results AS before ON before.run_id = s.previous_run AND before.line = s.previous_line
WHERE r.state = 'finished'
  AND s.change IN ('new', 'added', 'changed', 'gone')
  AND substr(r.started_at, 1, 7) = CASE WHEN :month = 'now' THEN strftime('%Y-%m', 'now') ELSE substr(:month, 1, 7) END
ORDER BY r.id, s.line;
