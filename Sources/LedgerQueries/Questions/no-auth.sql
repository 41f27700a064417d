-- Projects whose webhook is called without authentication
SELECT f.project_id, l.webhook_url, l.auth_type, f.line
FROM latest_findings AS f
JOIN latest AS l ON l.line = f.line
WHERE f.rule = 'no-auth'
ORDER BY l.webhook_host, f.line;
