-- Projects with the slowest answers
-- By the duration of the last request, in milliseconds.
-- :limit = 20: maximum number of projects
SELECT project_id, max(duration_ms) AS duration_ms, attempts, outcome, webhook_host
FROM latest
WHERE duration_ms IS NOT NULL
GROUP BY project_id
ORDER BY duration_ms DESC, project_id
LIMIT :limit;
