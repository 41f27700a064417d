-- Projects without an integration, by owner
-- One row for each value of a column of the list. Rows without a value are grouped together.
-- :column = owner: name of the list's column
SELECT
  (SELECT value FROM json_each(input) WHERE key = CAST(:column AS TEXT)) AS owner,
  count(DISTINCT project_id) AS projects,
  group_concat(DISTINCT project_id) AS project_ids
FROM latest
WHERE outcome = 'not_found'
GROUP BY owner
ORDER BY projects DESC, owner;
