-- Control totals: records, amounts and quantities of each list are those of the benefit matrix; no record is lost or counted twice.
SELECT coalesce(l.source_id, m.source_id) AS source_id
FROM (
  SELECT source_id, count(*) AS records, coalesce(sum(benefit_amount), 0) AS amount, coalesce(sum(benefit_quantity), 0) AS quantity
  FROM records WHERE scheme IS NOT NULL GROUP BY source_id
) AS l
FULL JOIN (
  SELECT source_id, sum(records) AS records, coalesce(sum(amount), 0) AS amount, coalesce(sum(quantity), 0) AS quantity
  FROM benefit_matrix GROUP BY source_id
) AS m ON m.source_id = l.source_id
WHERE l.source_id IS NULL OR m.source_id IS NULL OR l.records <> m.records OR l.amount <> m.amount OR l.quantity <> m.quantity
