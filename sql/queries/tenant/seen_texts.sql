-- 1 for each text that enough sessions have met, else 0.
select nd.seen_texts($1::uuid, $2::bytea[])::int[] as seen
