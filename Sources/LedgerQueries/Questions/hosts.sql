-- Webhook hosts, by number of projects
SELECT webhook_host, count(DISTINCT project_id) AS projects, count(DISTINCT webhook_url) AS webhooks
FROM latest
WHERE outcome = 'found'
GROUP BY webhook_host
ORDER BY projects DESC, webhook_host;
