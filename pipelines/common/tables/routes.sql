-- What is proposed for each record: the truth table of SOP 3.3 and 3.4 over lookup and the resident's standing. Where the order is silent
-- (eKYC unknown or too old, a resident reported dead, several candidates, an id with another name) people decide.
-- In the order of the records, so that no report has to sort them again.
WITH truth_table AS (
  SELECT * FROM (VALUES
    ('found',           'ekyc_yes',     'USE_REGISTRY'),
    ('found',           'ekyc_no',      'AUTHENTICATE'),
    ('found',           'ekyc_unknown', 'REVIEW'),
    ('found',           'ekyc_stale',   'REVIEW'),
    ('found',           'deceased',     'REVIEW'),
    ('found',           'inactive',     'REVIEW'),
    ('found',           'itself',       'NO_ACTION'),
    ('found',           'twice',        'REVIEW'),
    ('household_found', '-',            'FIELD_VERIFY'),
    ('ambiguous',       '-',            'REVIEW'),
    ('not_found',       '-',            'ENROL'),
    ('not_checkable',   '-',            'FIELD_VERIFY')
  ) AS t (lookup, standing, action)
),
surveyed AS (
  SELECT DISTINCT village_key, coalesce(mandal_key, tehsil_key) AS area_key FROM registry WHERE village_key IS NOT NULL
),
seen AS (
  SELECT d.source_id, d.record_id, d.file, d.sheet, d.row, d.channel, d.request_type,
    d.lookup, d.resident_ref, d.household_ref, d.match_probability, d.match_weight, d.band,
    d.id_conflict, d.second_close, d.model_id,
    CASE WHEN d.lookup = 'found' THEN r.ekyc END AS ekyc,
    CASE WHEN d.lookup <> 'found' THEN '-'
         WHEN l.same_as_registry AND c.record_id IS NOT NULL THEN 'twice'
         WHEN l.same_as_registry THEN 'itself'
         ELSE r.standing END AS standing,
    CASE WHEN s.village_key IS NOT NULL THEN 'covered'
         WHEN d.village_key IS NULL OR coalesce(d.mandal_key, d.tehsil_key) IS NULL THEN 'unknown'
         ELSE 'uncovered' END AS area
  FROM looked_up AS d
  JOIN source_list AS l ON l.source_id = d.source_id
  LEFT JOIN clusters AS c ON c.source_id = d.source_id AND c.record_id = d.record_id
  LEFT JOIN answered AS r ON r.resident_ref = d.resident_ref
  LEFT JOIN surveyed AS s ON s.village_key = d.village_key AND s.area_key = coalesce(d.mandal_key, d.tehsil_key)
)
SELECT s.source_id, s.record_id, s.file, s.sheet, s.row, s.lookup, t.action, s.standing, s.area,
  -- An application for a benefit (identify) or a line of a list that is paid (deliver): SOP 3.1.
  CASE WHEN s.request_type LIKE 'new%' THEN 'identify' ELSE 'deliver' END AS mode,
  string_to_array(nullif(concat_ws(';',
    CASE WHEN s.id_conflict THEN 'ID_CONFLICT' END,
    CASE WHEN s.second_close AND s.lookup = 'ambiguous' THEN 'SECOND_CANDIDATE_CLOSE' END,
    CASE WHEN s.lookup = 'ambiguous' AND NOT s.id_conflict AND NOT s.second_close THEN 'REVIEW_BAND' END,
    CASE s.standing WHEN 'ekyc_no' THEN 'EKYC_NO' WHEN 'ekyc_unknown' THEN 'EKYC_UNKNOWN'
                    WHEN 'ekyc_stale' THEN 'EKYC_STALE' WHEN 'deceased' THEN 'DECEASED_REPORTED'
                    WHEN 'inactive' THEN 'INACTIVE_REPORTED' WHEN 'twice' THEN 'DUP_IN_REGISTRY' END,
    CASE WHEN s.lookup = 'household_found' THEN 'HOUSEHOLD_ONLY' END,
    CASE WHEN s.lookup = 'not_checkable' THEN 'NOTHING_TO_COMPARE' END,
    CASE WHEN s.lookup = 'not_found' AND s.area = 'covered' THEN 'NOT_FOUND_COVERED_AREA'
         WHEN s.lookup = 'not_found' THEN 'NOT_FOUND_UNCOVERED_AREA' END
  ), ''), ';') AS reasons,
  s.resident_ref, s.household_ref, s.match_probability, s.match_weight, s.band, s.ekyc,
  s.channel, s.request_type, s.model_id
FROM seen AS s
JOIN truth_table AS t ON t.lookup = s.lookup AND t.standing = s.standing
ORDER BY s.source_id, s.record_id
