-- One benefit table of all lists, cash and in kind: who (where a resident was accepted), what, how much, for which days, and whether
-- it is given.
-- The days (`starts`, `ends`; never one without the other, never turned round) follow from what is known, `known_by`: `dates`, the
-- record's valid_from and valid_to; `period`, its period; `day`, the day on which it was given once; `since`, valid_from of a benefit
-- that runs: to the list's date; `until`, valid_to alone; `list`, nothing but the list: it runs in the month of the list's date.
-- `unread`: it states a period that was not understood (report issues), and no day is guessed. A list without a date is of the run's.
-- `paid` is what reports count as received: not held, closed or rejected by its status (words/benefit.toml), and not stated as nothing.
-- A status that is absent or not known is taken for active: nobody is found without a benefit for want of a word.
WITH stated AS (
  SELECT d.source_id, d.record_id, l.department, d.scheme, d.period, d.period_from, d.period_to, d.given_on, d.valid_from,
    CASE WHEN d.valid_to < d.valid_from THEN NULL ELSE d.valid_to END AS valid_to, coalesce(l.stated_on, $as_of) AS seen_on,
    CASE WHEN d.valid_from <= d.valid_to THEN 'dates'
         WHEN d.period IS NOT NULL THEN 'period'
         WHEN text_clean(d.period_raw) IS NOT NULL THEN 'unread'
         WHEN d.given_on IS NOT NULL THEN 'day'
         WHEN d.valid_from IS NOT NULL THEN 'since'
         WHEN d.valid_to IS NOT NULL THEN 'until' ELSE 'list' END AS known_by,
    d.benefit_amount, d.benefit_quantity, d.benefit_unit, d.status, benefit_state(d.status) AS state,
    d.request_type, d.channel, d.approval_ref, d.lookup, d.resident_ref, d.household_ref, d.match_probability, l.unique_persons
  FROM looked_up AS d
  JOIN source_list AS l ON l.source_id = d.source_id
  WHERE d.scheme IS NOT NULL
)
SELECT s.source_id, s.record_id, s.department AS agency, s.scheme,
  CASE WHEN benefit_quantity IS NOT NULL THEN 'in_kind' WHEN benefit_amount IS NOT NULL THEN 'cash' ELSE 'unstated' END AS benefit_type,
  CASE known_by WHEN 'unread' THEN 'unread' WHEN 'period' THEN period
    ELSE coalesce(period, to_char(CASE known_by WHEN 'day' THEN given_on ELSE coalesce(valid_from, valid_to, seen_on) END, '%Y-%m'))
    END AS period,
  CASE known_by WHEN 'period' THEN period_from WHEN 'day' THEN given_on WHEN 'dates' THEN valid_from WHEN 'since' THEN valid_from
    WHEN 'until' THEN least(valid_to, CAST(date_trunc('month', seen_on) AS DATE))
    WHEN 'list' THEN CAST(date_trunc('month', seen_on) AS DATE) END AS starts,
  CASE known_by WHEN 'period' THEN period_to WHEN 'day' THEN given_on WHEN 'dates' THEN valid_to WHEN 'until' THEN valid_to
    WHEN 'since' THEN greatest(valid_from, seen_on) WHEN 'list' THEN seen_on END AS ends,
  known_by, benefit_amount AS amount, benefit_quantity AS quantity, coalesce(benefit_unit, '') AS unit, status, state,
  coalesce(state, 'active') = 'active'
    AND (coalesce(benefit_amount, benefit_quantity) IS NULL OR coalesce(benefit_amount > 0, false) OR coalesce(benefit_quantity > 0, false)) AS paid,
  s.request_type, s.channel, s.approval_ref,
  s.lookup, s.resident_ref, CASE WHEN s.lookup = 'found' THEN s.household_ref END AS household_ref,
  s.match_probability, s.unique_persons
FROM stated AS s
