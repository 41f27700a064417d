-- Projects that took the longest to answer
-- The time of the last attempt, in milliseconds.
-- :limit = 20: so many projects
SELECT project_id, max(duration_ms) AS duration_ms, attempts, outcome, webhook_host
FROM latest
WHERE duration_ms IS NOT NULL
GROUP BY project_id
ORDER BY duration_ms DESC, project_id
LIMIT :limit;
