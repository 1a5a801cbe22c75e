-- What the registry said of each change: of two answers the newest counts (day, then file, then row).
SELECT change_id, result, answered_on
FROM (
  SELECT change_id, result, answered_on,
    row_number() OVER (PARTITION BY change_id ORDER BY answered_on DESC, file DESC, row DESC) AS place
  FROM acks_received
) AS numbered
WHERE place = 1
