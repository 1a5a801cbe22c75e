-- Two benefits of one person, or of one household, that the stacking policy did not permit together while both ran. A benefit that is
-- held, closed or rejected, or is nothing, overlaps with none. What the policy does not name is permitted; and a rule that permits a
-- pair goes before every rule that forbids it (tables/forbidden.sql).
-- Who has more than 30 of one benefit at a time is no person and no household, but a number written for many: the first 30 are laid
-- beside the other benefit, and not each beside each.
-- The chain says over whom a finding goes; it is as sure as its links together.
WITH held AS (
  SELECT source_id, record_id, agency, scheme, resident_ref, household_ref, period, starts, ends, match_probability
  FROM benefits WHERE lookup = 'found' AND paid
),
first_of AS (
  SELECT h.*, f.rule, f.holder, f.scheme_b, f.valid_from, f.valid_to, f.policy_version,
    CASE f.holder WHEN 'person' THEN h.resident_ref ELSE h.household_ref END AS held_by
  FROM held AS h JOIN forbidden AS f ON f.scheme_a = h.scheme
),
second_of AS (
  SELECT h.*, f.holder, CASE f.holder WHEN 'person' THEN h.resident_ref ELSE h.household_ref END AS held_by
  FROM held AS h JOIN (SELECT DISTINCT holder, scheme_b FROM forbidden) AS f ON f.scheme_b = h.scheme
),
crowds AS (
  SELECT holder, held_by, scheme FROM second_of GROUP BY holder, held_by, scheme HAVING count(*) > 30
),
few_of AS (
  SELECT s.* FROM second_of AS s
  LEFT ANTI JOIN crowds AS c ON c.holder = s.holder AND c.held_by = s.held_by AND c.scheme = s.scheme
  UNION ALL
  SELECT source_id, record_id, agency, scheme, resident_ref, household_ref, period, starts, ends, match_probability, holder, held_by
  FROM (
    SELECT s.*, row_number() OVER (PARTITION BY s.holder, s.held_by, s.scheme ORDER BY s.source_id, s.record_id) AS number
    FROM second_of AS s
    JOIN crowds AS c ON c.holder = s.holder AND c.held_by = s.held_by AND c.scheme = s.scheme
  ) AS numbered
  WHERE number <= 30
),
paired AS (
  SELECT DISTINCT a.rule, a.holder, a.held_by, a.policy_version, a.scheme AS scheme_a, b.scheme AS scheme_b,
    a.source_id AS source_a, a.record_id AS record_a, b.source_id AS source_b, b.record_id AS record_b,
    a.agency AS agency_a, b.agency AS agency_b, a.period AS period_a, b.period AS period_b,
    a.resident_ref AS resident_a, b.resident_ref AS resident_b, a.household_ref,
    a.match_probability AS link_a, b.match_probability AS link_b
  FROM first_of AS a
  JOIN few_of AS b ON b.holder = a.holder AND b.held_by = a.held_by AND b.scheme = a.scheme_b
    AND (a.scheme <> b.scheme OR concat(a.source_id, '/', a.record_id) < concat(b.source_id, '/', b.record_id))
  WHERE (a.holder = 'person' OR a.resident_ref <> b.resident_ref)
    AND a.starts <= b.ends AND b.starts <= a.ends
    AND a.valid_from <= a.ends AND a.valid_from <= b.ends AND a.valid_to >= a.starts AND a.valid_to >= b.starts
)
SELECT case_key('overlap', concat(rule, '/', source_a, '/', record_a, '/', source_b, '/', record_b)) AS case_id,
  holder, resident_a AS resident_ref, household_ref, scheme_a, scheme_b, source_a, record_a, source_b, record_b, agency_a, agency_b,
  period_a, period_b, rule, policy_version,
  CASE holder WHEN 'person' THEN make_array(concat(source_a, '/', record_a), resident_a, concat(source_b, '/', record_b))
       ELSE make_array(concat(source_a, '/', record_a), resident_a, household_ref, resident_b, concat(source_b, '/', record_b)) END AS chain,
  link_a * link_b AS chain_probability, least(link_a, link_b) AS weakest_link,
  CASE WHEN link_a <= link_b THEN concat(source_a, '/', record_a) ELSE concat(source_b, '/', record_b) END AS weakest_record,
  'PROPOSED' AS status
FROM paired
ORDER BY case_id
