-- Rows and requests of each credential, by outcome
-- A request that several rows share is counted for each of them.
SELECT credential, outcome, count(*) AS rows, sum(attempts) AS requests
FROM latest
GROUP BY credential, outcome
ORDER BY credential, rows DESC, outcome;
