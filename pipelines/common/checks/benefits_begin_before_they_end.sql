-- A benefit's first day is known with its last, and is not after it.
SELECT source_id, record_id FROM benefits
WHERE starts > ends OR (starts IS NULL) <> (ends IS NULL) OR (starts IS NULL AND known_by <> 'unread')
