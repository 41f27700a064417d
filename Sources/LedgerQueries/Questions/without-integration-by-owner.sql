-- Projects without an integration, by owner
-- One row for each owner, who is told by a column of the list. It is empty for rows without one, and where the list has no
-- such column.
-- :column = owner: the list's column, by its name
SELECT
  (SELECT value FROM json_each(input) WHERE key = CAST(:column AS TEXT)) AS owner,
  count(DISTINCT project_id) AS projects,
  group_concat(DISTINCT project_id) AS project_ids
FROM latest
WHERE outcome = 'not_found'
GROUP BY owner
ORDER BY projects DESC, owner;
