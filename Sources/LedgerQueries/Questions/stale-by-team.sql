-- Integrations that were not updated for a long time, by team
-- One row for each value of a column of the list. Rows without a value are grouped together.
-- :days = 365: minimum number of days between the last update and the answer
-- :column = team: name of the list's column
SELECT
  (SELECT value FROM json_each(input) WHERE key = CAST(:column AS TEXT)) AS team,
  count(DISTINCT project_id) AS projects,
  min(substr(updated_at, 1, 10)) AS oldest_update,
  group_concat(DISTINCT project_id) AS project_ids
FROM latest
WHERE outcome = 'found' AND julianday(fetched_at) - julianday(updated_at) > :days + 0
GROUP BY team
ORDER BY projects DESC, team;
