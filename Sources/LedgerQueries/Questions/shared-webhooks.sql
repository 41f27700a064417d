-- Webhooks that several projects share
-- One row for each URL, the most shared URL first.
SELECT webhook_url, count(DISTINCT project_id) AS projects, group_concat(DISTINCT project_id) AS project_ids
FROM latest
WHERE outcome = 'found'
GROUP BY webhook_url
HAVING count(DISTINCT project_id) > 1
ORDER BY projects DESC, webhook_url;
