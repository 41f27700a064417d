-- Rows without an answer, by reason
-- With the first project and its error message.
SELECT outcome, error_code, count(*) AS rows, min(line) AS first_line, project_id AS first_project, error_message
FROM latest
WHERE outcome NOT IN ('found', 'not_found')
GROUP BY outcome, error_code
ORDER BY rows DESC, outcome, error_code;
