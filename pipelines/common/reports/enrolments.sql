-- People whom the registry does not know (SOP 3.4): they are to be enrolled. Coverage says how much the survey's own gaps explain: how
-- many of the list's records from that village the registry does know.
WITH by_village AS (
  SELECT d.village_key, coalesce(d.mandal_key, d.tehsil_key) AS area_key,
    count(*) FILTER (WHERE d.lookup = 'found') AS found, count(*) AS records
  FROM looked_up AS d
  WHERE d.village_key IS NOT NULL
  GROUP BY d.village_key, coalesce(d.mandal_key, d.tehsil_key)
)
SELECT d.source_id, d.record_id, d.file, d.sheet, d.row, r.area,
  d.village, coalesce(d.mandal, d.tehsil) AS mandal, d.district, d.request_type, d.channel,
  CAST(v.found AS DOUBLE) / v.records AS village_found_share
FROM records AS d
JOIN routes AS r ON r.source_id = d.source_id AND r.record_id = d.record_id
LEFT JOIN by_village AS v ON v.village_key = d.village_key AND v.area_key = coalesce(d.mandal_key, d.tehsil_key)
WHERE r.lookup = 'not_found'
ORDER BY d.source_id, d.record_id
