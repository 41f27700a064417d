-- What has changed this month
-- Every change that the finished runs of a month (UTC) have found: new, added, changed and gone.
-- :month = now: another month, as 2026-11
SELECT substr(r.started_at, 1, 10) AS day, s.run_id, s.project_id, s.change, s.changed_fields, s.webhook_url,
  before.webhook_url AS previous_webhook_url
FROM runs AS r
-- Reads the rows of the month's runs alone.
CROSS JOIN results AS s ON s.run_id = r.id
LEFT JOIN results AS before ON before.run_id = s.previous_run AND before.line = s.previous_line
WHERE r.state = 'finished'
  AND s.change IN ('new', 'added', 'changed', 'gone')
  AND substr(r.started_at, 1, 7) = CASE WHEN :month = 'now' THEN strftime('%Y-%m', 'now') ELSE substr(:month, 1, 7) END
ORDER BY r.id, s.line;
