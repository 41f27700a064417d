-- Outcomes of every run, oldest first
-- A run that has not ended is counted as it is now.
WITH counts AS (
  SELECT r.id, o.key AS outcome, o.value AS rows
  FROM runs AS r, json_each(r.outcomes) AS o
  WHERE r.finished_at IS NOT NULL
  UNION ALL
  -- Runs that have not ended, and runs of older versions, have no stored counts. CROSS JOIN makes SQLite read only the
  -- rows of these runs.
  SELECT s.run_id, s.outcome, count(*)
  FROM runs AS r
  CROSS JOIN results AS s ON s.run_id = r.id
  WHERE r.finished_at IS NULL OR r.outcomes IS NULL
  GROUP BY s.run_id, s.outcome
)
SELECT r.id AS run, substr(r.started_at, 1, 10) AS day, r.state, r.list_rows AS rows,
  coalesce(sum(c.rows) FILTER (WHERE c.outcome = 'found'), 0) AS found,
  coalesce(sum(c.rows) FILTER (WHERE c.outcome = 'not_found'), 0) AS not_found,
  coalesce(sum(c.rows) FILTER (WHERE c.outcome = 'unauthorized'), 0) AS unauthorized,
  coalesce(sum(c.rows) FILTER (WHERE c.outcome = 'invalid_response'), 0) AS invalid_response,
  coalesce(sum(c.rows) FILTER (WHERE c.outcome = 'failed'), 0) AS failed,
  coalesce(sum(c.rows) FILTER (WHERE c.outcome = 'invalid_id'), 0) AS invalid_id,
  coalesce(sum(c.rows) FILTER (WHERE c.outcome = 'skipped'), 0) AS skipped
FROM runs AS r
LEFT JOIN counts AS c ON c.id = r.id
GROUP BY r.id
ORDER BY r.id;
