-- Rows that break a clause of the SOP; which and why: tables/breaches.sql.
SELECT case_key('violation', concat(source_id, '/', record_id, '/', rule)) AS case_id, source_id, record_id, rule,
  string_to_array(detail, ';') AS detail, 'PROPOSED' AS status
FROM breaches
ORDER BY source_id, record_id, rule
