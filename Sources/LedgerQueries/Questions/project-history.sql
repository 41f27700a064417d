-- History of one project, oldest run first
-- :project: the project's ID, exactly as in the list
SELECT s.run_id AS run, substr(r.started_at, 1, 10) AS day, s.line, s.outcome, s.change, s.changed_fields, s.webhook_url,
  s.auth_type, s.updated_at, s.error_code, r.state
FROM results AS s
JOIN runs AS r ON r.id = s.run_id
WHERE s.project_id = CAST(:project AS TEXT)
ORDER BY s.run_id, s.line;
