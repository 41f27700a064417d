-- Integrations that were not updated for a long time, by team
-- One row for each team, which is told by a column of the list; empty where there is none.
-- :days = 365: so many days without an update, when the project was fetched
-- :column = team: the list's column, by its name
SELECT
  (SELECT value FROM json_each(input) WHERE key = CAST(:column AS TEXT)) AS team,
  count(DISTINCT project_id) AS projects,
  min(substr(updated_at, 1, 10)) AS oldest_update,
  group_concat(DISTINCT project_id) AS project_ids
FROM latest
WHERE outcome = 'found' AND julianday(fetched_at) - julianday(updated_at) > :days + 0
GROUP BY team
ORDER BY projects DESC, team;
