-- Findings of the audit, by rule
-- The most severe rules first.
SELECT severity, rule, count(DISTINCT project_id) AS projects, count(*) AS findings
FROM latest_findings
GROUP BY severity, rule
ORDER BY CASE severity WHEN 'high' THEN 0 WHEN 'medium' THEN 1 ELSE 2 END, projects DESC, rule;
