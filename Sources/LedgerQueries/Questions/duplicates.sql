-- Projects that the list contains more than once
-- With the lines of their rows.
SELECT project_id, count(*) AS rows, group_concat(line) AS lines
FROM latest
WHERE outcome <> 'invalid_id'
GROUP BY project_id
HAVING count(*) > 1
ORDER BY rows DESC, min(line);
