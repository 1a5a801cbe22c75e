-- One benefit table of all lists, cash and in kind: who (where a resident was accepted), what, how much, for which period.
SELECT d.source_id, d.record_id, l.department AS agency, d.scheme,
  CASE WHEN d.benefit_quantity IS NOT NULL THEN 'in_kind' WHEN d.benefit_amount IS NOT NULL THEN 'cash' ELSE 'unstated' END AS benefit_type,
  coalesce(d.period, to_char(coalesce(d.valid_from, l.stated_on, $as_of), '%Y-%m')) AS period,
  coalesce(d.valid_from, CAST(date_trunc('month', coalesce(l.stated_on, $as_of)) AS DATE)) AS starts,
  coalesce(d.valid_to, l.stated_on, $as_of) AS ends,
  d.benefit_amount AS amount, d.benefit_quantity AS quantity, coalesce(d.benefit_unit, '') AS unit, d.status,
  d.request_type, d.channel, d.approval_ref, d.fingerprint,
  r.lookup, r.action, r.resident_ref, CASE WHEN r.lookup = 'found' THEN r.household_ref END AS household_ref,
  r.match_probability, l.unique_persons
FROM records AS d
JOIN routes AS r ON r.source_id = d.source_id AND r.record_id = d.record_id
JOIN source_list AS l ON l.source_id = d.source_id
WHERE d.scheme IS NOT NULL
