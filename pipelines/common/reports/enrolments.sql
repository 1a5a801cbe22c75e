-- People whom the registry does not know (SOP 3.4): they are to be enrolled. Coverage says how much the survey's own gaps explain.
WITH surveyed AS (
  SELECT DISTINCT village_key, coalesce(mandal_key, tehsil_key) AS area_key FROM registry WHERE village_key IS NOT NULL
)
SELECT d.source_id, d.record_id, d.file, d.sheet, d.row,
  CASE WHEN s.village_key IS NOT NULL THEN 'covered'
       WHEN d.village_key IS NULL OR coalesce(d.mandal_key, d.tehsil_key) IS NULL THEN 'unknown'
       ELSE 'uncovered' END AS area,
  d.village, coalesce(d.mandal, d.tehsil) AS mandal, d.district, d.request_type, d.channel
FROM records AS d
JOIN answers AS a ON a.source_id = d.source_id AND a.record_id = d.record_id
LEFT JOIN surveyed AS s ON s.village_key = d.village_key AND s.area_key = coalesce(d.mandal_key, d.tehsil_key)
WHERE a.lookup = 'not_found'
ORDER BY d.source_id, d.record_id
