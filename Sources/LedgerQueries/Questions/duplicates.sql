-- Projects that the list names several times
-- With the lines on which they stand.
SELECT project_id, count(*) AS rows, group_concat(line) AS lines
FROM latest
WHERE outcome <> 'invalid_id'
GROUP BY project_id
HAVING count(*) > 1
ORDER BY rows DESC, min(line);
