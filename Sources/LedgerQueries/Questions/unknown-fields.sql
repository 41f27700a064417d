-- Fields of the answers that this version does not know
-- With the number of projects and the first value.
SELECT field.key AS field, count(DISTINCT l.project_id) AS projects, min(l.line) AS first_line, field.value AS first_value
FROM latest AS l, json_each(l.extra) AS field
WHERE l.extra IS NOT NULL
GROUP BY field.key
ORDER BY projects DESC, field.key;
