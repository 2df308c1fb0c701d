-- What the job set aside, by table and reason.
SELECT source_table, reason, count(*) AS "rows"
FROM {clean}.quarantine
GROUP BY source_table, reason
ORDER BY source_table, 3 DESC, reason
