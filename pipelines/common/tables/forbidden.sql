-- What the stacking policy forbids, and for which days (`valid_from` to `valid_to`). A rule that permits a pair goes before every rule
-- that forbids it, whichever scheme is named first, to the same holder, for the days on which the permitting one is in force: those
-- days are cut out, so a forbidding rule may stand here twice, or not at all. What no rule names is permitted.
-- The days of a rule, each day a number; without a last one to 9999-12-31.
WITH dated AS (
  SELECT rule, holder, scheme_a, scheme_b, permitted, policy_version, CAST(valid_from AS INTEGER) AS first_day,
    coalesce(CAST(valid_to AS INTEGER), 2932896) AS last_day
  FROM stacking
),
-- Which rules that permit stand against one that forbids: the pair named either way.
against AS (
  SELECT f.rule, f.holder, f.scheme_a, f.scheme_b, f.first_day, f.last_day, p.first_day AS free_from, p.last_day AS free_to
  FROM dated AS f
  JOIN dated AS p ON p.holder = f.holder
    AND (p.scheme_a = f.scheme_a AND p.scheme_b = f.scheme_b OR p.scheme_a = f.scheme_b AND p.scheme_b = f.scheme_a)
  WHERE NOT f.permitted AND p.permitted
),
-- What is forbidden begins with its rule, or on the day after a rule that permits, and lasts until the next that permits.
begun AS (
  SELECT DISTINCT rule, holder, scheme_a, scheme_b, policy_version, first_day AS begins, first_day, last_day FROM dated WHERE NOT permitted
  UNION
  SELECT d.rule, d.holder, d.scheme_a, d.scheme_b, d.policy_version, a.free_to + 1, d.first_day, d.last_day
  FROM dated AS d
  JOIN against AS a ON a.rule = d.rule AND a.holder = d.holder AND a.scheme_a = d.scheme_a AND a.scheme_b = d.scheme_b
    AND a.first_day = d.first_day
  WHERE NOT d.permitted AND a.free_to >= d.first_day AND a.free_to < d.last_day
)
SELECT b.rule, b.holder, b.scheme_a, b.scheme_b, b.policy_version, CAST(b.begins AS DATE) AS valid_from,
  CAST(least(b.last_day, coalesce(min(a.free_from) - 1, b.last_day)) AS DATE) AS valid_to
FROM begun AS b
LEFT JOIN against AS a ON a.rule = b.rule AND a.holder = b.holder AND a.scheme_a = b.scheme_a AND a.scheme_b = b.scheme_b
  AND a.first_day = b.first_day AND a.free_to >= b.begins
GROUP BY b.rule, b.holder, b.scheme_a, b.scheme_b, b.policy_version, b.begins, b.last_day
HAVING coalesce(min(a.free_from), 2932897) > b.begins
