-- Credentials, by outcome
-- How many rows each credential has asked for, and what became of them.
SELECT credential, outcome, count(*) AS rows, sum(attempts) AS requests
FROM latest
GROUP BY credential, outcome
ORDER BY credential, rows DESC, outcome;
